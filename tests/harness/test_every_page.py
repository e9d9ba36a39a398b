"""Every route of the three hosts that answers a page: axe at two widths, markup, widths, forced colours, keyboard,
weight.

The table is `pages.py`; the rows behind it are `rows.py`, real ones in a transaction that is rolled back. One
browser and one validator look at all of them.
"""

import gzip
import re
import sys
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.test import override_settings
from playwright.sync_api import Browser, BrowserContext, Error, Frame, Page, Route

from motcua.base.audit import administration
from motcua.config import checks
from motcua.dossiers.offers import KEYS
from motcua.lib.actor import SYSTEM
from motcua.sites.desk import administration_words
from motcua.ui.routing import everyone, route, set_database_actor
from tests.harness import check, fixtures, test_showcase
from tests.harness.fixtures import _SPY, serve, watch
from tests.harness.pages import ACTS, BUDGETS, ELSEWHERE, ERRORS, OTHERWISE, PAGES, Visit
from tests.harness.programs import SCREENS
from tests.harness.rows import HOSTS, Rows
from tests.harness.screens import PICTURES, screens
from tests.harness.vnu import Checker
from tests.harness.weight import page_weight

pytestmark = [pytest.mark.browser, pytest.mark.django_db]


def routes() -> set[tuple[str, str]]:
    return {
        (host, str(entry.name))
        for host, name in HOSTS.items()
        for _text, entry in checks.patterns(settings.HOST_URLCONFS[name])
    }


@cache
def _weighed(path: str) -> int:
    return len(gzip.compress(Path(path).read_bytes(), 9))


@dataclass(frozen=True)
class Document:
    """A page that was sent to the tab."""

    path: str
    status: int
    text: str
    silent: bool = False  # the browser tells nobody where a form of it came from

    @property
    def leads_on(self) -> bool:
        return 300 <= self.status < 400


@dataclass
class Tab:
    """One browser tab; who sits before it changes from page to page. Remembers the page that was sent last."""

    page: Page
    rows: Rows
    who: str = ""
    documents: list[Document] = field(default_factory=list)
    sent: dict[str, Any] = field(default_factory=dict)
    weights: dict[str, tuple[str, int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        answer = serve(self)  # type: ignore[arg-type]  (it asks `generic` alone)

        def routed(context: BrowserContext) -> None:
            context.route(fixtures.PAGES, answer)
            context.route(f"{settings.LIVE_URL}/**", _quiet)
            context.route(re.compile(r"/papers/.+\.pdf$"), _printer)

        routed(self.page.context)
        self.page.motcua_rows = self.rows  # type: ignore[attr-defined]
        self.page.motcua_routes.append(routed)  # type: ignore[attr-defined]
        self.page.on("framenavigated", self._arrived)

    def generic(self, method: str, path: str, **kept: Any) -> Any:
        """Ask the site as whoever sits here."""
        response = self.rows.client(self.who).generic(method, path, **kept)
        set_database_actor(SYSTEM)
        if not response.streaming:
            self.sent[path] = response
        return response

    def _arrived(self, frame: Frame) -> None:
        parts = urlsplit(frame.url)
        response = self.sent.get(parts.path + (f"?{parts.query}" if parts.query else ""))
        if frame == self.page.main_frame and response is not None:
            silent = response.headers.get("Referrer-Policy") == "no-referrer"
            self.documents.append(
                Document(parts.path, response.status_code, response.content.decode(), silent)
            )

    def open(self, host: str, visit: Visit) -> Document:
        """Go there, press what is to be pressed; return the page that stands there then."""
        self.who = visit.who
        self.rows.clients.clear()  # logged in a moment ago: sessions end while a test runs on
        self.page.set_viewport_size({"width": 1366, "height": 900})
        self._go(f"http://{HOSTS[host]}{visit.address.format(**self.rows.names)}")
        self._settle(0)
        if visit.press is not None:
            before = len(self.documents)
            self.page.complaints.clear()  # type: ignore[attr-defined]
            visit.press(self.page)
            if not visit.stays:
                self._settle(before)
        return self.documents[-1]

    def _go(self, address: str) -> None:
        """Leave the page that stands there and go to an address; once more where the old page was just reloading itself."""
        for last in (False, True):
            self.page.goto("about:blank")
            self.documents.clear()
            try:
                self.page.goto(address)
                return
            except Error as fault:
                if last or "interrupted by another navigation" not in str(fault):
                    raise

    def _settle(self, before: int) -> None:
        """Wait for a page that leads nowhere else."""
        for _ in range(1200):
            if len(self.documents) > before and not self.documents[-1].leads_on:
                self.page.wait_for_load_state("load")
                return
            self.page.wait_for_timeout(25)
        raise AssertionError(f"no page came after {self.documents[before - 1 :]}")

    def weight(self, document: Document) -> dict[str, int]:
        """Return what the page needs, by address, compressed; the browser may have had it already."""
        found = {"the page": len(gzip.compress(document.text.encode(), 9))}
        for url in self.page.evaluate(
            "() => performance.getEntriesByType('resource').map((one) => one.name)"
        ):
            path = urlsplit(url).path
            if path.endswith((".css", ".js")):
                place = finders.find(path.removeprefix("/static/")) if path.startswith("/static/") else None
                found[path] = (
                    _weighed(str(place)) if place else len(gzip.compress(self.sent[path].content, 9))
                )
        return found


def _quiet(route: Route) -> None:
    """Take the live process's place: a stream on which nothing happens."""
    route.fulfill(content_type="text/event-stream", body="retry: 3600000\n\n")


def _printer(route: Route) -> None:
    """Take a slip's place: a browser without a screen falls over its own PDF viewer when it prints."""
    route.fulfill(content_type="text/html", body="<!doctype html><title>Giấy hẹn</title>")


@pytest.fixture(scope="module")
def rows(django_db_setup: None, django_db_blocker: Any) -> Iterator[Rows]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield Rows()
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def tab(rows: Rows, browser: Browser, request: pytest.FixtureRequest) -> Iterator[Tab]:
    context = browser.new_context(locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh", service_workers="block")
    context.add_init_script(_SPY)
    page = context.new_page()
    watch(page)
    made = Tab(page, rows)
    yield made
    context.close()
    if PICTURES:
        lines = [f"{kind:9}{size:7}  {name}" for name, (kind, size) in made.weights.items()]
        file = request.module.__name__.rpartition(".")[2].removeprefix(
            "test_"
        )  # one each: they run side by side
        (SCREENS / f"weights-{file}.txt").write_text("\n".join(sorted(lines)) + "\n")


def looked_at(tab: Tab, vnu: Checker, host: str, visit: Visit, name: str, *, whole: bool = True) -> list[str]:
    """Return every fault of one page of the table."""
    tab.page.complaints.clear()  # type: ignore[attr-defined]
    document = tab.open(host, visit)
    if document.status >= 400:  # the browser logs the status itself
        said = f"a status of {document.status}"
        tab.page.complaints[:] = [one for one in tab.page.complaints if said not in one]  # type: ignore[attr-defined]
    found = [] if document.status == visit.status else [f"answers {document.status}, not {visit.status}"]
    wanted = urlsplit((visit.lands or visit.address).format(**tab.rows.names)).path
    if document.path != wanted:
        found.append(f"is {document.path}, not {wanted}")
    if "<!doctype html>" not in document.text[:200].lower():
        found.append("is no page")
    if document.silent and 'name="csrfmiddlewaretoken"' in document.text:
        found.append("has a form that the site refuses: under no-referrer it comes from the origin “null”")
    weight = tab.weight(document)
    tab.weights[name] = (visit.kind, sum(weight.values()))
    if sum(weight.values()) > BUDGETS[visit.kind]:
        found.append(f"weighs {sum(weight.values())} of {BUDGETS[visit.kind]}: {weight}")
    if PICTURES:
        screens(tab.page, f"page-{name}", check.AXE_WIDTHS)
    # Dark, forced colours and the walk by Tab take two thirds of the time: of every third page here, of all in the long
    # profile. Which third is fixed by the page's name, so that a run says the same twice.
    whole = whole and (check.WHOLE or zlib.crc32(name.encode()) % 3 == 0)
    return found + check.faults(tab.page, vnu, html=document.text, whole=whole)


VISITS = [(host, route, visit) for (host, route), visits in PAGES.items() for visit in visits]


def named(host: str, route: str, visit: Visit) -> str:
    return visit.name or f"{host}-{route}".replace("_", "-")


def daily(host: str, visit: Visit) -> bool:
    """Tell whether citizens or officers at work open it. What administrators open now and then, and every other state of a
    page, is looked at in the long profile; the matrix of rights opens each of them in every run.
    """
    return host == "public" or visit.kind in {"desk", "intake"}


def once(visits: list[tuple[str, str, Visit]]) -> list[Any]:
    """Return the parameters of pages; those that are not opened daily in the long profile."""
    return [
        pytest.param(*one, id=named(*one), marks=() if daily(one[0], one[2]) else pytest.mark.long)
        for one in visits
    ]


#: Each page once. Every other one stands in `test_every_page_too`, so that two processes share them.
PAGES_ONCE = [one for one in VISITS if one[2] is PAGES[one[0], one[1]][0]]
HERE, TOO = PAGES_ONCE[::2], PAGES_ONCE[1::2]
#: Pages in other states: with faults, empty, finished, for somebody else.
STATES = [one for one in VISITS if one not in PAGES_ONCE]


@pytest.mark.parametrize(("host", "route", "visit"), once(HERE))
def test_the_page_passes(tab: Tab, vnu: Checker, host: str, route: str, visit: Visit) -> None:
    passes(tab, vnu, host, route, visit)


@pytest.mark.long
@pytest.mark.parametrize(("host", "route", "visit"), STATES, ids=[named(*one) for one in STATES])
def test_the_page_passes_in_another_state(
    tab: Tab, vnu: Checker, host: str, route: str, visit: Visit
) -> None:
    passes(tab, vnu, host, route, visit)


def passes(tab: Tab, vnu: Checker, host: str, route: str, visit: Visit) -> None:
    """Fail with every fault of one page."""
    whole = visit is PAGES[host, route][0]
    found = looked_at(tab, vnu, host, visit, named(host, route, visit), whole=whole)
    if found:
        pytest.fail(f"{len(found)} faults\n" + "\n".join(found), pytrace=False)


# ── Pages that no route owns


def _broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("planted")


@pytest.fixture
def with_a_fault(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Both hosts with one address that falls."""
    tables = dict(settings.HOST_URLCONFS)
    for host in ("public", "staff"):
        own = import_module(f"motcua.config.urls_{host}")
        planted = ModuleType(f"planted_{host}")
        planted.urlpatterns = [*own.urlpatterns, route("hong", _broken, permission=everyone, name="hong")]  # type: ignore[attr-defined]
        for name in ("handler403", "handler404", "handler500"):
            setattr(planted, name, getattr(own, name))
        monkeypatch.setitem(sys.modules, planted.__name__, planted)
        tables[HOSTS[host]] = planted.__name__
    with override_settings(HOST_URLCONFS=tables):
        yield


@pytest.mark.parametrize("name", ERRORS)
def test_an_error_page_passes(tab: Tab, vnu: Checker, name: str, with_a_fault: None) -> None:
    host, visit = ERRORS[name]
    found = looked_at(tab, vnu, host, visit, f"error-{name}")
    if found:
        pytest.fail(f"{len(found)} faults\n" + "\n".join(found), pytrace=False)
    assert "planted" not in tab.page.content()


# ── Room: what an officer reads is read whole on a common laptop


LONG = "Nguyễn Phước Bảo Khánh Huyền Trang Ngọc A"  # 41 letters


def cut(tab: Tab, selector: str) -> bool:
    """Tell whether a field holds more than it shows."""
    tab.page.fill(selector, LONG)
    return bool(
        tab.page.evaluate(
            "(one) => document.querySelector(one).scrollWidth > document.querySelector(one).clientWidth",
            selector,
        )
    )


def test_a_name_of_forty_letters_is_read_whole_at_the_counter(tab: Tab) -> None:
    tab.open("staff", Visit("/intake/{filled}/", "minh", "intake"))
    assert not cut(tab, "#id_full_name")
    tab.page.evaluate("() => { document.querySelector('.mc-name').className = 'w4 mc-name'; }")
    assert cut(tab, "#id_full_name"), "control: the field as it was cuts the name"


@pytest.mark.long
def test_letting_be_stands_beside_the_name_of_the_act(tab: Tab) -> None:
    """It fell under the button where the button's words were long."""
    for verb, who in ACTS.items():
        tab.open("staff", Visit(f"/dossiers/{{{verb}}}/do/{verb}/", who, "desk"))
        tops = tab.page.evaluate(
            "() => ['.mc-act__title', '.mc-act__close'].map((one) => Math.round(document.querySelector(one).getBoundingClientRect().top))"
        )
        assert abs(tops[0] - tops[1]) < 12, verb


def test_the_list_of_drafts_has_its_key(tab: Tab) -> None:
    tab.open("staff", Visit("/", "minh", "desk"))
    before = len(tab.documents)
    tab.page.keyboard.press("0")
    tab._settle(before)
    assert tab.documents[-1].path == "/intake/drafts/"


def test_every_act_that_administrators_read_about_has_words(tab: Tab) -> None:
    """Rows hold an act of nearly every kind: none of them stands in the trail under its program's name."""
    entries = [one for rows in administration._rows(administration.Wanted()) for one in rows]
    assert len({one.verb for one in entries}) > 20
    assert {one.verb for one in entries if administration_words.what(one) == one.verb} == set()


# ── The table is the router


def missing(all_routes: set[tuple[str, str]]) -> list[str]:
    """Return what the table and the router do not agree on, by name."""
    found = [
        f"{one} has no row in tests/harness/pages.py" for one in sorted(all_routes - {*PAGES, *OTHERWISE})
    ]
    found += [f"{one} is no route any more" for one in sorted({*PAGES, *OTHERWISE} - all_routes)]
    return found + [f"{one} stands in both tables" for one in sorted({*PAGES} & {*OTHERWISE})]


def test_every_route_has_a_row() -> None:
    assert missing(routes()) == []


def test_every_act_has_its_form_here() -> None:
    assert set(ACTS) == set(KEYS)


def answers_a_page(tab: Tab, host: str, address: str, who: str) -> bool:
    """Ask as somebody who may; tell whether a whole page came. Fails where the door was shut instead."""
    tab.who = who
    tab.rows.clients.clear()
    response = tab.generic("GET", address.format(**tab.rows.names), HTTP_HOST=HOSTS[host])
    program = response.headers.get("Content-Type", "") == "application/problem+json"  # its token is the right
    assert response.status_code < 500 and (program or response.status_code not in {401, 403}), (
        response.status_code
    )
    assert not response.headers.get("Location", "").startswith("/dang-nhap/?next="), "kept out"
    if response.streaming or response.status_code != 200:
        return False
    return "<!doctype html" in response.content[:300].decode("utf8", "replace").lower()


@pytest.mark.parametrize("where", OTHERWISE, ids="-".join)
def test_what_is_said_to_be_no_page_is_none(tab: Tab, where: tuple[str, str]) -> None:
    what, address, who = OTHERWISE[where]
    if what == ELSEWHERE:
        shown = {test_showcase.STAFF, test_showcase.PUBLIC, test_showcase.HOME, test_showcase.TRACK}
        assert f"http://{HOSTS[where[0]]}{address}" in shown
        return
    assert not answers_a_page(tab, where[0], address, who), f"{where} answers a page: give it a row in PAGES"


# ── Controls


def test_a_route_without_a_row_is_named() -> None:
    assert missing({*routes(), ("staff", "planted")}) == [
        "('staff', 'planted') has no row in tests/harness/pages.py"
    ]
    assert missing(routes() - {("staff", "home")}) == ["('staff', 'home') is no route any more"]


def test_a_page_that_is_said_to_be_none_is_noticed(tab: Tab) -> None:
    assert answers_a_page(tab, "staff", "/agencies/", "hoa")


def test_the_weight_counted_here_is_the_one_counted_cold(tab: Tab) -> None:
    visit = PAGES["public", "procedures"][0]
    counted = tab.weight(tab.open("public", visit))
    cold = page_weight(tab.page, f"http://{HOSTS['public']}{visit.address}").total
    assert abs(sum(counted.values()) - cold) < 200


def test_a_heavy_page_and_a_wrong_status_are_noticed(
    tab: Tab, vnu: Checker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(BUDGETS, "public", 5_000)
    found = " ".join(
        looked_at(tab, vnu, "public", Visit("/dang-nhap/", kind="public", status=404), "control")
    )
    assert "weighs" in found and "answers 200, not 404" in found
    away = " ".join(looked_at(tab, vnu, "staff", Visit("/people/", ""), "control"))
    assert "is /dang-nhap/, not /people/" in away


def test_a_name_that_only_a_phone_misses_is_noticed(tab: Tab, vnu: Checker) -> None:
    """The fault that stood on every page of officers: a button whose words a narrow screen took away."""
    tab.open("staff", Visit("/agencies/", "hoa"))
    tab.page.evaluate(
        """() => { const sheet = new CSSStyleSheet();
            sheet.replaceSync("@media (max-width: 48em) { .mc-theme span { display: none !important; } }");
            document.adoptedStyleSheets = [sheet]; }"""
    )
    found = check.seen(tab.page)
    assert any("axe at 360 px: button-name" in one for one in found)
    assert not any("axe at 1366 px" in one for one in found)


def test_a_mark_that_forced_colours_take_away_is_noticed(tab: Tab, vnu: Checker) -> None:
    """The fault that stood on every page with a route: nodes in a colour of their own, black on black."""
    tab.open("staff", Visit("/dossiers/{propose}/", "hoa", "desk"))
    tab.page.evaluate(
        """() => { const sheet = new CSSStyleSheet();
            sheet.replaceSync(".mc-node .f { fill: #14202b !important; }");
            document.adoptedStyleSheets = [sheet]; }"""
    )
    assert "forced colours, black: mark svg.mc-node circle.f cannot be seen" in check.faults(
        tab.page, vnu, html=False
    )
