"""axe-core over a page: WCAG 2.0–2.2 A and AA, and the best practices."""

from dataclasses import dataclass
from functools import cache

from playwright.sync_api import Page

from tests.harness.programs import AXE, npm_file

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]


@dataclass(frozen=True, slots=True)
class Violation:
    """One rule broken: its id, how bad, where, and axe's own words."""

    rule: str
    impact: str
    targets: tuple[str, ...]
    summary: str

    def __str__(self) -> str:
        return f"{self.rule} ({self.impact}) at {', '.join(self.targets[:4])}: {self.summary}"


@cache
def _source() -> str:
    return npm_file(AXE).read_text(encoding="utf-8")


def axe(
    page: Page, *, within: str | None = None, rules: tuple[str, ...] = (), contrast: bool = True
) -> list[Violation]:
    """Return every violation on the page as it stands now. Runs beside the page's CSP, not against it.

    `rules` names the only ones to look at; empty means all. Not `contrast`: all but contrasts, which cost half of it.
    """
    if page.evaluate("() => typeof axe === 'undefined'"):
        page.evaluate(_source())
    found = page.evaluate(
        """async ([within, tags, only, contrast]) => {
            const answer = await axe.run(within ?? document, {
                runOnly: only.length ? {type: "rule", values: only} : {type: "tag", values: tags},
                rules: only.length ? {} : {"target-size": {enabled: true}, "color-contrast": {enabled: contrast}},
                resultTypes: ["violations"],
            });
            // What a bar at the screen's edge covers can be scrolled from under it: such a target is measured free of it.
            for (const one of answer.violations.filter((one) => one.id === "target-size")) {
                const left = [];
                for (const node of one.nodes) {
                    const place = document.querySelector(node.target.flat().join(" "));
                    place?.scrollIntoView({block: "center"});
                    const again = place && await axe.run(place, {runOnly: ["target-size"], resultTypes: ["violations"]});
                    if (!again || again.violations.length) left.push(node);
                }
                one.nodes = left;
            }
            return answer.violations.filter((one) => one.nodes.length).map((one) => ({
                rule: one.id, impact: one.impact ?? "",
                targets: one.nodes.map((node) => node.target.flat().join(" ")),
                summary: one.nodes[0].failureSummary,
            }));
        }""",
        [within, TAGS, list(rules), contrast],
    )
    return [Violation(one["rule"], one["impact"], tuple(one["targets"]), one["summary"]) for one in found]
