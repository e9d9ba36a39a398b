"""One procedure: which version holds on a day, its cases, limits, fees, papers."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from motcua.lib.due import Limit, Unit
from motcua.lib.prepared import Prepared
from motcua.lib.refusal import NotFound, Refusal
from motcua.procedures.models import (
    AgencyProcedure,
    FeeRow,
    Procedure,
    ProcedureVariant,
    ProcedureVersion,
    RequiredDocument,
    TimeLimitRow,
)
from motcua.procedures.models.words import State


def in_force(day: date) -> Q:
    """The condition that a version holds on `day`: published, begun, not ended."""
    begun = Q(in_force_from__isnull=True) | Q(in_force_from__lte=day)
    not_ended = Q(in_force_to__isnull=True) | Q(in_force_to__gt=day)
    return ~Q(state=State.DRAFT) & begun & not_ended


def version_on(procedure: Procedure | int, day: date) -> ProcedureVersion | None:
    """Return the version that holds on `day`; None before the first, after the last, or with drafts only."""
    number = procedure if isinstance(procedure, int) else procedure.pk
    return ProcedureVersion.objects.filter(in_force(day), procedure_id=number).first()


def open_version(code: str, day: date) -> ProcedureVersion:
    """Return the version under which a new dossier is received on `day`.

    Refuses, with the reason, a procedure that does not exist, is not in force yet, or was repealed (a
    repealed procedure takes no new dossier from the day of repeal; dossiers already received go on).
    """
    versions = list(ProcedureVersion.objects.filter(procedure__code=code).select_related("procedure"))
    if not versions:
        raise NotFound(_("Không có thủ tục mã %(code)s.") % {"code": code})
    for version in versions:
        if holds_on(version, day):
            return version
    raise _closed(code, versions, day)


def why_closed(version: ProcedureVersion, day: date) -> Refusal:
    """Return why a version takes no new dossier on `day`: repealed, replaced, not in force yet, a draft."""
    code = version.procedure.code or ""
    versions = list(ProcedureVersion.objects.filter(procedure_id=version.procedure_id).defer(*LONG_TEXTS))
    if any(holds_on(one, day) for one in versions):
        text = _(
            "Thủ tục %(code)s đã có bản mới áp dụng. Chọn lại thủ tục để nhận theo bản mới; chữ đã gõ vẫn còn."
        )
        return Refusal(text % {"code": code}, code="replaced")
    return _closed(code, versions, day)


def latest_draft(code: str) -> ProcedureVersion:
    """Return the newest draft of a procedure; refuses when there is none."""
    drafts = ProcedureVersion.objects.filter(procedure__code=code, state=State.DRAFT)
    draft = drafts.order_by("-number").first()
    if draft is None:
        raise NotFound(_("Thủ tục %(code)s không có bản dự thảo.") % {"code": code})
    return draft


def holds_on(version: ProcedureVersion, day: date) -> bool:
    """Tell whether a loaded version holds on `day`; the same rule as `in_force`."""
    begun = version.in_force_from is None or version.in_force_from <= day
    not_ended = version.in_force_to is None or version.in_force_to > day
    return version.state != State.DRAFT and begun and not_ended


def _closed(code: str, versions: list[ProcedureVersion], day: date) -> Refusal:
    ended = [version for version in versions if version.in_force_to and version.in_force_to <= day]
    coming = [
        version.in_force_from
        for version in versions
        if version.in_force_from and version.state != State.DRAFT
    ]
    if coming and max(coming) > day:
        text = _("Thủ tục %(code)s có hiệu lực từ ngày %(day)s, chưa tiếp nhận được.")
        return Refusal(text % {"code": code, "day": f"{max(coming):%d/%m/%Y}"}, code="not_in_force_yet")
    if ended:
        last = max(ended, key=lambda version: version.in_force_to or day)
        text = _("Thủ tục %(code)s đã bãi bỏ từ ngày %(day)s theo %(decision)s, không tiếp nhận hồ sơ mới.")
        facts = {
            "code": code,
            "day": f"{last.in_force_to:%d/%m/%Y}",
            "decision": last.repeal_decision_number or last.decision_number,
        }
        return Refusal(text % facts, code="repealed")
    text = _("Thủ tục %(code)s mới là dự thảo, chưa công bố.")
    return Refusal(text % {"code": code}, code="draft")


def variants(version: ProcedureVersion | int) -> QuerySet[ProcedureVariant]:
    """Return the cases of a version in order, with their limits and fees loaded (3 queries)."""
    number = version if isinstance(version, int) else version.pk
    return ProcedureVariant.objects.filter(version_id=number).prefetch_related("limit_rows", "fees")


#: The source text and our reading of it run to tens of kilobytes; work on a dossier shows none of it.
LONG_TEXTS = (
    "source_record", "steps_text", "conditions", "where_text", "summary", "agency_text", "authority_text",
    "applicants", "limit_text",
)  # fmt: skip
_LIMIT_ROWS: Prepared[TimeLimitRow] = Prepared(
    lambda variant: TimeLimitRow.objects.filter(variant_id=variant), variant=int
)


def limit_for(variant: ProcedureVariant, channel: str) -> Limit | None:
    """Return the limit of a case in one channel, or None when nobody may reckon with it.

    None: the channel is not offered, the source's row is doubtful and not settled, or rows contradict.
    """
    loaded = getattr(variant, "_prefetched_objects_cache", {}).get("limit_rows")
    rows = _LIMIT_ROWS(variant=variant.pk) if loaded is None else loaded
    return single_limit(row for row in rows if row.channel == channel)


def limits_for(variant: ProcedureVariant) -> dict[str, Limit | None]:
    """Return every channel a case is offered in, with its limit; uses loaded rows, no query."""
    by_channel: dict[str, list[TimeLimitRow]] = defaultdict(list)
    for row in variant.limit_rows.all():
        by_channel[row.channel].append(row)
    return {channel: single_limit(rows) for channel, rows in by_channel.items()}


def single_limit(rows: Iterable[TimeLimitRow]) -> Limit | None:
    """Return the one limit that all `rows` agree on, else None."""
    limits = {(row.value, row.unit) for row in rows}
    if len(limits) != 1:
        return None
    value, unit = limits.pop()
    return None if value is None else Limit(value, Unit(unit))


def limit_from(value: Decimal | None, unit: str) -> Limit | None:
    """Return a stored pair of value and unit as a limit; None when empty."""
    return Limit(value, Unit(unit)) if value is not None and unit else None


def ask_within(variant: ProcedureVariant) -> Limit | None:
    """Return how long the agency has to ask for a supplement, where the procedure says."""
    return limit_from(variant.ask_within_value, variant.ask_within_unit)


def answer_within(variant: ProcedureVariant) -> Limit | None:
    """Return how long the applicant has to answer a supplement request, where the procedure says."""
    return limit_from(variant.answer_within_value, variant.answer_within_unit)


def resume_limit(variant: ProcedureVariant) -> Limit | None:
    """Return the own limit after a supplement (resume mode `own_limit`)."""
    return limit_from(variant.resume_value, variant.resume_unit)


def required_documents(variant: ProcedureVariant) -> list[RequiredDocument]:
    """Return the papers of a case: those of every case and its own, without remarks, in order."""
    papers = RequiredDocument.objects.filter(version_id=variant.version_id, is_note=False)
    return list(papers.filter(Q(variant__isnull=True) | Q(variant=variant)).order_by("position"))


def fees_for(variant: ProcedureVariant, channel: str) -> list[FeeRow]:
    """Return the fees of a case in a channel: those for all cases or channels and its own, in order."""
    return _FEES(version=variant.version_id, variant=variant.pk, channel=channel)


_FEES: Prepared[FeeRow] = Prepared(
    lambda version, variant, channel: (
        FeeRow.objects.filter(version_id=version)
        .filter(Q(variant__isnull=True) | Q(variant=variant))
        .filter(Q(channel="") | Q(channel=channel))
        .order_by("position")
    ),
    version=int,
    variant=int,
    channel=str,
)
_CASE: Prepared[ProcedureVariant] = Prepared(
    lambda variant: (
        ProcedureVariant.objects.select_related("version__procedure__sector")
        .filter(pk=variant)
        .defer(*(f"version__{name}" for name in LONG_TEXTS))
    ),
    variant=int,
)


def case(variant_id: int) -> ProcedureVariant | None:
    """Return a case with its version, procedure and sector, without the long texts of the source."""
    return _CASE.first(variant=variant_id)


def offered_on(agency_id: int, day: date) -> QuerySet[AgencyProcedure]:
    """Return what an agency receives on `day`."""
    return AgencyProcedure.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=day), agency_id=agency_id, valid_from__lte=day
    )


def settles(agency_id: int, procedure_id: int, day: date) -> bool:
    """Tell whether an agency is competent for a procedure on `day`."""
    return offered_on(agency_id, day).filter(procedure_id=procedure_id, competent=True).exists()


def received_by(agency_id: int, variant: ProcedureVariant, procedure_id: int, day: date) -> bool:
    """Tell whether an agency's counter takes a case in: it offers the procedure, or any centre may receive it."""
    return (
        variant.allows_boundary_free or offered_on(agency_id, day).filter(procedure_id=procedure_id).exists()
    )


def page(code: str) -> Procedure:
    """Return a procedure with all its public versions for the public page; refuses an unknown code."""
    shown = ProcedureVersion.objects.exclude(state=State.DRAFT).defer("source_record").order_by("-number")
    procedure = (
        Procedure.objects.filter(code=code)
        .select_related("sector")
        .prefetch_related(Prefetch("versions", queryset=shown, to_attr="public_versions"))
        .first()
    )
    if procedure is None or not procedure.public_versions:
        raise NotFound(_("Không tìm thấy thủ tục này."))
    return procedure


def with_rows(version: ProcedureVersion) -> ProcedureVersion:
    """Load every row of a version for showing it (8 queries, whatever its size)."""
    return _whole().get(pk=version.pk)


def offered_by_code(codes: Iterable[str], day: date) -> dict[str, ProcedureVersion]:
    """Return the versions that hold on `day` of procedures that some agency here receives, by code, with every row."""
    offered = AgencyProcedure.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=day),
        valid_from__lte=day,
        procedure__code__in=set(codes) - {""},
    )
    found = (
        _whole().filter(in_force(day), procedure__in=offered.values("procedure")).select_related("procedure")
    )
    return {str(one.procedure.code): one for one in found}


def _whole() -> QuerySet[ProcedureVersion]:
    return ProcedureVersion.objects.prefetch_related(
        Prefetch("variants", queryset=ProcedureVariant.objects.prefetch_related("limit_rows")),
        "papers",
        "fees",
        "results",
        "legal_references",
        "limit_rows",
    )
