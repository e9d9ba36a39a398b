"""Trials of a form that is being made: made-up answers, and what the form must make of them. Pure.

A trial is `{name, on, values, expect}`; `expect` is `{known, asked, faults, computed}`: the places that were there when
it was set down, those that were asked, those with a fault, and the words of computed fields. Places that came later
are judged by their faults alone, so an added question that may stay empty breaks no trial.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from motcua.eforms.engine import answers, computing, conditions, showing
from motcua.eforms.engine.model import Form, Values, places

Trial = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a form makes of answers: every place with its label, which are asked, faults and computed words by place."""

    labels: dict[str, str]
    asked: list[str]
    faults: dict[str, str]
    computed: dict[str, str]

    def expect(self) -> dict[str, Any]:
        """Return it as the expectation of a trial."""
        return {
            "known": list(self.labels), "asked": self.asked, "faults": list(self.faults), "computed": self.computed,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Ran:
    """One trial that was run: its number, and in words what came out otherwise. Nothing: it holds."""

    number: int
    trial: Trial
    outcome: Outcome
    wrong: list[str]


def outcome(form: Form, values: Values, *, on: date) -> Outcome:
    """Return what a form makes of answers on a day; a fault inside a question counts as the question's."""
    labels: dict[str, str] = {one.key: one.title for one in form.sections if one.rows}
    asked = [one.key for one in form.sections if one.rows and conditions.true(one.show, values, on=on)]
    computed = {}
    for section, field, path, beside in places(form, values):
        if field.kind == "note":
            continue
        labels[path] = field.label
        if not answers.visible(section, field, values, beside, on):
            continue
        asked.append(path)
        if field.kind == "computed":
            found = computing.computed(field, values | beside, on=on)
            computed[path] = "" if found is None else showing.text_of(field, None, values | beside, on)
    _tell_apart(form, values, labels)
    faults: dict[str, str] = {}
    for path, say in answers.check(form, values, on=on).items():
        faults.setdefault(_place(path, labels), say)
    return Outcome(labels, asked, faults, computed)


def _tell_apart(form: Form, values: Values, labels: dict[str, str]) -> None:
    """Put the section's name before the words of questions that sound alike."""
    often = Counter(labels.values())
    for section, field, path, _beside in places(form, values):
        if often[field.label] > 1 and path in labels:
            labels[path] = f"{section.title}: {field.label}"


def _place(path: str, labels: dict[str, str]) -> str:
    found = path
    while found and found not in labels:
        found = found.rpartition(".")[0]
    return found or path


def run(form: Form, trials: list[Trial]) -> list[Ran]:
    """Run every trial on the day it names."""
    found = []
    for number, one in enumerate(trials):
        result = outcome(form, one["values"], on=date.fromisoformat(one["on"]))
        found.append(Ran(number, one, result, list(_wrong(one["expect"], result))))
    return found


def _wrong(expect: dict[str, Any], found: Outcome) -> Iterator[str]:
    known = set(expect.get("known", ()))
    for path in expect.get("asked", ()):
        if path not in found.labels:
            yield _("Không còn câu “%(path)s”.") % {"path": path}
        elif path not in found.asked:
            yield _("Phải hỏi “%(label)s” mà không hỏi.") % {"label": found.labels[path]}
    for path in found.asked:
        if path in known and path not in expect.get("asked", ()):
            yield _("Không được hỏi “%(label)s” mà lại hỏi.") % {"label": found.labels[path]}
    for path, say in found.faults.items():
        if path not in expect.get("faults", ()):
            label = _label(found, path)
            yield _("Báo lỗi ngoài dự kiến: %(say)s") % {"say": say if label in say else f"{label}. {say}"}
    for path in expect.get("faults", ()):
        if path not in found.faults:
            yield _("Phải báo lỗi ở “%(label)s” mà không báo.") % {"label": _label(found, path)}
    for path, words in expect.get("computed", {}).items():
        if path in found.computed and found.computed[path] != words:
            yield _("“%(label)s” phải là “%(want)s”, tính ra “%(have)s”.") % {
                "label": _label(found, path), "want": words, "have": found.computed[path],
            }  # fmt: skip


def _label(found: Outcome, path: str) -> str:
    return found.labels.get(path, path)
