"""Page weight: HTML + CSS + script, compressed, cold, without fonts and pictures (trust-and-ux §1.4 UX8)."""

import gzip
from dataclasses import dataclass, field

from playwright.sync_api import Page, Response

COUNTED = {"document", "stylesheet", "script"}


@dataclass(slots=True)
class Weight:
    """Bytes of a cold load after gzip -9, by address."""

    parts: dict[str, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        return sum(self.parts.values())

    def __str__(self) -> str:
        lines = [f"{size:7d}  {url}" for url, size in sorted(self.parts.items(), key=lambda one: -one[1])]
        return "\n".join([f"{self.total} bytes compressed", *lines])


def page_weight(page: Page, url: str) -> Weight:
    """Load `url` in a fresh context of the same browser and weigh what it fetched.

    Bodies are compressed here, so that the figure does not depend on which server the test uses.
    """
    browser = page.context.browser
    assert browser is not None
    context = browser.new_context(locale="vi-VN", service_workers="block")
    try:
        for copier in getattr(page, "motcua_routes", []):
            copier(context)
        fresh = context.new_page()
        answers: list[Response] = []
        fresh.on("response", lambda one: answers.append(one))
        fresh.goto(url)
        fresh.wait_for_load_state("networkidle")
        weight = Weight()
        for answer in answers:
            if answer.request.resource_type in COUNTED and answer.ok:
                weight.parts[answer.url] = len(gzip.compress(answer.body(), 9))
        return weight
    finally:
        context.close()
