"""What the counter chose: procedure, case, competent agency; and what that promises (due date, fees)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.agencies.models import Agency, Position
from motcua.base.calendars.queries import working_calendar
from motcua.dossiers import draft_queries
from motcua.dossiers.models import Dossier
from motcua.lib import due
from motcua.lib.actor import Actor
from motcua.lib.refusal import Refusal
from motcua.lib.vietnamese import fold, normalize
from motcua.procedures.models import (
    AgencyProcedure,
    AgencySetting,
    FeeExemption,
    FeeRow,
    ProcedureVariant,
    ProcedureVersion,
)
from motcua.procedures.models.words import Channel
from motcua.procedures.queries import catalogue, local_rules
from motcua.procedures.queries.search import Found, search

_CODE = re.compile(r"\d\.\d{6}")
_NAMES_SHOWN = 3
_FEW_LETTERS, _AMONG = 3, 24


class BadChoice(Refusal):
    """The words typed do not lead to one case of one procedure that this counter receives."""

    code = "bad_choice"


@dataclass(frozen=True)
class Choice:
    """A procedure as it holds today, the chosen case, and who will settle it.

    `case_open` says that several cases exist and none was chosen by a person: `variant` is then the usual one.
    `agency_open` says the same of the competent agency where the counter's own is none of them: nobody may guess it.
    `settings` holds how the receiving agency handles the procedure, where it said so.
    """

    version: ProcedureVersion
    variants: list[ProcedureVariant]
    variant: ProcedureVariant
    agencies: list[Agency]
    agency: Agency
    case_open: bool = False
    agency_open: bool = False
    elsewhere: bool = False  # somebody else than the counter's agency settles it
    settings: dict[int, AgencySetting | None] = field(default_factory=dict)

    @property
    def label(self) -> str:
        return f"{self.version.procedure.code} {self.version.name}"


@dataclass(frozen=True)
class Promise:
    """What the applicant will be told: the date with its reckoning, the fees as the catalogue has them.

    `offered`: the catalogue knows this case in this channel, or says nothing of channels at all. `note` is the
    agency's own word to its counter; `groups` are those who pay less, `exemption` the one that was chosen.
    """

    offered: bool
    limit: due.Limit | None
    reckoning: due.Reckoning | None
    fees: list[FeeRow]
    note: str = ""
    groups: list[FeeExemption] = field(default_factory=list)
    exemption: FeeExemption | None = None


def choose(text: str, *, variant: str, agency: str, actor: Actor, day: date) -> Choice:
    """Return the choice that the counter's words stand for.

    `text` is a code, the label of the list, or words and initials that lead to one procedure. Refuses, saying
    why: nothing typed, nothing found, several found, not in force or repealed, not received here, a case of
    another procedure.
    """
    version = _version(text, actor=actor, day=day)
    settings = _received_here(version, actor=actor, day=day)
    variants = list(catalogue.variants(version))
    if not settings and not any(one.allows_boundary_free for one in variants):
        raise _not_here(version)
    if not settings:
        variants = [one for one in variants if one.allows_boundary_free]
    if not variants:
        raise BadChoice(_("Thủ tục này chưa có trường hợp nào để tiếp nhận. Báo quản trị danh mục."))
    chosen = next((one for one in variants if str(one.pk) == variant), None)
    agencies = competent_agencies(version, day)
    if not agencies:
        raise BadChoice(_("Chưa có cơ quan nào giải quyết thủ tục này. Báo quản trị danh mục."))
    own = next((one for one in agencies if one.pk == actor.agency_id), None)
    settling = _named(agency, agencies) or own or (agencies[0] if len(agencies) == 1 else None)
    usual = next((one for one in variants if one.is_default), variants[0])
    return Choice(
        version=version,
        variants=variants,
        variant=chosen or usual,
        agencies=agencies,
        agency=settling or agencies[0],
        case_open=chosen is None and len(variants) > 1,
        agency_open=settling is None,
        elsewhere=settling is not None and settling.pk != actor.agency_id,
        settings=settings,
    )


def _version(text: str, *, actor: Actor, day: date) -> ProcedureVersion:
    typed = normalize(text)
    if not typed:
        raise BadChoice(_("Chọn thủ tục: gõ mã, hoặc chữ cái đầu như “dkks”."))
    code = _CODE.match(typed)
    if code:
        return catalogue.open_version(code[0], day)
    found = search(
        typed, on=day, agency=actor.agency_id, anywhere=True, current_only=True, limit=_NAMES_SHOWN + 1
    )
    one = _only(found, typed)
    if one is None:
        raise _unclear(found, typed)
    return catalogue.open_version(one.code, day)


def _only(found: list[Found], typed: str) -> Found | None:
    """The one hit, or the one whose name or initials are exactly what was typed."""
    if len(found) == 1:
        return found[0]
    exact = [one for one in found if fold(one.name) == fold(typed) or _initials(one.name) == fold(typed)]
    return exact[0] if len(exact) == 1 else None


def _initials(name: str) -> str:
    return "".join(word[0] for word in re.findall(r"\w+", fold(name)))


def _unclear(found: list[Found], typed: str) -> BadChoice:
    if not found:
        return BadChoice(
            _("Không có thủ tục nào ở quầy này khớp với “%(typed)s”. Gõ mã thủ tục, hoặc tên ngắn hơn.")
            % {"typed": typed[:60]}
        )
    names = "; ".join(f"{one.code} {one.name}" for one in found[:_NAMES_SHOWN])
    return BadChoice(_("Có nhiều thủ tục khớp: %(names)s… Gõ mã của thủ tục cần.") % {"names": names})


def _named(text: str, agencies: list[Agency]) -> Agency | None:
    """Return the agency that a list's key or typed words name; None where nothing, or nothing here, was named.

    Words are compared folded; they must lead to one agency, else the refusal says which ones they lead to.
    """
    typed = normalize(text)
    if not typed or typed.isdecimal():
        return next((one for one in agencies if str(one.pk) == typed), None)
    exact = [one for one in agencies if fold(typed) in {fold(one.name), fold(one.short_name)}]
    words = fold(typed).split()
    near = exact or [one for one in agencies if all(word in fold(one.name) for word in words)]
    if len(near) == 1:
        return near[0]
    if not near:
        text = _("Không có cơ quan nào giải quyết thủ tục này tên “%(typed)s”. Gõ tên khác.")
        raise BadChoice(text % {"typed": typed[:60]}, field="agency")
    names = "; ".join(one.name for one in near[:_NAMES_SHOWN])
    raise BadChoice(_("Có nhiều cơ quan khớp: %(names)s… Gõ thêm chữ.") % {"names": names}, field="agency")


def _received_here(version: ProcedureVersion, *, actor: Actor, day: date) -> dict[int, AgencySetting | None]:
    """Return how the counter's agency handles what it receives; nothing where it does not offer the procedure.

    Refuses at a point that does not receive it.
    """
    if actor.agency_id is None:
        raise BadChoice(_("Anh/chị chưa có vị trí ở cơ quan nào. Báo quản trị."))
    if not catalogue.offered_on(actor.agency_id, day).filter(procedure_id=version.procedure_id).exists():
        return {}
    setting = local_rules.setting_on(actor.agency_id, version.procedure_id, day)
    _require_point(version, setting, actor=actor)
    return {actor.agency_id: setting}


def _not_here(version: ProcedureVersion) -> BadChoice:
    return BadChoice(
        _("Cơ quan anh/chị không tiếp nhận thủ tục %(code)s. Hướng dẫn người dân đến nơi tiếp nhận, "
          "hoặc báo quản trị danh mục.") % {"code": version.procedure.code}
    )  # fmt: skip


def _require_point(version: ProcedureVersion, setting: AgencySetting | None, *, actor: Actor) -> None:
    """Where the agency receives the procedure at one point only, send people from its other points there."""
    if setting is None or setting.point is None:
        return
    seated = Position.objects.filter(pk=actor.position_id or 0).values_list("point_id", flat=True).first()
    if seated is not None and seated != setting.point_id:
        raise BadChoice(
            _("Thủ tục %(code)s nhận ở %(point)s, %(address)s. Hướng dẫn người dân đến đó.")
            % {"code": version.procedure.code, "point": setting.point.name, "address": setting.point.address}
        )


def competent_agencies(version: ProcedureVersion, day: date) -> list[Agency]:
    """Return the agencies that settle the procedure on `day`, in Vietnamese order."""
    rows = AgencyProcedure.objects.filter(
        procedure_id=version.procedure_id, competent=True, valid_from__lte=day
    ).exclude(valid_to__lte=day)
    return list(Agency.objects.filter(pk__in=rows.values("agency_id")).order_by("sort_key", "pk"))


def channel_of(values: Mapping[str, object]) -> str:
    """Return how the dossier of a form came to the counter: brought, or by the public post (one box, F3)."""
    return Channel.POST.value if values.get("by_post") else Channel.IN_PERSON.value


def is_offered(variant: ProcedureVariant, channel: str) -> bool:
    """Tell whether a case is received in a channel; a catalogue that names no channel forbids none."""
    offered = catalogue.limits_for(variant)
    return not offered or channel in offered


def cases_of(dossier: Dossier) -> list[ProcedureVariant]:
    """Return the cases that a dossier may turn out to be: those of its version that are received the way it came."""
    rows = dossier.procedure_version.variants.order_by("position")
    return [one for one in rows if is_offered(one, dossier.channel)]


def promise(choice: Choice, channel: str, *, at: datetime, exemption: str = "") -> Promise:
    """Work out what accepting at `at` promises; no date where the limit is unsettled or nobody keeps a calendar."""
    day, procedure = timezone.localdate(at), choice.version.procedure_id
    if choice.agency.pk in choice.settings:
        setting = choice.settings[choice.agency.pk]
    else:
        setting = local_rules.setting_on(choice.agency.pk, procedure, day)
    limit = local_rules.limit_here(catalogue.limit_for(choice.variant, channel), setting)
    calendar = (setting.calendar_id if setting else None) or choice.agency.calendar_id
    reckoning = None
    if limit is not None and calendar is not None:
        convention = due.Convention(settings.DUE_CONVENTION)
        reckoning = due.reckon(working_calendar(calendar), at, limit, convention)
    fees = local_rules.fees_here(
        choice.variant, channel, agency_id=choice.agency.pk, procedure_id=procedure, day=day
    )
    groups = local_rules.exemptions(procedure, channel, day) if any(row.amount for row in fees) else []
    chosen = next((one for one in groups if str(one.pk) == exemption), None)
    for row in fees:
        if row.amount and chosen is not None:
            row.amount = local_rules.reduced(row.amount, row.kind, chosen)
    return Promise(
        offered=is_offered(choice.variant, channel),
        limit=limit,
        reckoning=reckoning,
        fees=fees,
        note=setting.note if setting else "",
        groups=groups,
        exemption=chosen,
    )


def options(text: str, *, actor: Actor, day: date, limit: int = 8) -> list[dict[str, str]]:
    """Return what the procedure field offers for `text`: label and one line of help each, best first.

    For nothing typed, what the officer took in last; for one to three letters these come first among what is found.
    """
    typed = normalize(text)
    if len(typed) > _FEW_LETTERS:
        found = search(text, on=day, agency=actor.agency_id, anywhere=True, current_only=True, limit=limit)
        return [_option(one.code, one.name, one.sector) for one in found]
    used = draft_queries.procedures_used(actor)
    if not typed:
        return [_option(code, name, _("vừa nhận")) for code, name in used[:limit]]
    found = search(text, on=day, agency=actor.agency_id, anywhere=True, current_only=True, limit=_AMONG)
    place = {code: number for number, (code, _name) in enumerate(used)}
    found = sorted(found, key=lambda one: place.get(one.code, len(place)))
    return [_option(one.code, one.name, one.sector) for one in found[:limit]]


def _option(code: str, name: str, note: str) -> dict[str, str]:
    return {"value": code, "label": f"{code} {name}", "note": note}
