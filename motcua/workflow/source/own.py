"""The project's own shape of a workflow, in TOML: short enough to be written and read by hand.

    key = "demo:1.001193"           # what tells this workflow apart
    name = "Đăng ký khai sinh"
    procedures = ["1.001193"]       # national codes it is meant for
    official = false                # true only when the hours were published by an office
    source = "…"
    limit = "trong ngày"            # or "15 ngày", "3 ngày làm việc"

    [[steps]]
    key = "appraise"
    name = "Thẩm định hồ sơ"
    kind = "user"                   # default; consult, wait, join, child, auto, post
    role = "specialist"
    unit = "owner"
    hours = 4                       # or days = 0.5; shared = "g1" for a time shared with other steps
    product = "Dự thảo kết quả"
    status = 4                      # national status while the step is open
    by = "propose"                  # the act that completes it
    back = ["accept"]
    exception = "…"                 # with kind = "post": who is not posted in public, and on what ground
    next = "approve"                # default: the step written below it; "end" finishes
    choices = { "Đồng ý" = "sign", "Lấy ý kiến" = ["fire", "road"] }   # a list opens parallel branches

Unknown keys are refused: a misspelt one would change the workflow in silence.
"""

import tomllib
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from motcua.lib.due import Limit, Unit
from motcua.lib.due_words import phrase
from motcua.lib.finding import mark as _
from motcua.lib.refusal import Refusal
from motcua.workflow.engine import END, Definition, Route, RouteKind, Step, StepKind
from motcua.workflow.shape import Draft
from motcua.workflow.source import reading

_FACTS = {
    *("key", "name", "code", "sector", "agency_kind", "decision", "source", "official", "variant"),
    *("limit", "procedures", "start", "steps"),
}
_STEP = {
    *("key", "name", "kind", "role", "unit", "hours", "days", "shared", "stops_clock", "product", "status"),
    *("by", "back", "next", "choices", "exception"),
}


def recognises(content: Any) -> bool:
    """Tell whether `content` (parsed TOML or JSON) is one workflow in this shape, by its keys."""
    return isinstance(content, dict) and {"key", "name", "steps"} <= content.keys()


def parse(text: str) -> Draft:
    """Read one workflow from TOML; refuses what it does not understand, naming it."""
    try:
        return draft(tomllib.loads(text, parse_float=Decimal))
    except tomllib.TOMLDecodeError as error:
        raise Refusal(phrase(_("Tệp quy trình sai cú pháp TOML: %(error)s."), error=str(error))) from error


def draft(content: dict[str, Any]) -> Draft:
    """Turn parsed content into a draft."""
    _only(content, _FACTS, f"quy trình {content.get('key', '')}")
    rows = content["steps"]
    if not isinstance(rows, list) or not rows:
        raise Refusal(phrase(_("Quy trình %(key)s không có bước nào."), key=str(content["key"])))
    keys = [row.get("key", "") for row in rows] + [END]
    steps = tuple(_Reader(row, then).step() for row, then in zip(rows, keys[1:], strict=True))
    return Draft(
        key=content["key"],
        name=content["name"],
        code=content.get("code", ""),
        sector=content.get("sector", ""),
        agency_kind=content.get("agency_kind", ""),
        decision=content.get("decision", ""),
        source=content.get("source", ""),
        official=bool(content.get("official", False)),
        variant=content.get("variant", ""),
        definition=Definition(steps, content.get("start", steps[0].key), content["name"]),
        limit=_limit(content.get("limit", "")),
        limit_text=content.get("limit", ""),
        procedures=tuple(content.get("procedures", ())),
    )


def _limit(text: str) -> Limit | None:
    found = reading.limits(text)
    if text and len(found) != 1:
        unread = _("Không đọc được thời hạn “%(text)s”. Hãy ghi như “3 ngày làm việc”.")
        raise Refusal(phrase(unread, text=text))
    return found[0] if found else None


def _only(content: dict[str, Any], allowed: set[str], where: str) -> None:
    unknown = sorted(content.keys() - allowed)
    if unknown:
        text = _("Không hiểu “%(key)s” ở %(where)s. Hãy xem docs/reference/workflow.md.")
        raise Refusal(phrase(text, key=unknown[0], where=where))


@dataclass
class _Reader:
    """One [[steps]] table."""

    row: dict[str, Any]
    then: str

    def step(self) -> Step:
        row = self.row
        _only(row, _STEP, f"bước {row.get('key', '')}")
        try:
            return Step(
                key=row["key"],
                name=row["name"],
                kind=StepKind(row.get("kind", "user")),
                role=row.get("role", ""),
                unit=row.get("unit", ""),
                hours=self.hours(),
                time_group=row.get("shared", ""),
                stops_clock=bool(row.get("stops_clock", False)),
                product=row.get("product", ""),
                national_status=row.get("status"),
                completed_by=row.get("by", "forward"),
                may_send_back_to=tuple(row.get("back", ())),
                exception=row.get("exception", ""),
                routes=tuple(self.routes()),
            )
        except (KeyError, ValueError, InvalidOperation) as error:
            text = _("Bước %(key)s ghi sai hoặc thiếu: %(error)s.")
            raise Refusal(phrase(text, key=str(row.get("key", "?")), error=str(error))) from error

    def hours(self) -> Limit | None:
        if "hours" in self.row:
            return Limit(Decimal(self.row["hours"]), Unit.WORKING_HOUR)
        if "days" in self.row:
            return Limit(Decimal(self.row["days"]), Unit.WORKING_DAY)
        return None

    def routes(self) -> list[Route]:
        choices = self.row.get("choices")
        if not choices:
            return self.outcome("", self.row.get("next", self.then), RouteKind.NORMAL)
        kind = RouteKind.CHOICE if len(choices) > 1 else RouteKind.NORMAL
        return [route for label, to in choices.items() for route in self.outcome(label, to, kind)]

    def outcome(self, label: str, to: str | list[str], kind: RouteKind) -> list[Route]:
        if isinstance(to, str):
            return [Route(to, label, kind)]
        return [Route(one, label, RouteKind.FORK) for one in to]
