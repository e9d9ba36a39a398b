"""Is a workflow fit to be published? Pure: looks at a definition and a legal limit, nothing else.

Errors stop publication: a dossier on such a workflow could be lost, stuck or late by design. Warnings are
for the person who publishes. Every sentence names the step and says what to do.

Time: the longest path counts, parallel branches by the slower one, loops once, steps that stop the clock not
at all, a time shared by several steps once. Values are compared as written: working days by the calendar's
hours a day, calendar days and months only against what they can surely hold.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from math import floor

from motcua.lib.due import Limit, Unit
from motcua.lib.due_terms import plain_number
from motcua.lib.finding import mark as _
from motcua.lib.vietnamese import fold
from motcua.workflow import units
from motcua.workflow.engine import END, Definition, Fork, RouteKind, Step, StepKind, sisters

VERBS = frozenset(
    {"accept", "refuse", "receive_supplement", "assign", "forward", "answer", "resume", "propose", "approve"}
    | {"issue", "return_result", "open_child"}
)
"""Acts that can complete a step (the product's verbs that end somebody's work)."""

HOURS_A_DAY = Decimal(8)
COUNTED = frozenset({Unit.WORKING_DAY, Unit.WORKING_HOUR, Unit.HOUR, Unit.SAME_DAY_15H})
"""Units whose time is added along a path."""
_LONGEST_MONTH = 31
_WEEK, _WORKING_WEEK = 7, 5


@dataclass(frozen=True, slots=True)
class Finding:
    """One remark. `code` is stable for programs, `step` the key it is about (empty: the whole workflow)."""

    code: str
    text: str
    step: str = ""
    values: dict[str, object] = field(default_factory=dict, compare=False)

    def say(self, translate: Callable[[str], str] = str) -> str:
        """Return the sentence; pass gettext as `translate` on a screen, nothing for Vietnamese."""
        return translate(self.text) % self.values

    @property
    def message(self) -> str:
        return self.say()


@dataclass(frozen=True, slots=True)
class Report:
    """What `check` found. `hours` is the working time of the longest path, None where it cannot be added."""

    errors: tuple[Finding, ...]
    warnings: tuple[Finding, ...]
    hours: Decimal | None

    @property
    def passes(self) -> bool:
        return not self.errors


def check(definition: Definition, limit: Limit | None = None, hours_a_day: Decimal = HOURS_A_DAY) -> Report:
    """Return what is wrong with `definition` when the law allows `limit` (None: not known)."""
    errors = list(_names(definition))
    if not errors:
        errors += [
            *_reach(definition),
            *_outcomes(definition),
            *_parallel(definition),
            *_ways_back(definition),
            *_posted(definition),
            *_unnamed(definition),
        ]
    if errors:
        return Report(tuple(errors), (), None)
    hours, uncounted = _longest(definition, hours_a_day)
    late, doubts = _against(limit, hours, hours_a_day)
    return Report(tuple(late), (*_untimed(definition), *_doubled(definition), *uncounted, *doubts), hours)


def _names(definition: Definition) -> Iterator[Finding]:
    """Faults that make every other question meaningless."""
    if not definition.steps:
        yield Finding("empty", _("Quy trình chưa có bước nào. Hãy thêm ít nhất một bước."))
    seen: set[str] = set()
    for step in definition.steps:
        if step.key in seen or step.key == END or not step.key:
            yield _about(
                "duplicate_key",
                step,
                _("Mã bước “%(key)s” bị trùng hoặc để trống. Hãy đặt mã khác."),
            )
        seen.add(step.key)
    if definition.steps and definition.start not in seen:
        yield Finding(
            "no_start",
            _("Quy trình chưa có bước bắt đầu. Hãy chọn bước đầu tiên."),
            definition.start,
        )
    for step in definition.steps:
        unknown = [route.to for route in step.routes if route.to not in seen and route.to != END]
        unknown += [key for key in step.may_send_back_to if key not in seen]
        for key in unknown:
            text = _("Bước “%(name)s” chuyển tới bước “%(to)s” không có trong quy trình. Hãy sửa hoặc bỏ.")
            yield _about("unknown_step", step, text, to=key)


def _reach(definition: Definition) -> Iterator[Finding]:
    """Every step can be come to, and from every step the end can be come to."""
    reached = definition.reach(definition.start)
    for step in definition.steps:
        if step.key not in reached:
            text = _("Không có đường nào dẫn tới bước “%(name)s”. Hãy nối vào quy trình hoặc xóa bước.")
            yield _about("unreachable", step, text)
        elif not step.routes:
            text = _("Sau bước “%(name)s” không ghi gì tiếp. Hãy chọn bước tiếp theo hoặc “kết thúc”.")
            yield _about("dead_end", step, text)
        elif END not in definition.reach(step.key):
            text = _("Từ bước “%(name)s” không có đường nào tới kết thúc. Hãy thêm lối ra khỏi vòng lặp.")
            yield _about("no_way_out", step, text)


def _outcomes(definition: Definition) -> Iterator[Finding]:
    """A person can always tell which way to choose, and every step is finished by a known act."""
    for step in definition.steps:
        outcomes = step.outcomes()
        if len(outcomes) > 1 and ("" in outcomes or step.passes_by_itself):
            text = _("Bước “%(name)s” có nhiều hướng đi nhưng có hướng không tên. Hãy đặt tên từng hướng.")
            yield _about("unnamed_choice", step, text)
        for label, routes in outcomes.items():
            forks = [route for route in routes if route.kind is RouteKind.FORK]
            if len(forks) not in (0, len(routes)) or (len(forks) == 1) or (len(routes) > 1 and not forks):
                text = _(
                    "Hướng “%(label)s” của bước “%(name)s” không rõ là đi một đường hay chia nhánh song song."
                    " Chia nhánh phải có từ hai nhánh trở lên."
                )
                yield _about("unclear_fork", step, text, label=label)
        if step.completed_by not in VERBS:
            text = _("Bước “%(name)s” kết thúc bằng việc “%(verb)s” mà hệ thống không có.")
            yield _about("unknown_verb", step, text, verb=step.completed_by)


def _parallel(definition: Definition) -> Iterator[Finding]:
    """Every fork meets in one join, and its branches neither mix nor run away."""
    joins = frozenset(step.key for step in definition.steps if step.kind is StepKind.JOIN)
    for fork in definition.forks:
        step = definition.by_key[fork.step]
        stop = frozenset({fork.join}) if fork.join else joins
        if any(fork.step in definition.reach(head, stop) for head in fork.heads):
            text = _(
                "Một nhánh song song quay lại bước “%(name)s” khi nhánh khác chưa xong."
                " Hãy dùng “trả lại bước”."
            )
            yield _about("branch_goes_back", step, text)
        elif fork.join is None:
            text = _(
                "Các nhánh song song từ bước “%(name)s” không gặp lại ở cùng một bước nhập nhánh:"
                " có nhánh đi thẳng ra ngoài. Hãy cho mọi nhánh về một bước nhập nhánh."
            )
            yield _about("branch_escapes", step, text)
        else:
            yield from _branches(definition, fork, step)
    for step in definition.steps:
        if step.kind is StepKind.JOIN and not definition.inside[step.key]:
            text = _("Bước nhập nhánh “%(name)s” không có nhánh song song nào về. Hãy đổi thành bước thường.")
            yield _about("join_without_fork", step, text)


def _branches(definition: Definition, fork: Fork, step: Step) -> Iterator[Finding]:
    if fork.join in fork.heads:
        yield _about(
            "empty_branch",
            step,
            _("Một nhánh song song từ bước “%(name)s” không có việc gì. Hãy bỏ nhánh đó."),
        )
    counted = [key for branch in fork.branches for key in branch]
    for key in sorted({key for key in counted if counted.count(key) > 1}):
        text = _(
            "Bước “%(name)s” nằm trên hai nhánh song song, sẽ chạy hai lần. Hãy đặt bước nhập nhánh trước nó."
        )
        yield _about("branches_mix", definition.by_key[key], text)
    for other in definition.steps:
        if other.key in fork.region or other.key == fork.step:
            continue
        for route in other.routes:
            if route.to in fork.region and not _same_join(definition, fork, other.key):
                text = _(
                    "Bước “%(name)s” đi vào giữa nhánh song song (bước “%(to)s”). Hãy đi qua bước chia nhánh."
                )
                yield _about("enters_branch", other, text, to=definition.by_key[route.to].name)


def _same_join(definition: Definition, fork: Fork, key: str) -> bool:
    """A step of another fork with the same join may share the branch (two outcomes of one choice)."""
    return any(other.step == key and other.join == fork.join for other in definition.forks)


def _ways_back(definition: Definition) -> Iterator[Finding]:
    """A step is sent back only to where the dossier has been."""
    for step in definition.steps:
        for key in step.may_send_back_to:
            target = definition.by_key[key]
            if sisters(definition, step.key, key):
                text = _("Bước “%(name)s” trả lại bước “%(to)s” ở nhánh song song khác. Hãy bỏ hướng này.")
                yield _about("back_to_sister", step, text, to=target.name)
            elif target.passes_by_itself or step.key == key or step.key not in definition.reach(key):
                text = _("Bước “%(name)s” không thể trả lại bước “%(to)s” vì hồ sơ chưa qua đó.")
                yield _about("back_not_earlier", step, text, to=target.name)


def _untimed(definition: Definition) -> Iterator[Finding]:
    groups = {step.time_group for step in definition.steps if step.time_group and step.hours}
    for step in definition.steps:
        needs_time = (
            step.kind in (StepKind.USER, StepKind.CONSULT, StepKind.CHILD, StepKind.POST)
            and not step.stops_clock
        )
        if needs_time and step.hours is None and step.time_group not in groups:
            yield _about(
                "no_time",
                step,
                _("Bước “%(name)s” chưa có thời gian. Hãy ghi số giờ hoặc số ngày."),
            )
        if step.kind is not StepKind.AUTO and not step.role and not step.unit and not step.passes_by_itself:
            yield _about(
                "no_role",
                step,
                _("Bước “%(name)s” chưa ghi ai làm. Hãy chọn vai trò hoặc đơn vị."),
            )


def _posted(definition: Definition) -> Iterator[Finding]:
    """What is posted in public has a time of its own, inside the legal limit."""
    for step in definition.steps:
        if step.kind is not StepKind.POST:
            continue
        if not step.hours or step.time_group:
            text = _("Bước niêm yết “%(name)s” chưa có thời gian niêm yết riêng. Hãy ghi số ngày niêm yết.")
            yield _about("post_without_time", step, text)
        if step.stops_clock or step.completed_by != "forward":
            text = _(
                "Bước niêm yết “%(name)s” phải tính vào thời hạn và kết thúc bằng “Chuyển bước”."
                " Hãy bỏ “không tính vào thời hạn” và chọn việc kết thúc là “Chuyển bước”."
            )
            yield _about("post_not_counted", step, text)


def _unnamed(definition: Definition) -> Iterator[Finding]:
    """Another agency, or a unit of its own, is called by its name."""
    for step in definition.steps:
        if step.unit in (units.OUTSIDE, units.NAMED):
            text = _("Bước “%(name)s” do cơ quan hoặc đơn vị khác làm nhưng chưa ghi tên. Hãy ghi tên.")
            yield _about("unit_unnamed", step, text)


def _doubled(definition: Definition) -> Iterator[Finding]:
    """Two steps of one name cannot be told apart on a desk, in a list of returns, on paper."""
    seen: set[str] = set()
    for step in definition.steps:
        name = fold(step.name).strip()
        if name in seen:
            text = _("Có hai bước cùng tên “%(name)s”. Hãy đặt tên khác để người dùng phân biệt được.")
            yield _about("same_name", step, text)
        seen.add(name)


def _longest(definition: Definition, hours_a_day: Decimal) -> tuple[Decimal, list[Finding]]:
    """Return the working hours of the longest path, and the steps whose unit cannot be added to it."""
    findings = [
        _about(
            "not_added",
            step,
            _("Thời gian của bước “%(name)s” tính theo ngày lịch, không cộng vào tổng giờ."),
        )
        for step in definition.steps
        if step.hours and not step.stops_clock and _working_hours(step.hours, hours_a_day) is None
    ]
    best: dict[str, Decimal] = {END: Decimal(0)}
    on_path: set[str] = set()

    def visit(key: str) -> Decimal:
        if key in best:
            return best[key]
        on_path.add(key)
        step = definition.by_key[key]
        own = Decimal(0) if step.stops_clock or not step.hours else _working_hours(step.hours, hours_a_day)
        after = [visit(route.to) for route in step.routes if route.to not in on_path]
        on_path.discard(key)
        total = (own or Decimal(0)) + max(after, default=Decimal(0))
        if not _on_a_loop(definition, step):  # inside a loop the answer depends on where one came from
            best[key] = total
        return total

    return visit(definition.start), findings


def longest(definition: Definition, hours_a_day: Decimal = HOURS_A_DAY) -> Decimal | None:
    """Return the working hours of the longest path, also of a draft with faults; None when its rows do not hold."""
    return _longest(definition, hours_a_day)[0] if not list(_names(definition)) else None


def _on_a_loop(definition: Definition, step: Step) -> bool:
    return any(step.key in definition.reach(route.to) for route in step.routes)


def _working_hours(limit: Limit, hours_a_day: Decimal) -> Decimal | None:
    if limit.unit is Unit.WORKING_DAY:
        return limit.value * hours_a_day
    if limit.unit in (Unit.WORKING_HOUR, Unit.HOUR):
        return limit.value
    return hours_a_day if limit.unit is Unit.SAME_DAY_15H else None


def _against(
    limit: Limit | None, hours: Decimal, hours_a_day: Decimal
) -> tuple[list[Finding], list[Finding]]:
    """Compare the longest path with the law: (errors, warnings)."""
    if limit is None:
        text = _("Chưa biết thời hạn theo quy định nên chưa so được. Hãy ghi thời hạn của thủ tục.")
        return [], [Finding("no_limit", text)]
    values: dict[str, object] = {
        "hours": plain_number(hours),
        "days": plain_number(hours / hours_a_day),
        "limit": words(limit),
    }
    allowed = _working_hours(limit, hours_a_day)
    if allowed is not None:
        if hours > allowed:
            text = _(
                "Tổng thời gian các bước là %(hours)s giờ (%(days)s ngày làm việc), vượt thời hạn %(limit)s."
                " Hãy giảm thời gian các bước trên đường dài nhất."
            )
            return [Finding("exceeds_limit", text, values=values)], []
        return [], []
    days = limit.value * (_LONGEST_MONTH if limit.unit is Unit.MONTH else 1)
    most = most_working_days(days)
    if hours > most * hours_a_day:
        values["most"] = most
        text = _(
            "Các bước cộng lại %(days)s ngày làm việc, nhưng trong %(limit)s có nhiều nhất %(most)s ngày"
            " làm việc. Hãy giảm thời gian, hoặc ghi rõ bước nào tính theo ngày lịch."
        )
        return [Finding("exceeds_limit", text, values=values)], []
    if hours > days * _WORKING_WEEK / _WEEK * hours_a_day:
        text = _("Các bước cộng lại %(days)s ngày làm việc, có thể vượt %(limit)s khi gặp nhiều ngày nghỉ.")
        return [], [Finding("may_exceed_limit", text, values=values)]
    return [], []


def allowed_hours(limit: Limit, hours_a_day: Decimal = HOURS_A_DAY) -> Decimal:
    """Return how many working hours `limit` can hold at most."""
    allowed = _working_hours(limit, hours_a_day)
    if allowed is None:
        days = limit.value * (_LONGEST_MONTH if limit.unit is Unit.MONTH else 1)
        allowed = most_working_days(days) * hours_a_day
    return allowed


def most_working_days(calendar_days: Decimal) -> int:
    """Return how many working days `calendar_days` can hold at most in a five-day week.

    One is added for a last day that falls on a day off and moves to the next working day (Civil Code 2015,
    Article 148.5). Working Saturdays are left out: they replace a day off near by.
    """
    weeks, rest = divmod(floor(calendar_days), _WEEK)
    return weeks * _WORKING_WEEK + min(rest, _WORKING_WEEK) + 1


def total_words(hours: Decimal | None, translate: Callable[[str], str] = str) -> str:
    """Return a sum of hours as an office writes it; empty where there is none."""
    if not hours:
        return ""
    values = {
        "hours": Limit(hours, Unit.WORKING_HOUR).words(translate),
        "days": Limit(hours / HOURS_A_DAY, Unit.WORKING_DAY).words(translate),
    }
    return translate(_("%(hours)s (bằng %(days)s)")) % values


def words(limit: Limit, translate: Callable[[str], str] = str) -> str:
    """Return the limit as an office writes it, short: "nửa ngày làm việc", "trong ngày"."""
    return translate(_("trong ngày")) if limit.unit is Unit.SAME_DAY_15H else limit.words(translate)


def _about(code: str, step: Step, text: str, **values: object) -> Finding:
    return Finding(code, text, step.key, {"name": step.name, "key": step.key, **values})
