"""The demo's agencies and people: real place names, everything else made up.

The province's own code H24 is the published one. All codes below it, the tax office's, the addresses and
every person are invented; nothing here may be taken for a directory. Loading twice changes nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from allauth.mfa.models import Authenticator
from django.db import transaction

from motcua.accounts.models import Account, AccountKind, PasswordRecord
from motcua.accounts.operations import accounts, factors, passwords
from motcua.agencies.models import (
    Agency,
    AgencyCode,
    AgencyLevel,
    Counter,
    OneStopShop,
    Point,
    Position,
    ShopKind,
    Unit,
    UnitKind,
)
from motcua.agencies.operations import agencies, people, places
from motcua.agencies.roles import Role
from motcua.lib.actor import Actor

OPENED = date(2025, 7, 1)
BASIS = "Dữ liệu trình diễn"

LEVELS = {
    "province": ("Cấp tỉnh", 10),
    "department": ("Cơ quan chuyên môn cấp tỉnh", 20),
    "vertical": ("Cơ quan ngành dọc tại địa phương", 25),
    "public_unit": ("Đơn vị sự nghiệp công lập", 30),
    "commune": ("Cấp xã", 40),
}


@dataclass(frozen=True)
class _Agency:
    code: str
    name: str
    short_name: str
    level: str
    parent: str = ""
    old_code: str = ""


AGENCIES = (
    _Agency("H24", "UBND thành phố Hải Phòng", "UBND TP Hải Phòng", "province", "", "000.00.00.H24"),
    _Agency("H24.04", "Sở Tư pháp", "Sở Tư pháp", "department", "H24", "000.00.04.H24"),
    _Agency("H24.05", "Sở Xây dựng", "Sở Xây dựng", "department", "H24", "000.00.05.H24"),
    _Agency("H24.08", "Sở Nông nghiệp và Môi trường", "Sở NN và MT", "department", "H24", "000.00.08.H24"),
    _Agency("H24.08.1", "Văn phòng Đăng ký đất đai thành phố", "VPĐK đất đai", "public_unit", "H24.08"),
    _Agency("G12.24.6", "Thuế cơ sở 6 thành phố Hải Phòng", "Thuế cơ sở 6", "vertical"),
    _Agency("H24.12", "UBND đặc khu Bạch Long Vĩ", "ĐK Bạch Long Vĩ", "commune", "H24", "000.00.12.H24"),
    _Agency("H24.13", "UBND phường Hải An", "P. Hải An", "commune", "H24", "000.00.13.H24"),
)

#: code of the agency → (key, name, kind)
UNITS: dict[str, tuple[tuple[str, str, UnitKind], ...]] = {
    "H24": (
        ("centre", "Trung tâm Phục vụ hành chính công thành phố", UnitKind.ONE_STOP),
        ("office", "Văn phòng UBND thành phố", UnitKind.CLERICAL),
        ("leaders", "Lãnh đạo UBND thành phố", UnitKind.LEADERSHIP),
    ),
    "H24.04": (("division", "Phòng Hành chính tư pháp", UnitKind.DIVISION),),
    "H24.05": (("division", "Phòng Quản lý hoạt động xây dựng", UnitKind.DIVISION),),
    "H24.08": (("division", "Phòng Quản lý đất đai", UnitKind.DIVISION),),
    "H24.08.1": (
        ("intake", "Bộ phận tiếp nhận và trả kết quả", UnitKind.ONE_STOP),
        ("division", "Phòng Đăng ký và cấp giấy chứng nhận", UnitKind.DIVISION),
        ("leaders", "Ban Giám đốc", UnitKind.LEADERSHIP),
        ("office", "Phòng Hành chính - Tổng hợp", UnitKind.CLERICAL),
    ),
    "G12.24.6": (
        ("division", "Tổ Nghĩa vụ tài chính về đất", UnitKind.DIVISION),
        ("leaders", "Lãnh đạo Thuế cơ sở 6", UnitKind.LEADERSHIP),
    ),
    "H24.12": (
        ("centre", "Trung tâm Phục vụ hành chính công đặc khu", UnitKind.ONE_STOP),
        ("division", "Phòng Kinh tế, Hạ tầng và Đô thị", UnitKind.DIVISION),
        ("society", "Phòng Văn hóa - Xã hội", UnitKind.DIVISION),
        ("office", "Văn phòng HĐND và UBND đặc khu", UnitKind.CLERICAL),
        ("leaders", "Lãnh đạo UBND đặc khu", UnitKind.LEADERSHIP),
    ),
    "H24.13": (
        ("centre", "Trung tâm Phục vụ hành chính công phường", UnitKind.ONE_STOP),
        ("division", "Phòng Kinh tế, Hạ tầng và Đô thị", UnitKind.DIVISION),
        ("leaders", "Lãnh đạo UBND phường", UnitKind.LEADERSHIP),
    ),
}


@dataclass(frozen=True)
class _Shop:
    agency: str
    unit: str
    name: str
    kind: ShopKind
    point: str
    address: str
    counters: int


SHOPS = (
    _Shop(
        "H24",
        "centre",
        "Trung tâm Phục vụ hành chính công thành phố Hải Phòng",
        ShopKind.PROVINCE_CENTRE,
        "Trụ sở Trung tâm",
        "Khu đô thị Bắc sông Cấm, thành phố Hải Phòng",
        6,
    ),
    _Shop(
        "H24.12",
        "centre",
        "Trung tâm Phục vụ hành chính công đặc khu Bạch Long Vĩ",
        ShopKind.COMMUNE_CENTRE,
        "Trụ sở UBND đặc khu",
        "Khu trung tâm, đặc khu Bạch Long Vĩ, thành phố Hải Phòng",
        6,
    ),
    _Shop(
        "H24.13",
        "centre",
        "Trung tâm Phục vụ hành chính công phường Hải An",
        ShopKind.COMMUNE_CENTRE,
        "Trụ sở UBND phường",
        "Phường Hải An, thành phố Hải Phòng",
        4,
    ),
)


@dataclass(frozen=True)
class _Person:
    login_name: str
    full_name: str
    agency: str = ""
    unit: str = ""
    title: str = ""
    roles: tuple[Role, ...] = ()
    at_point: bool = False


_ALL_ADMIN = (Role.BUSINESS_ADMIN, Role.UNIT_ADMIN, Role.SYSTEM_ADMIN)

PEOPLE = (
    _Person("lan", "Phạm Thị Lan"),
    _Person(
        "minh", "Vũ Đức Minh", "H24.12", "centre", "Công chức tiếp nhận", (Role.GUIDE, Role.RECEIVER), True
    ),
    _Person("hoa", "Đỗ Thị Hoa", "H24.12", "division", "Chuyên viên", (Role.SPECIALIST,)),
    _Person("duc", "Bùi Anh Đức", "H24.12", "division", "Trưởng phòng", (Role.UNIT_HEAD, Role.SPECIALIST)),
    _Person("tuan", "Ngô Quang Tuấn", "H24.12", "leaders", "Phó Chủ tịch UBND đặc khu", (Role.LEADER,)),
    _Person("thu", "Hoàng Minh Thu", "H24.12", "office", "Văn thư", (Role.CLERK,)),
    _Person("mai", "Trịnh Thị Mai", "H24.12", "centre", "Công chức trả kết quả", (Role.RETURNER,), True),
    _Person("kim", "Lương Thị Kim", "H24.12", "centre", "Kế toán, thu ngân", (Role.CASHIER,), True),
    _Person("an", "Đặng Bình An", "H24.12", "office", "Quản trị hệ thống đặc khu", _ALL_ADMIN),
    _Person(
        "binh",
        "Mai Thanh Bình",
        "H24.13",
        "centre",
        "Công chức một cửa phường Hải An",
        (Role.RECEIVER, Role.RETURNER, Role.SPECIALIST),
        True,
    ),
    _Person("son", "Tạ Hồng Sơn", "H24", "office", "Quản trị hệ thống thành phố", _ALL_ADMIN),
    _Person("nga", "Cao Thúy Nga", "H24", "leaders", "Lãnh đạo giám sát", (Role.MONITOR,)),
    # The land registration office and the tax office: they share the land dossiers of the communes.
    _Person(
        "khanh", "Đoàn Gia Khánh", "H24.08.1", "division", "Viên chức đăng ký đất đai", (Role.SPECIALIST,)
    ),
    _Person(
        "quyen", "Vũ Thị Quyên", "H24.08.1", "division", "Trưởng phòng", (Role.UNIT_HEAD, Role.SPECIALIST)
    ),
    _Person("vinh", "Phạm Quang Vinh", "H24.08.1", "leaders", "Phó Giám đốc", (Role.LEADER,)),
    _Person("tam", "Ngô Thanh Tâm", "H24.08.1", "office", "Văn thư", (Role.CLERK,)),
    _Person("loc", "Lâm Tấn Lộc", "G12.24.6", "division", "Công chức thuế", (Role.RECEIVER, Role.SPECIALIST)),
    _Person("phuc", "Trần Hữu Phúc", "G12.24.6", "leaders", "Phó Trưởng Thuế cơ sở", (Role.LEADER,)),
)


@transaction.atomic
def load_demo_people(*, at: datetime, actor: Actor, password_for: Callable[[str], str]) -> dict[str, Account]:
    """Load the demo's agencies, places and people; return the accounts by log-in name.

    `password_for` gives each person's generated password; a person whose password is another one gets it set
    again. Staff also get an authenticator secret, so that the second factor stays on in the demo.
    """
    load_demo_agencies(at=at, actor=actor)
    loaded = {}
    for person in PEOPLE:
        account = _account(person, at, actor)
        password = password_for(person.login_name)
        if not account.check_password(password):
            PasswordRecord.objects.filter(
                account=account
            ).delete()  # somebody changed it: the printed one returns
            passwords.set_password(account=account, password=password, actor=actor, at=at)
        if person.agency:
            _position(person, account, at, actor)
            if not Authenticator.objects.filter(user_id=account.pk, type=Authenticator.Type.TOTP).exists():
                factors.enrol_totp(account=account, secret=factors.fresh_secret(), actor=actor, at=at)
        loaded[person.login_name] = account
    return loaded


@transaction.atomic
def load_demo_agencies(*, at: datetime, actor: Actor) -> dict[str, Agency]:
    """Load the demo's agencies with units, one-stop shops, points and counters; return them by code."""
    levels = {code: _level(code, name, rank, at, actor) for code, (name, rank) in LEVELS.items()}
    loaded: dict[str, Agency] = {}
    for entry in AGENCIES:
        parent = loaded[entry.parent] if entry.parent else None
        loaded[entry.code] = _agency(entry, levels[entry.level], parent, at, actor)
        for _key, name, kind in UNITS[entry.code]:
            agency_id = loaded[entry.code].pk
            if not Unit.objects.filter(agency_id=agency_id, name=name).exists():
                places.open_unit(
                    agency_id=agency_id, name=name, kind=kind, opened_on=OPENED, actor=actor, at=at
                )
    for shop in SHOPS:
        _shop(shop, loaded[shop.agency], at, actor)
    return loaded


def _level(code: str, name: str, rank: int, at: datetime, actor: Actor) -> AgencyLevel:
    found = AgencyLevel.objects.filter(code=code).first()
    return found or agencies.open_level(code=code, name=name, rank=rank, actor=actor, at=at)


def _agency(entry: _Agency, level: AgencyLevel, parent: Agency | None, at: datetime, actor: Actor) -> Agency:
    known = AgencyCode.objects.filter(code=entry.code).select_related("agency").first()
    if known is not None:
        return known.agency
    return agencies.open_agency(
        name=entry.name,
        short_name=entry.short_name,
        level=level,
        code=entry.code,
        old_code=entry.old_code,
        opened_on=OPENED,
        parent_id=parent.pk if parent else None,
        legal_basis=BASIS,
        actor=actor,
        at=at,
    )


def _unit(agency_code: str, key: str) -> Unit:
    name = next(name for unit_key, name, _kind in UNITS[agency_code] if unit_key == key)
    return Unit.objects.get(agency__codes__code=agency_code, name=name)


def _shop(entry: _Shop, agency: Agency, at: datetime, actor: Actor) -> None:
    shop = OneStopShop.objects.filter(agency=agency, name=entry.name).first() or places.open_shop(
        agency_id=agency.pk,
        unit_id=_unit(entry.agency, entry.unit).pk,
        name=entry.name,
        kind=entry.kind,
        opened_on=OPENED,
        actor=actor,
        at=at,
    )
    point = Point.objects.filter(shop=shop, name=entry.point).first() or places.open_point(
        shop_id=shop.pk, name=entry.point, address=entry.address, opened_on=OPENED, actor=actor, at=at
    )
    for number in range(1, entry.counters + 1):
        if not Counter.objects.filter(point=point, number=number).exists():
            places.open_counter(
                point_id=point.pk,
                number=number,
                name=f"Quầy {number}",
                opened_on=OPENED,
                actor=actor,
                at=at,
            )


def _account(person: _Person, at: datetime, actor: Actor) -> Account:
    found = Account.objects.filter(login_name=person.login_name).first()
    return found or accounts.open_account(
        login_name=person.login_name,
        full_name=person.full_name,
        account_kind=AccountKind.STAFF if person.agency else AccountKind.CITIZEN,
        actor=actor,
        at=at,
    )


def _position(person: _Person, account: Account, at: datetime, actor: Actor) -> None:
    unit = _unit(person.agency, person.unit)
    if Position.objects.filter(account=account, unit=unit).exists():
        return
    point = Point.objects.filter(shop__unit=unit).first() if person.at_point else None
    people.appoint(
        account_id=account.pk,
        unit_id=unit.pk,
        title=person.title,
        roles=person.roles,
        valid_from=OPENED,
        point_id=point.pk if point else None,
        actor=actor,
        at=at,
    )
