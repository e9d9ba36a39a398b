"""The table of steps as a browser sends it: fields to steps, with every fault named. Knows no request.

Fields are called `name.<step>`, `time.<step>` …; what is not sent stays as it was, so the table may show the
columns and a panel the rest of one step. Nothing is guessed: a value that cannot be read is a `Fault`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import Final, Protocol

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motcua.lib.due import Limit, Unit
from motcua.lib.due_terms import plain_number
from motcua.lib.refusal import Refusal
from motcua.lib.vietnamese import normalize
from motcua.workflow import acts, checks, units
from motcua.workflow.engine import END, Route, Step, StepKind
from motcua.workflow.shape import Draft
from motcua.workflow.shaping import kinds_of
from motcua.workflow.source import reading

MOST_STEPS: Final = 80
MOST_ROUTES: Final = 20
_MOST_TIME: Final = Decimal(1000)
TIME_UNITS: Final = {
    Unit.WORKING_HOUR: gettext_lazy("giờ"),
    Unit.WORKING_DAY: gettext_lazy("ngày làm việc"),
    Unit.CALENDAR_DAY: gettext_lazy("ngày"),
}
OTHER: Final = {"named": units.NAMED, "outside": units.OUTSIDE}
"""Kinds of unit that need a name beside them."""


class Fields(Protocol):
    """What a browser sent."""

    def getlist(self, key: str) -> Sequence[str]: ...
    def __contains__(self, key: object, /) -> bool: ...


@dataclass(frozen=True, slots=True)
class Fault:
    """One field that cannot be taken, with what to do."""

    field: str
    text: str


def read(data: Fields, kept: Draft) -> tuple[Draft, list[Fault]]:
    """Return the draft as the fields say it, and what could not be read (those fields stay as they were)."""
    reader = _Reader(data, kept)
    return reader.draft(), reader.faults


def unit_parts(unit: str) -> tuple[str, str]:
    """Return the kind of unit to choose and the name beside it."""
    for kind, prefix in OTHER.items():
        if unit.startswith(prefix):
            return kind, unit.removeprefix(prefix)
    return unit, ""


class _Reader:
    def __init__(self, data: Fields, kept: Draft) -> None:
        self.data, self.kept = data, kept
        self.faults: list[Fault] = []
        self.keys = set(kept.definition.by_key)

    def draft(self) -> Draft:
        definition = self.kept.definition
        order = [key for key in dict.fromkeys(self.data.getlist("row")) if key in self.keys]
        order += [step.key for step in definition.steps if step.key not in order]
        steps = tuple(self.step(definition.by_key[key]) for key in order)
        start = self.text("start", definition.start, 40)
        if start not in self.keys:
            start = definition.start
        limit, text = self.limit()
        changed = replace(definition, steps=steps, start=start)
        return replace(self.kept, definition=changed, limit=limit, limit_text=text)

    def fault(self, field: str, text: str) -> None:
        self.faults.append(Fault(field, text))

    def text(self, field: str, kept: str, most: int, what: str = "") -> str:
        """Return a line of text as sent, or as it was."""
        if field not in self.data:
            return kept
        found = normalize(self.data.getlist(field)[-1])
        if len(found) > most:
            self.fault(
                field, _("%(what)s dài hơn %(most)s ký tự. Hãy viết ngắn lại.") % {"what": what, "most": most}
            )
            return kept
        return found

    def choice(self, field: str, kept: str, allowed: Mapping[str, object] | set[str], what: str) -> str:
        found = self.text(field, kept, 300, what)
        if found and found not in allowed and found != kept:
            self.fault(
                field, _("%(what)s: giá trị này không có trong danh sách. Hãy chọn lại.") % {"what": what}
            )
            return kept
        return found

    # ── One step

    def step(self, kept: Step) -> Step:
        key = kept.key
        name = self.text(f"name.{key}", kept.name, 200, _("Tên bước"))
        if not name:
            self.fault(f"name.{key}", _("Bước này chưa có tên. Hãy đặt tên bước."))
        changed = replace(
            kept,
            name=name or kept.name,
            role=self.choice(f"role.{key}", kept.role, set(acts.DOERS), _("Vai trò")),
            unit=self.unit(kept),
            hours=self.hours(kept),
            product=self.text(f"product.{key}", kept.product, 2000, _("Sản phẩm")),
            exception=self.text(f"exception.{key}", kept.exception, 300, _("Ngoại lệ bảo mật")),
            time_group=self.text(f"group.{key}", kept.time_group, 40, _("Nhóm thời gian")),
            completed_by=self.choice(f"act.{key}", kept.completed_by, acts.NAMES, _("Việc kết thúc bước"))
            or kept.completed_by,
            kind=StepKind(self.choice(f"kind.{key}", kept.kind, set(StepKind), _("Loại bước")) or kept.kind),
            national_status=self.status(kept),
        )
        if f"detail.{key}" in self.data:
            changed = replace(
                changed,
                stops_clock=f"stops.{key}" in self.data,
                routes=self.routes(kept),
                may_send_back_to=self.backs(kept),
            )
        return acts.of_another_kind(kept, self.habits(kept, changed))

    def habits(self, kept: Step, changed: Step) -> Step:
        """Let unit, act and status follow a role that was changed, where they were the usual ones."""
        before, after = acts.HABITS.get(kept.role), acts.HABITS.get(changed.role)
        if kept.role == changed.role or after is None or changed.kind is not StepKind.USER:
            return changed
        if changed.unit == kept.unit and kept.unit in {"", before.unit if before else ""}:
            changed = replace(changed, unit=after.unit)
        if changed.completed_by == kept.completed_by and kept.completed_by in {
            "forward",
            before.act if before else "",
        }:
            changed = replace(changed, completed_by=after.act)
        if changed.national_status == kept.national_status and kept.national_status in {
            None, before.status if before else None,
        }:  # fmt: skip
            changed = replace(changed, national_status=after.status)
        return changed

    def unit(self, kept: Step) -> str:
        kind, name = unit_parts(kept.unit)
        allowed = {*units.NAMES, *OTHER, "finance", "support", kind}
        kind = self.choice(f"unit.{kept.key}", kind, allowed, _("Đơn vị"))
        name = self.text(f"unit_name.{kept.key}", name, 180, _("Tên đơn vị"))
        return OTHER[kind] + name if kind in OTHER else kind

    def hours(self, kept: Step) -> Limit | None:
        field, unit_field = f"time.{kept.key}", f"time_unit.{kept.key}"
        if field not in self.data:
            return kept.hours
        text = self.data.getlist(field)[-1].strip()
        if not text:
            return None
        unit_text = self.text(unit_field, kept.hours.unit if kept.hours else Unit.WORKING_HOUR, 20)
        held = {kept.hours.unit} if kept.hours else set()
        try:
            unit = Unit(unit_text)
            value = Decimal(text.replace(" ", "").replace(",", "."))
        except (InvalidOperation, ValueError):
            unread = _("Không đọc được thời gian “%(text)s”. Hãy ghi số, ví dụ 4 hoặc 0,5.")
            self.fault(field, unread % {"text": text[:40]})
            return kept.hours
        if unit not in TIME_UNITS and unit not in held:
            self.fault(unit_field, _("Đơn vị thời gian này không dùng cho bước. Hãy chọn giờ hoặc ngày."))
            return kept.hours
        return self.sane(field, value, unit, kept)

    def sane(self, field: str, value: Decimal, unit: Unit, kept: Step) -> Limit | None:
        """Return the time, unless it is none that an office would write."""
        if not value.is_finite() or value <= 0:
            self.fault(
                field, _("Thời gian của bước phải lớn hơn 0. Để trống nếu bước không có thời gian riêng.")
            )
        elif value > _MOST_TIME:
            text = _(
                "Thời gian %(value)s quá lớn cho một bước (nhiều nhất %(most)s). Hãy kiểm tra lại số và đơn vị."
            )
            said = plain_number(value) if value < 10**12 else "…"
            self.fault(field, text % {"value": said, "most": plain_number(_MOST_TIME)})
        elif value != round(value, 2):
            self.fault(field, _("Thời gian chỉ ghi đến hai chữ số thập phân. Hãy làm tròn."))
        else:
            try:
                return Limit(value, unit)
            except Refusal as refused:
                self.fault(field, refused.message)
        return kept.hours

    def status(self, kept: Step) -> int | None:
        field = f"status.{kept.key}"
        if field not in self.data:
            return kept.national_status
        text = self.data.getlist(field)[-1].strip()
        if not text:
            return None
        if not text.isdecimal() or not 1 <= int(text[:3]) <= 10:
            self.fault(field, _("Trạng thái quốc gia là số từ 1 đến 10. Hãy chọn lại."))
            return kept.national_status
        return int(text)

    def routes(self, kept: Step) -> tuple[Route, ...]:
        field = f"to.{kept.key}"
        labels, targets = self.data.getlist(f"label.{kept.key}"), self.data.getlist(field)
        if len(targets) > MOST_ROUTES:
            self.fault(field, _("Một bước có nhiều nhất %(most)s hướng.") % {"most": MOST_ROUTES})
            return kept.routes
        pairs = []
        for number, to in enumerate(targets):
            label = normalize(labels[number]) if number < len(labels) else ""
            if not to:
                continue
            if to != END and to not in self.keys:
                self.fault(field, _("Bước tiếp theo được chọn không còn trong quy trình. Hãy chọn lại."))
                return kept.routes
            if len(label) > 120:
                self.fault(field, _("Tên hướng dài hơn 120 ký tự. Hãy viết ngắn lại."))
                return kept.routes
            pairs.append((label, to))
        return kinds_of(pairs)

    def backs(self, kept: Step) -> tuple[str, ...]:
        chosen = [key for key in dict.fromkeys(self.data.getlist(f"back.{kept.key}")) if key in self.keys]
        return tuple(key for key in chosen if key != kept.key)

    # ── The workflow itself

    def limit(self) -> tuple[Limit | None, str]:
        shown = checks.words(self.kept.limit) if self.kept.limit else ""
        text = self.text("limit", shown, 120, _("Thời hạn"))
        if text == shown:
            return self.kept.limit, self.kept.limit_text
        if not text:
            return None, ""
        try:
            found = reading.one_limit(text)
        except Refusal as refused:
            self.fault("limit", refused.message)
            return self.kept.limit, self.kept.limit_text
        if found is None:
            unread = _("Không đọc được thời hạn “%(text)s”. Hãy ghi như “3 ngày làm việc”.")
            self.fault("limit", unread % {"text": text[:60]})
            return self.kept.limit, self.kept.limit_text
        return found, text
