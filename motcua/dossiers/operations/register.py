"""A copy of a register leaves the program: history keeps who took which part, each dossier who read it."""

from datetime import date, datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from motcua.base.audit.operations import record
from motcua.dossiers import elsewhere, permissions, register
from motcua.dossiers.models import Dossier
from motcua.dossiers.register import Asked
from motcua.lib.actor import Actor
from motcua.lib.refusal import NotPermitted, Refusal

SUBJECT = "register"
#: What one PDF may hold; about 1,300 pages. A workbook takes what a sheet takes.
MOST_IN_PDF = 20_000
MOST_IN_XLSX = 1_000_000
MOST = {"pdf": MOST_IN_PDF, "xlsx": MOST_IN_XLSX}

_READ = """
insert into dossiers_accesslog (id, home_agency_id, dossier_id, account_id, position_id, at, reason)
select gen_random_uuid(), asked.home, asked.id, %s::bigint, %s::bigint, %s::timestamptz, %s
from ({asked}) asked(id, home)
"""


@transaction.atomic
def note_copy(*, asked: Asked, kind: str, actor: Actor, at: datetime) -> int:
    """Note that `actor` takes a copy of a part of the register; return how many dossiers stand in it.

    Each of them gets a line among its readings: its applicant may ask who read it. Refuses whoever may not read this
    agency's register, and a PDF of more lines than can be set in one go.
    """
    if not permissions.reads_register(actor, asked.agency.pk):
        raise NotPermitted(_("Anh/chị không có quyền xem sổ theo dõi hồ sơ của cơ quan này."))
    rows = register.dossiers(actor, asked)
    count = rows.count()
    if count > MOST[kind]:
        raise Refusal(
            _(
                "Phần này có %(n)s hồ sơ, một tệp chứa nhiều nhất %(most)s. Chọn khoảng ngày ngắn hơn, hoặc tải XLSX."
            )
            % {"n": count, "most": MOST[kind]},
            code="register_too_long",
            field="until",
        )
    _note_reading(rows, _("Tải sổ theo dõi hồ sơ (%(kind)s)") % {"kind": kind.upper()}, actor, at)
    record(
        actor=actor, verb="copy_register", subject_kind=SUBJECT, subject_id=asked.agency.pk, at=at,
        agency_id=asked.agency.pk, payload={**asked.facts(), "kind": kind, "dossiers": count},
    )  # fmt: skip
    return count


@transaction.atomic
def note_copy_elsewhere(*, side: str, first: date, last: date, actor: Actor, at: datetime) -> int:
    """Note that `actor` takes a copy of the register of dossiers received elsewhere; return how many stand in it.

    As with the register, each of them gets a line among its readings. Refuses whoever may not read the register.
    """
    agency = actor.agency_id or 0
    if not permissions.reads_register(actor, agency):
        raise NotPermitted(_("Anh/chị không có quyền tải sổ hồ sơ phi địa giới của cơ quan này."))
    rows = elsewhere.dossiers(side, actor, first, last)
    count = rows.count()
    _note_reading(rows, _("Tải sổ hồ sơ phi địa giới (XLSX)"), actor, at)
    facts: dict[str, Any] = {"side": side, "since": first.isoformat(), "until": last.isoformat()}
    record(
        actor=actor, verb="copy_elsewhere", subject_kind=SUBJECT, subject_id=agency, at=at, agency_id=agency,
        payload={**facts, "kind": "xlsx", "dossiers": count},
    )  # fmt: skip
    return count


def _note_reading(rows: QuerySet[Dossier], reason: str, actor: Actor, at: datetime) -> None:
    inner, values = rows.order_by().values_list("pk", "home_agency_id").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(_READ.format(asked=inner), [actor.account_id, actor.position_id, at, reason, *values])
