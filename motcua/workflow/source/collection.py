"""Collections of real internal processes in JSON (`{"source", "workflows": [{"steps", "variants", …}]}`).

Each column of times ("không xác minh", "có xác minh") becomes a variant of its workflow. Cells merged in the
source share one time. The `parsed` reading of the source is compared with the words; the words win.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from motcua.lib.due import Limit, Unit
from motcua.lib.due_terms import plain_number
from motcua.lib.due_words import phrase
from motcua.lib.finding import mark as _
from motcua.lib.refusal import Refusal
from motcua.lib.vietnamese import normalize
from motcua.workflow import checks
from motcua.workflow.engine import END, Definition, Route, Step
from motcua.workflow.shape import Draft, Flag, Wording
from motcua.workflow.source import reading

_STEP = ("work", "responsible")
_VERBS = {"receiver": "forward", "specialist": "propose", "unit_head": "propose", "leader": "approve"}
_DAYS = (Unit.WORKING_DAY, Unit.CALENDAR_DAY)
_RECEIVED, _PROCESSING, _DONE = 2, 4, 9


def recognises(content: Any) -> bool:
    """Tell whether `content` (parsed JSON) is such a collection, by its keys."""
    workflows = content.get("workflows") if isinstance(content, dict) else None
    if not isinstance(workflows, list) or not workflows:
        return False
    return all(isinstance(row, dict) and isinstance(row.get("steps"), list) for row in workflows)


def drafts(content: dict[str, Any]) -> Iterator[Draft]:
    """Yield one draft per workflow and column of times; refuses a workflow without name or steps."""
    for number, row in enumerate(content["workflows"], start=1):
        if not row.get("name") or not row["steps"]:
            text = _("Quy trình thứ %(number)s trong tệp không có tên hoặc không có bước. Hãy sửa tệp.")
            raise Refusal(phrase(text, number=number))
        for order, step in enumerate(row["steps"], start=1):
            if not isinstance(step, dict) or not all(isinstance(step.get(key), str) for key in _STEP):
                text = _("Bước %(order)s của “%(name)s” thiếu việc làm hoặc người làm. Hãy sửa tệp.")
                raise Refusal(phrase(text, order=order, name=str(row["name"])))
        columns = list(row.get("variants") or [""])
        for column in range(len(columns)):
            yield _Column(row, columns, column, normalize(str(content.get("source", "")))).draft()


@dataclass
class _Column:
    """One workflow under one column of times."""

    row: dict[str, Any]
    columns: list[str]
    column: int
    source: str
    flags: list[Flag] = field(default_factory=list)

    def draft(self) -> Draft:
        limit, limit_text = self.limit()
        definition = Definition(tuple(self.steps(limit)), "b1", normalize(self.row["name"]))
        self.compare(definition, limit)
        return Draft(
            key=str(self.row.get("id") or self.row.get("code")),
            code=str(self.row.get("code", "")),
            name=normalize(self.row["name"]),
            sector=normalize(self.row.get("group", "")),
            agency_kind="commune",
            decision=f"Ban hành ngày {self.row['issued']}" if self.row.get("issued") else "",
            source=self.source,
            official=True,
            variant=self.variant(),
            definition=definition,
            limit=limit,
            limit_text=limit_text,
            wordings={
                f"b{number}": Wording(step["work"], step["responsible"], self.time(step)["text"])
                for number, step in enumerate(self.row["steps"], start=1)
            },
            flags=tuple(self.flags),
        )

    def flag(self, code: str, text: str, step: str = "", *, blocks: bool = False) -> None:
        self.flags.append(Flag(code, text, step, blocks))

    def variant(self) -> str:
        """Return the column's heading, numbered where the source repeats it."""
        if len(self.columns) == 1:
            return ""
        heading = normalize(self.columns[self.column])
        same = [number for number, other in enumerate(self.columns) if normalize(other) == heading]
        return heading if len(same) == 1 else f"{heading} (cột {self.column + 1})"

    def time(self, step: dict[str, Any]) -> dict[str, Any]:
        times = step.get("times", [])
        time = times[self.column] if self.column < len(times) else {}
        return {**time, "text": str(time.get("text") or "")}

    # ── the limit of the column ──

    def limit(self) -> tuple[Limit | None, str]:
        """Return the legal limit: from the column's heading, else from the only limit of the text."""
        heading = self.columns[self.column]
        stated = "\n".join(self.row.get("time_limit_text", []))
        in_heading, in_text = reading.limits(heading), reading.limits(stated)
        if len(in_heading) == 1:
            return in_heading[0], heading
        if len(in_text) == 1 and len(self.columns) == 1:
            return in_text[0], stated
        text = "Cột thời gian không ghi thời hạn, phần thời hạn ghi nhiều mức: cần chọn mức cho cột này."
        self.flag("limit_unclear", text, blocks=True)
        return None, stated

    # ── the steps ──

    def steps(self, limit: Limit | None) -> Iterator[Step]:
        rows = self.row["steps"]
        groups = self.groups()
        for number, row in enumerate(rows, start=1):
            key, last = f"b{number}", number == len(rows)
            doer = reading.doer(row["responsible"], row["work"], last=last)
            if doer.doubt:
                self.doubt_doer(doer, row["responsible"], key)
            group = groups[number - 1]
            leads = not group or groups.index(group) == number - 1
            yield Step(
                key=key,
                name=reading.short_name(row["work"]),
                role=doer.role,
                unit=doer.unit,
                hours=self.hours(row, key, limit) if leads else None,
                time_group=group,
                national_status=_RECEIVED if number == 1 else _DONE if last else _PROCESSING,
                completed_by=self.verb(number, last, doer.role, rows),
                may_send_back_to=self.back(number, rows),
                routes=(Route(END if last else f"b{number + 1}"),),
                source=row["work"],
            )

    def verb(self, number: int, last: bool, role: str, rows: list[dict[str, Any]]) -> str:
        if last:
            return "return_result"
        if number == 1:
            return "accept"
        return "issue" if role == "clerk" else _VERBS.get(role, "forward")

    def back(self, number: int, rows: list[dict[str, Any]]) -> tuple[str, ...]:
        """Return the nearest earlier step of the officer in charge, where the words send it back to them."""
        if not reading.sends_back(rows[number - 1]["work"]):
            return ()
        for earlier in range(number - 1, 0, -1):
            if reading.doer(rows[earlier - 1]["responsible"]).role == "specialist":
                return (f"b{earlier}",)
        return ()

    def doubt_doer(self, doer: reading.Doer, responsible: str, key: str) -> None:
        texts = {
            "other_agency": f"“{responsible}” là cơ quan khác: cần chọn lấy ý kiến hay hồ sơ liên thông.",
            "role_unmapped": f"Không rõ “{responsible}” là vai trò nào: cần chọn vai trò.",
            "role_from_unit": f"“{responsible}” chỉ ghi đơn vị; hiểu là chuyên viên của đơn vị đó.",
        }
        self.flag(doer.doubt, texts[doer.doubt], key, blocks=doer.doubt != "role_from_unit")

    # ── the times ──

    def groups(self) -> list[str]:
        """Return, per step, the group of cells it shares one time with (empty: a time of its own).

        Cells belong together when they follow one another with the same group number and the same words. The
        source reuses its numbers for cells that are not merged; that is flagged and not followed.
        """
        cells = [(self.time(step).get("merged_group"), self.time(step)["text"]) for step in self.row["steps"]]
        runs: list[list[int]] = []
        for number, cell in enumerate(cells):
            if runs and cell[0] is not None and cell == cells[runs[-1][-1]]:
                runs[-1].append(number)
            else:
                runs.append([number])
        starts: dict[object, int] = {}
        for run in runs:
            mark = cells[run[0]][0]
            if mark is not None and mark in starts:
                text = (
                    f"Số nhóm ô gộp {mark} lặp lại ở ô không liền nhau hoặc khác nội dung: không coi là gộp."
                )
                self.flag("group_number_reused", text, f"b{run[0] + 1}")
            starts.setdefault(mark, run[0])
        names = [""] * len(cells)
        for run in runs:
            if len(run) > 1 and cells[run[0]][1].strip():
                words = cells[run[0]][1]
                text = f"Các bước {run[0] + 1}–{run[-1] + 1} chung một thời gian “{words}”, nguồn không chia."
                self.flag("shared_time", text, f"b{run[0] + 1}")
                for number in run:
                    names[number] = f"g{run[0] + 1}"
        return names

    def hours(self, row: dict[str, Any], key: str, limit: Limit | None) -> Limit | None:
        time = self.time(row)
        words = normalize(time["text"])
        cell = reading.cell(words)
        if not words:
            self.flag("time_missing", "Ô thời gian để trống: cần ghi thời gian của bước.", key, blocks=True)
            return None
        if cell is None:
            self.flag("time_unreadable", f"Không đọc được thời gian “{words}”.", key, blocks=True)
            return None
        self.compare_reading(time.get("parsed"), cell, key)
        if cell.rest:
            text = f"Thời gian “{words}” tính từ một mốc riêng hoặc có điều kiện: cần người xem."
            self.flag("own_start", text, key, blocks=True)
        return self.with_unit(cell, words, key, limit)

    def with_unit(self, cell: reading.Cell, words: str, key: str, limit: Limit | None) -> Limit | None:
        unit = cell.unit
        if not unit and "(ngày)" in self.columns[self.column].lower():
            unit = "ngày"  # the heading says it for the whole column
        if not unit:
            self.flag("no_unit", f"“{words}” không ghi đơn vị: cần chọn ngày hay giờ.", key, blocks=True)
            return None
        if unit == "ngày" and limit is not None and limit.unit is Unit.CALENDAR_DAY:
            text = f"“{words}”: thời hạn chung là ngày lịch, không rõ bước tính ngày làm việc hay ngày lịch."
            self.flag("day_kind_unclear", text, key, blocks=True)
        if unit in ("ngày", "ngày làm việc"):
            return Limit(cell.value, Unit.WORKING_DAY)
        return Limit(cell.value, Unit.WORKING_HOUR)

    def compare_reading(self, parsed: dict[str, Any] | None, cell: reading.Cell, key: str) -> None:
        if parsed and Decimal(str(parsed["value"])) != cell.value:
            read, written = parsed["value"], plain_number(cell.value)
            text = f"Tệp nguồn đọc là {read}, nhưng lời văn là {written}: theo lời văn."
            self.flag("source_reading_differs", text, key)

    def compare(self, definition: Definition, limit: Limit | None) -> None:
        """Flag a sum of the steps that is not the limit (over it is an error of the check as well)."""
        total = checks.check(definition).hours
        if total is None or limit is None or limit.unit not in (*_DAYS, Unit.SAME_DAY_15H):
            return
        days, stated = total / checks.HOURS_A_DAY, limit.value or Decimal(1)
        if days != stated and not any(flag.code in ("no_unit", "time_missing") for flag in self.flags):
            text = f"Các bước cộng lại {plain_number(days)} ngày, thời hạn ghi {plain_number(stated)} ngày."
            self.flag("sum_differs", text, blocks=days > stated)
