"""What two versions say differently, step by step and field by field. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motcua.workflow import acts, checks, units
from motcua.workflow.diagram import words
from motcua.workflow.engine import Definition, Step
from motcua.workflow.models.rows import KIND_NAMES
from motcua.workflow.shape import Draft


@dataclass(frozen=True, slots=True)
class Change:
    """One field: what it said, what it says. Empty means nothing stood, or stands, there."""

    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class StepChange:
    """One step that is new, gone, moved or changed. `kind` is "added", "removed" or "changed"."""

    kind: str
    key: str
    name: str
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class Differences:
    """All of it; `whole` is about the workflow itself."""

    whole: tuple[Change, ...]
    steps: tuple[StepChange, ...]

    @property
    def any(self) -> bool:
        return bool(self.whole or self.steps)


def between(before: Draft, after: Draft) -> Differences:
    """Return what `after` says otherwise than `before`; steps are the same when they have the same key."""
    return Differences(tuple(_whole(before, after)), tuple(_steps(before.definition, after.definition)))


def _whole(before: Draft, after: Draft) -> Iterator[Change]:
    pairs = [
        (_("Tên quy trình"), before.name, after.name),
        (_("Thời hạn theo quy định"), _limit(before), _limit(after)),
        (_("Đường dài nhất"), _longest(before), _longest(after)),
        (_("Bước đầu tiên"), _name(before.definition, before.definition.start),
         _name(after.definition, after.definition.start)),
    ]  # fmt: skip
    for field, one, other in pairs:
        if one != other:
            yield Change(field, one, other)


def _steps(before: Definition, after: Definition) -> Iterator[StepChange]:
    for number, step in enumerate(after.steps, start=1):
        earlier = before.by_key.get(step.key)
        if earlier is None:
            said = tuple(Change(field, "", text) for field, text in _facts(after, step) if text)
            yield StepChange("added", step.key, f"{number}. {step.name}", said)
            continue
        changes = tuple(
            Change(field, one, other)
            for (field, one), (_field, other) in zip(
                _facts(before, earlier), _facts(after, step), strict=True
            )
            if one != other
        )
        if changes:
            yield StepChange("changed", step.key, f"{number}. {step.name}", changes)
    for step in before.steps:
        if step.key not in after.by_key:
            yield StepChange("removed", step.key, step.name)


_FIELDS: tuple[Promise, ...] = (
    gettext_lazy("Tên bước"), gettext_lazy("Loại bước"), gettext_lazy("Ai làm"), gettext_lazy("Đơn vị"),
    gettext_lazy("Thời gian"), gettext_lazy("Sản phẩm"), gettext_lazy("Kết thúc bằng"), gettext_lazy("Tiếp theo"),
    gettext_lazy("Trả lại được"), gettext_lazy("Trạng thái quốc gia"), gettext_lazy("Ngoại lệ bảo mật"),
)  # fmt: skip


def _facts(definition: Definition, step: Step) -> list[tuple[str, str]]:
    item = words.as_list(Definition(definition.steps, definition.start), only=step.key)[0]
    time = "" if step.hours is None else checks.words(step.hours)
    if step.time_group:
        time = f"{time} ({_('nhóm')} {step.time_group})".strip()
    if step.stops_clock:
        time = f"{time} {_('không tính vào thời hạn')}".strip()
    values = (
        *(step.name, str(KIND_NAMES[step.kind]), item.who, units.name_of(step.unit), time, step.product),
        *(str(acts.NAMES.get(step.completed_by, step.completed_by)), "; ".join(item.follows), item.back),
        *(str(step.national_status or ""), step.exception),
    )
    return [(str(field), value) for field, value in zip(_FIELDS, values, strict=True)]


def _limit(draft: Draft) -> str:
    return checks.words(draft.limit) if draft.limit else ""


def _longest(draft: Draft) -> str:
    return checks.total_words(checks.check(draft.definition).hours, _)


def _name(definition: Definition, key: str) -> str:
    return definition.by_key[key].name if key in definition.by_key else ""
