"""Workflows built as an administrator builds them, in the browser: a real internal process, and one made at random.

Actions are counted: a click, a field filled, a choice, a key. The minutes are an estimate by the keystroke-level
model (0.28 s a key, 1.1 s to point, 1.35 s to think before each action); `-s` prints them.
"""

import io
import json
import os
import random
from collections import Counter
from datetime import date, timedelta

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from motcua.accounts.models import AccountKind
from motcua.accounts.operations.accounts import open_account
from motcua.agencies.models import Position, Unit, UnitKind
from motcua.agencies.operations import people
from motcua.agencies.roles import Role
from motcua.cli.demo import walk
from motcua.dossiers.models import Task
from motcua.dossiers.tests import intake_world
from motcua.dossiers.tests.intake_world import logged_in
from motcua.dossiers.tests.lives import LONG, take_in
from motcua.lib.actor import SYSTEM
from motcua.lib.due import Unit as TimeUnit
from motcua.ui.routing import set_database_actor
from motcua.workflow import queries
from motcua.workflow.models import WorkflowVersion
from motcua.workflow.source import reading

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
STAFF = "http://canbo.localhost"
KEY, POINT, THINK = 0.28, 1.1, 1.35
PATIENCE = 30_000  # ms for an answer; how fast answers are is measured elsewhere


class Hands:
    """Somebody at the page: every act is counted."""

    def __init__(self, page: Page) -> None:
        self.page, self.actions, self.seconds = page, 0, 0.0

    def _count(self, seconds: float) -> None:
        self.actions += 1
        self.seconds += THINK + seconds

    def fill(self, field: str, text: str) -> None:
        self._count(POINT + KEY * len(text))
        self.page.locator(f"[id='{field}']").fill(text)

    def choose(self, field: str, value: str) -> None:
        self._count(2 * POINT)
        self.page.select_option(f"[id='{field}']", value)

    def click(self, selector: str) -> None:
        self._count(POINT)
        self.page.locator(selector).first.click()

    def press(self, keys: str) -> None:
        self._count(KEY)
        self.page.keyboard.press(keys)

    def told(self, name: str) -> None:
        print(
            f"\n{name}: {self.actions} actions, about {self.seconds / 60:.1f} minutes by the keystroke-level model"
        )


def saved(page: Page) -> None:
    expect(page.locator("#wf-saved")).to_have_text("đã lưu", timeout=PATIENCE)


@pytest.fixture
def world(db, site):
    """The two communes, with an administrator of procedures and workflows who is logged in."""
    made = intake_world.build()
    unit = Unit.objects.filter(agency=made.home).exclude(kind=UnitKind.ONE_STOP).first()
    account = open_account(
        login_name="chi", full_name="Trần Kim Chi", account_kind=AccountKind.STAFF, actor=SYSTEM,
        at=intake_world.timezone.now(),
    )  # fmt: skip
    made.positions["chi"] = people.appoint(
        account_id=account.pk, unit_id=unit.pk, title="Công chức", roles=(Role.BUSINESS_ADMIN,),
        valid_from=date(2025, 7, 1), actor=SYSTEM, at=intake_world.timezone.now(),
    ).pk  # fmt: skip
    made.accounts["chi"] = account
    logged_in(site, account)
    return made


def publish(hands: Hands, code: str = "") -> WorkflowVersion:
    page = hands.page
    hands.press("F9")
    page.wait_for_selector("[name=valid_from]")
    if code:
        hands.fill("id_codes", code)
    page.locator("[name=valid_from]").fill("01/07/2026")
    hands.click("main form button:not([type=button])")
    expect(page.get_by_text("Đã công bố")).to_be_visible()
    return WorkflowVersion.objects.get(workflow__pk=int(page.url.split("/workflows/")[1].split("/")[0]))


def test_a_real_internal_process_becomes_a_published_workflow(page, world, shared_data):
    content = json.loads((shared_data / "procedures" / "commune_workflows_cantho.json").read_text())
    process = next(one for one in content["workflows"] if one["id"] == "HT-019")
    hands = Hands(page)
    page.goto(f"{STAFF}/workflows/")
    hands.click("a[href='/workflows/new/']")
    hands.fill("id_name", process["name"])
    hands.fill("id_limit", "5 ngày làm việc")
    hands.press("Control+Enter")
    page.wait_for_selector("form[data-editor]")
    for number, step in enumerate(process["steps"], start=1):
        cell = reading.cell(step["times"][0]["text"])
        doer = reading.doer(step["responsible"], step["work"], last=number == len(process["steps"]))
        hands.fill(f"name.s{number}", reading.short_name(step["work"]))
        if page.locator(f"[id='role.s{number}']").input_value() != doer.role:
            hands.choose(f"role.s{number}", doer.role)
        hands.fill(f"time.s{number}", str(cell.value).replace(".", ","))
        hands.choose(f"time_unit.s{number}", "working_hour" if cell.unit == "giờ" else "working_day")
    hands.press("Control+s")
    saved(page)
    expect(page.locator("#wf-limits")).to_contain_text("40 giờ / 40 giờ (5 ngày làm việc): còn 0 giờ")
    version = publish(hands)
    hands.told("builder journey, HT-019 of 5 steps")
    built = queries.definition_of(version.pk)
    assert version.state == "published"
    assert [step.hours.unit for step in built.steps] == [TimeUnit.WORKING_DAY] * 5
    assert [step.role for step in built.steps] == ["receiver", "specialist", "leader", "clerk", "returner"]
    assert hands.actions <= 30
    assert hands.seconds < 5 * 60


@pytest.mark.long
def test_three_branches_made_at_random_are_published_and_run_to_their_end(page, world, site):
    seed = int(os.environ.get("MOTCUA_SEED", random.randrange(10**6)))
    print(f"\nMOTCUA_SEED={seed}")
    rng = random.Random(seed)
    hands = Hands(page)
    page.goto(f"{STAFF}/workflows/new/")
    hands.fill("id_name", f"Ba nhánh {seed}")
    hands.press("Control+Enter")
    page.wait_for_selector("form[data-editor]")

    def add(after: str, pattern: str) -> str:
        hands.click(f"[id='show.{after}']")
        expect(page.locator("#panel-title")).to_be_focused(timeout=PATIENCE)
        before = {one.get_attribute("data-step") for one in page.locator("tr[data-step]").all()}
        hands.choose("pattern", pattern)
        hands.click("#wf-add")
        expect(page.locator("tr[data-step]")).to_have_count(len(before) + 1, timeout=PATIENCE)
        return (
            {one.get_attribute("data-step") for one in page.locator("tr[data-step]").all()} - before
        ).pop()

    join = add("s2", "join")
    branches = [[add("s2", "work") for _step in range(rng.randint(1, 3))][::-1] for _branch in range(3)]
    for branch in branches:
        hands.click(f"[id='show.{branch[-1]}']")
        expect(page.locator("[name=shown]")).to_have_value(branch[-1], timeout=PATIENCE)
        hands.choose(f"to.{branch[-1]}.1", join)
        saved(page)
        for key in branch:
            hands.fill(f"time.{key}", str(rng.randint(1, 6)))
    hands.click("[id='show.s2']")
    expect(page.locator("[name=shown]")).to_have_value("s2", timeout=PATIENCE)
    for number, branch in enumerate(branches, start=1):
        hands.choose(f"to.s2.{number}", branch[0])
        expect(page.locator(f"[id='to.s2.{number + 1}']")).to_be_visible(timeout=PATIENCE)
    hands.choose("act.s2", "forward")
    saved(page)
    # What decides stands behind the join: a draft by the specialist.
    add(join, "draft")
    expect(page.locator("#wf-live")).to_contain_text("Công bố được", timeout=PATIENCE)
    draft = WorkflowVersion.objects.get(workflow__name=f"Ba nhánh {seed}")
    _try_to_the_end(page, draft, rng)
    page.goto(f"{STAFF}/workflows/versions/{draft.pk}/edit/")
    version = publish(hands, LONG)
    hands.told(f"three branches of {[len(one) for one in branches]} steps")
    fork = queries.definition_of(version.pk).forks[0]
    assert len(fork.heads) == 3 and fork.join == join
    _run_a_dossier(page, site, world, version, rng)


def _try_to_the_end(page: Page, draft: WorkflowVersion, rng: random.Random) -> None:
    """Walk the imaginary dossier through the branches in an order of chance."""
    page.goto(f"{STAFF}/workflows/versions/{draft.pk}/try/")
    most_open = 0
    for _act in range(40):
        if page.get_by_text("Hồ sơ đã đi đến kết thúc").count():
            break
        ways = page.locator(".wf-try__open a.mc-button:not(.is-quiet)")
        most_open = max(most_open, page.locator(".wf-try__open").count())
        page.goto(
            STAFF
            + f"/workflows/versions/{draft.pk}/try/"
            + ways.nth(rng.randrange(ways.count())).get_attribute("href")
        )
    expect(page.get_by_text("Hồ sơ đã đi đến kết thúc")).to_be_visible()
    assert most_open == 3, "the three branches were open together"


def _run_a_dossier(page: Page, site, world, version: WorkflowVersion, rng: random.Random) -> None:
    """Take a real dossier in and run it to its end in the browser: each step's form, as the officer of that step."""
    set_database_actor(SYSTEM)
    dossier = take_in(world, at=intake_world.timezone.now() - timedelta(hours=1))
    assert dossier.workflow_version_id == version.pk
    forms: Counter[str] = Counter()
    for _act in range(40):
        open_now = list(Task.objects.filter(dossier=dossier, ended_at=None).order_by("number"))
        if not open_now:
            break
        now = intake_world.timezone.now()
        task = rng.choice(open_now)
        officer = walk.officer_for(task, on=now)
        logged_in(site, Position.objects.select_related("account").get(pk=officer.pk).account)
        page.goto(f"{STAFF}/dossiers/{dossier.code}/")
        _send_the_form(page, f"{STAFF}{_button(page, task).get_attribute('href')}")
        forms[task.completed_by] += 1
        set_database_actor(SYSTEM)
        ended = Task.objects.filter(pk__in=[one.pk for one in open_now], ended_at__isnull=False)
        assert list(ended) == [task], "the form ended the step that was picked, and no other"
    dossier.refresh_from_db()
    assert dossier.finished_at is not None
    done = list(Task.objects.filter(dossier=dossier).values_list("step_key", flat=True))
    expected = {step.key for step in queries.definition_of(version.pk).steps if not step.passes_by_itself}
    assert set(done) == expected, "every step of every branch was done"
    assert sum(forms.values()) == len(done) - 1, "only taking it in was not done here"
    assert forms["forward"] >= 4 and {"propose", "approve", "issue", "return_result"} <= set(forms)


def _button(page: Page, task: Task) -> Locator:
    """The button that ends a step; an officer who holds steps of several branches has one for each."""
    mine = page.locator(f"[data-act={task.completed_by}]")
    return mine if mine.count() else page.locator(f"[data-act={task.completed_by}-{task.number}]")


def _send_the_form(page: Page, address: str) -> None:
    """Fill in what an act asks for and send it; the page that comes back says that it was saved."""
    page.goto(address)
    for group in page.locator("#act fieldset", has=page.locator("[name=choice]")).all():
        group.locator("input").first.check()
    if page.locator("#act [name=content]").count():
        page.fill("#act [name=content]", "Hồ sơ đủ điều kiện theo quy định.")
    if page.locator("#act input[type=file]").count():
        signed = {"name": "ket-qua.jpg", "mimeType": "image/jpeg", "buffer": a_scan()}
        page.set_input_files("#act input[type=file]", signed)
    page.locator("#act button:not([type=button])").first.click()
    page.wait_for_url(lambda url: "/do/" not in url, timeout=PATIENCE)


def a_scan() -> bytes:
    """A page as a scanner makes it."""
    kept = io.BytesIO()
    Image.new("RGB", (620, 877), "white").save(kept, "JPEG")
    return kept.getvalue()
