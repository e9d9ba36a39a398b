"""What a row's words may mean here: agencies, procedures, units, people, statuses; each looked up once a run."""

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from django.db.models import Q

from motcua.agencies.models import Agency, AgencyCode, Position, Unit, holds_on
from motcua.agencies.queries import successors_of
from motcua.dossiers import states, words
from motcua.dossiers.states import State
from motcua.lib.due_words import Phrase, phrase
from motcua.lib.finding import mark as _
from motcua.lib.tables import key
from motcua.procedures.models import Procedure, ProcedureVariant, ProcedureVersion
from motcua.procedures.models.words import Channel
from motcua.procedures.queries.catalogue import variants, version_on
from motcua.workflow import engine
from motcua.workflow.queries import definition_of, workflow_for


class Unknown(Exception):
    """A word of the file means nothing here; `words` say what to do about it."""

    def __init__(self, words: Phrase) -> None:
        super().__init__(words)
        self.words = words


_STATES: dict[str, State] = {
    **{key(str(label)): State(states.Status(status), states.Sub(sub)) for (status, sub), label in words.LEGAL.items()},
    **{str(int(state.status)): state for state in (states.NEW, states.ACCEPTED, states.NOT_ACCEPTED)},
    "4": states.PROCESSING, "5": states.ASKED, "6": states.MONEY, "7": states.WITHDRAWN, "8": states.SUSPENDED,
    "9": states.GRANTED, "10": states.RETURNED_GRANTED,
    "moi": states.NEW, "cho tiep nhan": states.NEW, "moi nop": states.NEW,
    "da tiep nhan": states.ACCEPTED, "moi tiep nhan": states.ACCEPTED, "tiep nhan": states.ACCEPTED,
    "dang giai quyet": states.PROCESSING, "dang thu ly": states.PROCESSING, "cho xu ly": states.PROCESSING,
    "dang xu ly qua han": states.PROCESSING, "trinh ky": states.PROCESSING, "cho ky": states.PROCESSING,
    "cho bo sung": states.ASKED, "yeu cau bo sung": states.ASKED, "dang bo sung": states.ASKED,
    "bo sung ho so": states.ASKED, "cho bo sung ho so": states.ASKED,
    "cho nop tien": states.MONEY, "thuc hien nghia vu tai chinh": states.MONEY, "cho nghia vu tai chinh": states.MONEY,
    "tam dung": states.SUSPENDED,
    "da co ket qua": states.GRANTED, "cho tra ket qua": states.GRANTED, "da xu ly xong": states.GRANTED,
    "da tra": states.RETURNED_GRANTED, "da rut": states.WITHDRAWN, "da huy": states.STOPPED, "da dung": states.STOPPED,
}  # fmt: skip

_CHANNELS = {
    **{key(str(one.label)): one for one in Channel},
    **{str(one.value): one for one in Channel},
    "truc tiep tai quay": Channel.IN_PERSON, "mot cua": Channel.IN_PERSON, "": Channel.IN_PERSON,
    "online": Channel.ONLINE, "cong dich vu cong": Channel.ONLINE, "buu chinh": Channel.POST, "buu dien": Channel.POST,
}  # fmt: skip


def state_of(text: str) -> State:
    """Return the state an old system's word means."""
    found = _STATES.get(key(text))
    if found is None:
        raise Unknown(
            phrase(
                _(
                    "Trạng thái này không có ở đây. Ghi mã 1–10 hoặc tên như “Đang xử lý”, “Yêu cầu bổ sung giấy tờ”."
                )
            )
        )
    return found


def channel_of(text: str) -> str:
    """Return how a dossier came in."""
    found = _CHANNELS.get(key(text))
    if found is None:
        raise Unknown(
            phrase(_("Cách nộp này không có ở đây. Ghi “Trực tiếp”, “Trực tuyến” hoặc “Bưu chính”."))
        )
    return str(found.value)


@dataclass(frozen=True)
class Holding:
    """Who holds a dossier: a unit, and the officer where one is named."""

    unit: Unit
    position: Position | None = None

    @property
    def label(self) -> str:
        return self.position.account.full_name if self.position else self.unit.name


@dataclass
class Known:
    """The look-ups of one run. `agency` is the one of rows that name none."""

    today: date
    agency: Agency | None = None
    _agencies: dict[str, Agency | None] = field(default_factory=dict)
    _procedures: dict[str, Procedure | None] = field(default_factory=dict)
    _best_of: dict[int, ProcedureVariant | None] = field(default_factory=dict)
    _cases: dict[tuple[int, date], tuple[ProcedureVersion, ProcedureVariant] | None] = field(
        default_factory=dict
    )
    _workflows: dict[tuple[int, int], tuple[int, engine.Definition, list[engine.Step]]] = field(
        default_factory=dict
    )
    _units: dict[int, dict[str, Unit]] = field(default_factory=dict)
    _people: dict[int, dict[str, list[Position]]] = field(default_factory=dict)

    @cached_property
    def _codes(self) -> dict[int, set[str]]:
        found: dict[int, set[str]] = {}
        for agency_id, code in AgencyCode.objects.values_list("agency_id", "code"):
            found.setdefault(agency_id, set()).add(code)
        return found

    def owns_code(self, agency_id: int, code: str) -> bool:
        """Tell whether an identifier code was ever this agency's."""
        return code in self._codes.get(agency_id, ())

    def agency_of(self, text: str) -> Agency:
        """Return the agency of a code or a name; refuses an unknown one and a closed one, naming who goes on."""
        if not text:
            if self.agency is None:
                raise Unknown(
                    phrase(_("Thiếu cơ quan. Ghi mã định danh ở cột cơ quan, hoặc chọn cơ quan khi nhập."))
                )
            return self.agency
        if text not in self._agencies:
            self._agencies[text] = self._find_agency(text)
        agency = self._agencies[text]
        if agency is None:
            raise Unknown(phrase(_("Không có cơ quan này. Ghi mã định danh như trên trang Cây cơ quan.")))
        if agency.closed_on is not None and agency.closed_on <= self.today:
            heirs = ", ".join(one.short_name for one in successors_of(agency.pk)) or "—"
            raise Unknown(phrase(_("Cơ quan này đã kết thúc. Ghi cơ quan kế thừa: %(heirs)s."), heirs=heirs))
        return agency

    def _find_agency(self, text: str) -> Agency | None:
        code = AgencyCode.objects.filter(code=text.strip().upper()).select_related("agency__calendar").first()
        if code is not None:
            return code.agency
        rows = list(
            Agency.objects.select_related("calendar").filter(
                Q(name__iexact=text) | Q(short_name__iexact=text)
            )[:2]
        )
        return rows[0] if len(rows) == 1 else None

    def procedure_of(self, text: str) -> Procedure:
        """Return the procedure of a national code, alone or with its name, or of a whole name."""
        if text not in self._procedures:
            self._procedures[text] = self._find_procedure(text)
        found = self._procedures[text]
        if found is None:
            raise Unknown(
                phrase(
                    _(
                        "Không có thủ tục này trong danh mục. Ghi mã quốc gia như 1.001193; xem trang Danh mục thủ tục."
                    )
                )
            )
        return found

    def _find_procedure(self, text: str) -> Procedure | None:
        first = text.split()[0].rstrip("-:;,") if text.split() else ""
        by_code = Procedure.objects.filter(code=first).first()
        if by_code is not None:
            return by_code
        rows = list(Procedure.objects.filter(name__iexact=text)[:2])
        return rows[0] if len(rows) == 1 else None

    def _best(self, version: ProcedureVersion) -> ProcedureVariant | None:
        if version.pk not in self._best_of:
            cases = list(variants(version))
            default = next((one for one in cases if one.is_default), cases[0] if cases else None)
            self._best_of[version.pk] = default
        return self._best_of[version.pk]

    def case_of(self, procedure: Procedure, day: date) -> ProcedureVariant:
        """Return the case a dossier of that day runs under: of the version of then, else of today's."""
        at = (procedure.pk, day)
        if at not in self._cases:
            version = version_on(procedure, day) or version_on(procedure, self.today)
            best = self._best(version) if version is not None else None
            self._cases[at] = (version, best) if version is not None and best is not None else None
        found = self._cases[at]
        if found is None:
            raise Unknown(
                phrase(_("Thủ tục chưa có phiên bản nào được công bố. Công bố thủ tục rồi nhập lại."))
            )
        return found[1]

    def holding(self, agency: Agency, unit: str, holder: str) -> Holding | None:
        """Return who holds a dossier; None where the file says nothing. Refuses names nobody or two people bear."""
        place = self._unit(agency, unit) if unit else None
        if not holder:
            return Holding(place) if place is not None else None
        found = self._holders(agency).get(key(holder), [])
        if place is not None:
            found = [one for one in found if one.unit_id == place.pk] or found
        if not found:
            raise Unknown(
                phrase(
                    _(
                        "Chưa có người này ở cơ quan. Nhập cán bộ trước, hoặc ghi mã cán bộ, tên đăng nhập hay họ tên."
                    )
                )
            )
        if len(found) > 1:
            raise Unknown(
                phrase(
                    _("Có nhiều vị trí mang tên này. Ghi mã cán bộ hoặc tên đăng nhập, và phòng đang giữ.")
                )
            )
        return Holding(found[0].unit, found[0])

    def _unit(self, agency: Agency, text: str) -> Unit:
        if agency.pk not in self._units:
            rows = Unit.objects.filter(holds_on(self.today), agency=agency)
            self._units[agency.pk] = {
                key(name): one for one in rows for name in (one.short_name, one.name) if name
            }
        found = self._units[agency.pk].get(key(text))
        if found is None:
            names = "; ".join(sorted({one.name for one in self._units[agency.pk].values()})) or "—"
            raise Unknown(phrase(_("Cơ quan không có đơn vị này. Có: %(units)s."), units=names))
        return found

    def _holders(self, agency: Agency) -> dict[str, list[Position]]:
        if agency.pk not in self._people:
            rows = Position.objects.filter(holds_on(self.today), unit__agency=agency, account__is_active=True)
            named: dict[str, list[Position]] = {}
            for one in rows.select_related("account", "unit"):
                for name in {one.account.login_name, one.account.full_name, one.account.staff_code} - {""}:
                    named.setdefault(key(name), []).append(one)
            self._people[agency.pk] = named
        return self._people[agency.pk]

    def _workflow(
        self, variant: ProcedureVariant, agency: Agency, day: date
    ) -> tuple[int, engine.Definition, list[engine.Step]]:
        """Return the workflow version with its steps that may stand open alone."""
        at = (variant.pk, agency.pk)
        if at not in self._workflows:
            found = workflow_for(
                procedure_version_id=variant.version_id, variant_id=variant.pk, agency_id=agency.pk, on=day
            )
            defn = definition_of(found.pk)
            inside = frozenset().union(*(fork.region for fork in defn.forks)) if defn.forks else frozenset()
            steps = [one for one in defn.steps if one.kind is engine.StepKind.USER and one.key not in inside]
            self._workflows[at] = (found.pk, defn, steps)
        return self._workflows[at]

    def step_of(
        self, variant: ProcedureVariant, agency: Agency, day: date, text: str, holding: Holding | None
    ) -> tuple[int, engine.Step]:
        """Return the workflow version and the step a dossier stands at: as named, else by the holder's roles.

        Never inside parallel branches: their sisters would be open too, which one row cannot say.
        """
        workflow_id, defn, open_to = self._workflow(variant, agency, day)
        if text:
            named = next((one for one in open_to if key(one.name) == key(text) or one.key == text), None)
            if named is None:
                names = "; ".join(one.name for one in open_to)
                raise Unknown(
                    phrase(_("Quy trình không có bước này. Ghi một trong: %(steps)s."), steps=names)
                )
            return workflow_id, named
        later = [one for one in open_to if one.key != defn.start] or open_to
        if holding is not None and holding.position is not None:
            roles = set(holding.position.roles)
            theirs = [one for one in later if one.role in roles]
            # Whoever is named has the work already: the step that only gives it out is behind them.
            fitting = next(
                (one for one in theirs if one.completed_by != "assign"), theirs[0] if theirs else None
            )
            if fitting is not None:
                return workflow_id, fitting
        if not later:
            raise Unknown(
                phrase(_("Quy trình của thủ tục không có bước nào để tiếp tục. Kiểm tra quy trình nội bộ."))
            )
        return workflow_id, later[0]
