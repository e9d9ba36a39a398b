"""A copy of the register leaves the program: history keeps who took which part, each dossier who read it."""

from datetime import datetime

from django.db import connection, transaction
from django.utils.translation import gettext as _

from motcua.base.audit.operations import record
from motcua.dossiers import permissions, register
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
    inner, values = rows.order_by().values_list("pk", "home_agency_id").query.sql_with_params()
    reason = _("Tải sổ theo dõi hồ sơ (%(kind)s)") % {"kind": kind.upper()}
    with connection.cursor() as cursor:
        cursor.execute(_READ.format(asked=inner), [actor.account_id, actor.position_id, at, reason, *values])
    record(
        actor=actor, verb="copy_register", subject_kind=SUBJECT, subject_id=asked.agency.pk, at=at,
        agency_id=asked.agency.pk, payload={**asked.facts(), "kind": kind, "dossiers": count},
    )  # fmt: skip
    return count
