"""Every way of reading leaves a row; the holder of the slip reads day, unit, post and reason; leaders see patterns."""

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from motcua.dossiers import reading_patterns, slips, tracking, who_read
from motcua.dossiers.models import AccessLog, Dossier, Paper, Shown
from motcua.dossiers.operations import intake, showing
from motcua.dossiers.operations.access import explain, note_reading
from motcua.dossiers.tests.conftest import world
from motcua.dossiers.tests.intake_world import World
from motcua.dossiers.tests.lives import MONDAY, plan, take_in
from motcua.lib.actor import SYSTEM
from motcua.lib.refusal import Refusal
from motcua.ui.routing import set_database_actor

__all__ = ["world"]
pytestmark = [pytest.mark.django_db, pytest.mark.sql]
PAGE = "/tra-cuu/ai-da-xem"


@pytest.fixture
def dossier(world: World) -> Dossier:
    showing._noted.clear()
    return take_in(world, at=timezone.now())


def visitor() -> Client:
    return Client(HTTP_HOST="localhost", REMOTE_ADDR="203.0.113.9", enforce_csrf_checks=True)


def asked(dossier: Dossier, **proof: str) -> Any:
    """Go the way of a visitor: look the dossier up, then press the button."""
    proof = proof or {"code": dossier.code, "secret": dossier.secret}
    page = visitor().post("/tra-cuu", proof).content.decode()
    (mine,) = set(re.findall(r'name="slip" value="([^"]+)"', page))
    return visitor().post(PAGE, {"slip": mine})


WAYS = [
    ("minh", "/?list=new", None), ("hoa", "/?list=unit", None), ("tuan", "/?list=agency", None),
    ("hoa", "/search?q=Hương+Giang", "search"), ("minh", "/register/", "book"), ("minh", "/papers/?list=here", "paper"),
    ("hoa", "/dossiers/{code}/peek/", "list"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "address", "way"), WAYS)
def test_what_a_list_shows_is_noted_once_a_day(
    world: World, dossier: Dossier, name: str, address: str, way: str | None,
    django_capture_on_commit_callbacks: Any,
) -> None:  # fmt: skip
    client = world.client(name)
    with django_capture_on_commit_callbacks(execute=True):
        page = client.get(address.format(code=dossier.code))
    assert page.status_code == 200
    rows = Shown.objects.filter(shown__contains=[dossier.pk], account_id=world.accounts[name].pk)
    shows = dossier.code in page.content.decode() or way is not None
    assert rows.count() == (1 if shows else 0)
    with CaptureQueriesContext(connection) as seen:
        client.get(address.format(code=dossier.code))
    assert not [one for one in seen.captured_queries if "dossiers_shown" in one["sql"]]
    assert rows.count() == (1 if shows else 0)


@pytest.mark.parametrize("path", ["", "workflow/", "due/", "control-sheet.pdf", "papers/{paper}.pdf"])
def test_every_page_and_paper_of_a_dossier_leaves_a_row(world: World, dossier: Dossier, path: str) -> None:
    paper = Paper.objects.filter(dossier=dossier).first()
    assert paper is not None
    for _time in range(2):
        answer = world.client("thu").get(f"/dossiers/{dossier.code}/{path.format(paper=paper.pk)}")
        assert answer.status_code == 200
    assert AccessLog.objects.filter(dossier=dossier, account_id=world.accounts["thu"].pk).count() == 1


def test_the_interface_leaves_a_row(world: World, dossier: Dossier) -> None:
    assert world.client("thu").get(f"/api/v1/dossiers/{dossier.code}/due").status_code == 200
    assert AccessLog.objects.filter(dossier=dossier, account_id=world.accounts["thu"].pk).count() == 1


def test_the_holder_of_the_slip_reads_who_and_why_but_no_name(world: World, dossier: Dossier) -> None:
    now = timezone.now()
    note_reading(dossier=dossier, actor=world.actor("minh"), at=now)
    note_reading(dossier=dossier, actor=world.actor("thu"), at=now)
    explain(dossier=dossier, actor=world.actor("tuan"), at=now, reason="Trả lời báo chí <b>")
    world.client("hoa").get("/search?q=Hương+Giang")
    page = asked(dossier)
    text = page.content.decode()
    assert page.status_code == 200
    assert "Giải quyết hồ sơ của anh/chị" in text and "Mở xem, chưa ghi lý do" in text
    assert "Trả lời báo chí &lt;b&gt;" in text and "Thấy khi tìm hồ sơ" in text
    names = [world.accounts[one].full_name for one in ("minh", "thu", "tuan", "hoa")]
    assert not [one for one in names if one in text] and "Hương Giang" not in text
    assert "Trả lời báo chí" in asked(dossier, token=dossier.token).content.decode()


def test_only_a_pass_of_the_look_up_opens_it(world: World, dossier: Dossier) -> None:
    explain(dossier=dossier, actor=world.actor("tuan"), at=timezone.now(), reason="Bí mật")
    found = tracking.by_code(dossier.code, dossier.secret, address="203.0.113.9", now=timezone.now())
    assert found is not None
    wrong, mine = slips.of_code(dossier.code, "AAAAAA"), slips.of_code(dossier.code, dossier.secret)
    assert who_read.of_slip(wrong) == [] and who_read.of_slip(mine) != []
    for bad in (
        "",
        "x" * 900,
        slips.sealed(wrong),
        slips.sealed(mine)[:-2] + "xx",
        dossier.code,
        dossier.secret,
    ):
        assert visitor().post(PAGE, {"slip": bad}).status_code == 302
    assert visitor().get(PAGE).status_code == 302
    good = slips.sealed(mine)
    assert (
        slips.opened(good) == mine and slips.opened(slips.sealed(slips.of_token(dossier.token))) is not None
    )
    assert dossier.secret not in good and dossier.token not in good
    with time_machine.travel(timezone.now() + timedelta(minutes=31)):
        assert slips.opened(good) is None


def test_who_reads_others_work_is_asked_why_once_a_day(world: World, dossier: Dossier) -> None:
    client, address = world.client("thu"), f"/dossiers/{dossier.code}/"
    asks = "Vì sao anh/chị xem hồ sơ này?"
    assert asks in client.get(address).content.decode()
    assert asks not in world.client("minh").get(address).content.decode()
    for empty in ("", "  ", "a"):
        assert client.post(f"{address}why/", {"reason": empty}).status_code == 302
    assert not AccessLog.objects.filter(explains=True).exists()
    client.post(f"{address}why/", {"reason": "Đối chiếu số phát hành"})
    assert AccessLog.objects.get(explains=True).reason == "Đối chiếu số phát hành"
    assert asks not in client.get(address).content.decode()
    with pytest.raises(Refusal):
        explain(dossier=dossier, actor=world.actor("thu"), at=MONDAY, reason=" - ")
    assert world.client("binh").post(f"{address}why/", {"reason": "Tò mò"}).status_code == 404


def test_leaders_see_who_reads_what_is_not_theirs(world: World, dossier: Dossier) -> None:
    now, today = timezone.now(), timezone.localdate()
    for name in ("minh", "thu", "mai"):
        note_reading(dossier=dossier, actor=world.actor(name), at=now)
    explain(
        dossier=dossier, actor=world.actor("mai"), at=now + timedelta(minutes=1), reason="Trả kết quả thay"
    )
    officers, sought = reading_patterns.patterns(world.actor("tuan"), today, today)
    found = {one.login: (one.opened, one.outside, one.unsaid) for one in officers}
    assert found["thu"] == (1, 1, 1) and found.get("mai", (1, 1, 0)) == (1, 1, 0) and "minh" not in found
    assert not sought or sought[0].code == dossier.code
    assert reading_patterns.patterns(world.actor("binh"), today, today) == ([], [])
    page = world.client("tuan").get("/administration/readings/patterns/")
    assert page.status_code == 200 and world.accounts["thu"].full_name in page.content.decode()
    assert world.client("hoa").get("/administration/readings/patterns/").status_code == 403
    late = world.client("tuan").get("/administration/readings/patterns/?since=31/12/2026&until=01/01/2026")
    assert late.status_code == 422


def test_looking_at_what_waits_to_be_received_is_work_of_those_who_receive(world: World) -> None:
    now, today = timezone.now(), timezone.localdate()
    sent = intake.submit(
        intake=plan(world, world.actor("minh"), channel="post"), actor=SYSTEM, at=now, key="sent by post"
    )
    asks = "Vì sao anh/chị xem hồ sơ này?"
    assert asks not in world.client("minh").get(f"/dossiers/{sent.code}/").content.decode()
    assert asks in world.client("thu").get(f"/dossiers/{sent.code}/").content.decode()
    text = asked(sent).content.decode()
    assert text.count("Giải quyết hồ sơ của anh/chị") == 1 and text.count("Mở xem, chưa ghi lý do") == 1
    officers, _sought = reading_patterns.patterns(world.actor("tuan"), today, today)
    assert [one.login for one in officers] == ["thu"]
    set_database_actor(SYSTEM)
    Dossier.objects.filter(pk=sent.pk).update(finished_at=now - timedelta(seconds=1))
    assert asks in world.client("minh").get(f"/dossiers/{sent.code}/").content.decode(), "it waits no more"


def test_notes_of_lists_are_for_good_and_for_their_agency(world: World, dossier: Dossier) -> None:
    world.client("hoa").get("/search?q=Hương+Giang")
    with connection.cursor() as cursor, pytest.raises(Exception, match="permission denied"):
        cursor.execute("delete from dossiers_shown")
