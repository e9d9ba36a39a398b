"""A list of people as a file: its columns, and what a row's words mean here."""

from dataclasses import dataclass, field
from datetime import date
from typing import BinaryIO

from django.db.models import Q

from motcua.accounts.models import Account
from motcua.agencies import permissions, queries
from motcua.agencies.models import Unit
from motcua.agencies.roles import Role
from motcua.base.files import sheets
from motcua.lib import columns
from motcua.lib.actor import Actor
from motcua.lib.columns import Field, Record
from motcua.lib.due_words import phrase
from motcua.lib.finding import mark as _
from motcua.lib.refusal import Refusal
from motcua.lib.tables import Table, key
from motcua.lib.vietnamese import fold

MOST = 2000

FIELDS = (
    Field(
        "staff_code",
        _("Mã cán bộ"),
        ("Mã CB", "Mã số cán bộ", "Mã nhân viên", "Số hiệu công chức"),
        required=True,
        most=40,
    ),
    Field("full_name", _("Họ và tên"), ("Họ tên", "Tên"), required=True, most=120),
    Field("agency", _("Cơ quan"), ("Mã cơ quan", "Tên cơ quan")),
    Field("unit", _("Đơn vị"), ("Phòng ban", "Phòng", "Bộ phận"), required=True),
    Field("title", _("Chức vụ"), ("Vị trí", "Chức danh", "Chức vụ, vị trí"), required=True, most=150),
    Field("roles", _("Vai trò"), ("Quyền", "Nhóm quyền"), required=True),
    Field("login_name", _("Tên đăng nhập"), ("Tài khoản", "User"), most=60),
    Field("phone", _("Điện thoại"), ("Số điện thoại", "SĐT"), most=30),
    Field("email", _("Thư điện tử"), ("Email", "E-mail"), most=200),
)

_ROLES = {
    **{key(str(one.label)): str(one.value) for one in Role},
    **{key(one.value): str(one.value) for one in Role},
} | {
    "tiep nhan": "receiver",
    "mot cua": "receiver",
    "chuyen vien": "specialist",
    "thu ly": "specialist",
    "lanh dao": "leader",
    "truong phong": "unit_head",
    "van thu": "clerk",
    "tra ket qua": "returner",
}


def read(stream: BinaryIO, filename: str) -> Table:
    """Read a list of people; refuses what is none, lacks a column, or has more than 2,000 rows."""
    table = sheets.read_table(stream=stream, filename=filename, heading_like=columns.heading_like(FIELDS))
    if len(table.rows) > MOST:
        raise Refusal(
            phrase(_("Tệp có hơn 2.000 người. Tách theo cơ quan rồi nhập lần lượt.")),
            code="too_many_rows",
            field="file",
        )
    lacking = columns.missing(FIELDS, columns.guess(table.heading, FIELDS))
    if lacking:
        raise Refusal(
            phrase(
                _("Thiếu cột: %(fields)s. Ghi tên cột ở dòng tiêu đề rồi chọn lại tệp."),
                fields=", ".join(str(one.label) for one in lacking),
            ),
            code="columns_missing",
            field="file",
        )
    return table


def records(table: Table) -> list[Record]:
    """Return the rows by field, with what is wrong in their cells."""
    return columns.records(table, FIELDS, columns.guess(table.heading, FIELDS))


def roles_of(record: Record) -> list[str]:
    """Return the roles that a row names, by word or code; an unknown one is a trouble."""
    found: list[str] = []
    for part in record["roles"].replace(";", ",").replace("+", ",").split(","):
        if not part.strip():
            continue
        role = _ROLES.get(key(part))
        if role is None:
            known = "; ".join(str(one.label) for one in Role)
            record.trouble(
                "roles",
                phrase(_("Không có vai trò “%(role)s”. Có: %(roles)s."), role=part.strip(), roles=known),
            )
        else:
            found.append(role)
    return found


@dataclass
class Places:
    """The units the actor may put people in, by the words of their agency and their own."""

    actor: Actor
    today: date
    _units: dict[str, list[Unit]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for unit in queries.units_run_by(self.actor, self.today):
            for name in {key(unit.name), key(unit.short_name)} - {""}:
                self._units.setdefault(name, []).append(unit)
        self._codes = queries.codes_held(self.today)

    def unit_of(self, record: Record) -> Unit | None:
        """Return the unit of a row; noted as a trouble where there is none, or more than one."""
        found = self._units.get(key(record["unit"]), [])
        if record["agency"]:
            found = [unit for unit in found if self._is(unit, record["agency"])]
        elif not permissions.is_system_admin(self.actor) or len(found) == 1:
            found = found[:1]
        if len(found) == 1:
            return found[0]
        if found:
            record.trouble(
                "unit",
                phrase(_("Nhiều cơ quan có đơn vị tên này. Ghi thêm cột cơ quan: mã định danh hoặc tên.")),
            )
        elif record["unit"]:
            record.trouble(
                "unit",
                phrase(_("Không có đơn vị này trong cơ quan anh/chị quản trị. Thêm đơn vị hoặc sửa tên.")),
            )
        return None

    def _is(self, unit: Unit, text: str) -> bool:
        agency = unit.agency
        return key(text) in {key(agency.name), key(agency.short_name)} or text.upper() in self._codes.get(
            agency.pk, ()
        )


def free_login(full_name: str, taken: set[str]) -> str:
    """Return a log-in name nobody has: the given name and the first letters of the rest, with a number if need be."""
    parts = [
        "".join(letter for letter in part if letter.isascii() and letter.isalnum())
        for part in fold(full_name).split()
    ]
    parts = [part for part in parts if part]
    plain = (parts[-1] + "".join(part[0] for part in parts[:-1]))[:50] if parts else "canbo"
    plain = plain if len(plain) > 1 else f"{plain}cb"
    name, number = plain, 1
    while name in taken or Account.objects.filter(login_name=name).exists():
        number += 1
        name = f"{plain}{number}"
    return name


def account_of(record: Record) -> Account | None:
    """Return the account of a staff code, else of a log-in name without a code under the same name."""
    found = Account.objects.select_for_update().filter(staff_code=record["staff_code"]).first()
    if found is not None or not record["login_name"]:
        return found
    by_login = Account.objects.select_for_update().filter(
        Q(staff_code=""), login_name=record["login_name"].strip().lower()
    )
    one = by_login.first()
    return one if one is not None and fold(one.full_name) == fold(record["full_name"]) else None
