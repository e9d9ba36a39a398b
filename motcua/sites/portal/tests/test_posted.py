"""What an agency posts: page, poster, cards, guidance sheet; codes on them are read back, texts from the PDF."""

import html
import re
import subprocess
from datetime import datetime, timedelta
from typing import Any

import pypdfium2
import pytest
import zxingcpp
from django.test import Client
from django.utils import timezone

from conftest import need
from motcua.agencies.models import AgencyCode
from motcua.dossiers.tests import intake_world
from motcua.dossiers.tests.intake_world import World, logged_in
from motcua.lib.actor import SYSTEM
from motcua.procedures.models import AgencyProcedure, Procedure
from motcua.procedures.models.words import FeeKind
from motcua.procedures.operations import local, offering
from motcua.sites.portal import views

CODE = "H24.12"


@pytest.fixture
def world(db: None) -> World:
    return intake_world.build()


@pytest.fixture
def visitor() -> Client:
    return Client(HTTP_HOST="localhost")


def codes_in(made: bytes) -> list[str]:
    """Return the text of every QR code on every page, as an independent reader sees them."""
    found = []
    for page in pypdfium2.PdfDocument(made):
        found += [one.text for one in zxingcpp.read_barcodes(page.render(scale=3).to_pil())]
    return found


def text_of(made: bytes) -> str:
    program = need("pdftotext", "poppler-utils")
    done = subprocess.run([program, "-", "-"], input=made, capture_output=True, check=True)
    return " ".join(done.stdout.decode().split())


def offered(world: World) -> set[str]:
    rows = AgencyProcedure.objects.filter(agency=world.home, valid_to=None)
    today = timezone.localdate()
    return {
        str(row.procedure.code)
        for row in rows.select_related("procedure")
        if any(
            one.in_force_to is None or one.in_force_to > today
            for one in row.procedure.versions.exclude(state="draft")
        )
    }


def test_the_page_lists_exactly_what_the_agency_receives(world: World, visitor: Client) -> None:
    page = visitor.get(f"/niem-yet/{CODE}")
    assert page.status_code == 200
    text = page.content.decode()
    everything = {str(code) for code in Procedure.objects.exclude(code=None).values_list("code", flat=True)}
    shown = {code for code in everything if f'href="/thu-tuc/{code}"' in text}
    assert shown == offered(world)
    assert visitor.get("/niem-yet/H99.99").status_code == 404


def test_a_fee_of_the_council_stands_on_the_wall(world: World, visitor: Client) -> None:
    code = sorted(offered(world))[0]
    procedure = Procedure.objects.get(code=code)
    local.set_local_fee(
        procedure_id=procedure.pk, kind=FeeKind.LE_PHI, name="", amount=31_000, unit="lần", case="", area=None,
        channel="", source="NQ 12/2026/NQ-HĐND", valid_from=timezone.localdate(), actor=SYSTEM, at=timezone.now(),
    )  # fmt: skip
    assert "31.000 đ/lần" in visitor.get(f"/niem-yet/{CODE}").content.decode()


def test_the_number_of_questions_to_the_database_does_not_grow(
    world: World, visitor: Client, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(14):
        visitor.get(f"/niem-yet/{CODE}")


def test_poster_and_cards_lead_to_pages_that_are_there(world: World, visitor: Client) -> None:
    officer = Client(HTTP_HOST="canbo.localhost")
    logged_in(officer, world.accounts["hoa"])
    here = f"/agencies/{world.home.pk}/wall/"
    assert "In danh mục niêm yết" in officer.get(here).content.decode()
    poster = officer.get(f"{here}poster")
    assert poster["Content-Type"] == "application/pdf"
    (address,) = codes_in(poster.content)
    assert visitor.get(address.partition("://")[2].partition("/")[2].join(["/", ""])).status_code == 200
    said = text_of(poster.content)
    for code in offered(world):
        assert code in said
    cards = codes_in(officer.get(f"{here}labels").content)
    assert {one.rpartition("/")[2] for one in cards} == offered(world)
    some = codes_in(officer.get(f"{here}labels?sector=0").content)
    assert 0 < len(some) < len(cards)


def test_a_guidance_sheet_says_what_the_page_says(world: World, visitor: Client) -> None:
    code = sorted(offered(world))[0]
    answer = visitor.get(f"/thu-tuc/{code}/to-huong-dan?tai={CODE}")
    assert answer.status_code == 200
    name = Procedure.objects.get(code=code).name
    said = text_of(answer.content)
    assert name in said
    assert "Mang theo gì" in said
    assert [one.rpartition("/")[2] for one in codes_in(answer.content)] == [code]
    assert visitor.get(f"/thu-tuc/{code}").content.decode().count("to-huong-dan") == 1
    english = Client(HTTP_HOST="localhost", headers={"Accept-Language": "en"})
    english.cookies["django_language"] = "en"
    assert "Mang theo gì" in text_of(english.get(f"/thu-tuc/{code}/to-huong-dan").content), (
        "papers are Vietnamese"
    )
    Procedure.objects.get(code=code).versions.update(in_force_to=timezone.localdate())
    assert visitor.get(f"/thu-tuc/{code}/to-huong-dan").status_code == 404, (
        "nobody takes a dossier of it any more"
    )


def test_a_closed_agency_says_who_goes_on(world: World, visitor: Client, monday: datetime) -> None:
    home = world.home
    home.closed_on = timezone.localdate() - timedelta(days=1)
    home.save(update_fields=["closed_on"])
    page = visitor.get(f"/niem-yet/{CODE}").content.decode()
    assert "đã kết thúc hoạt động" in page
    assert AgencyCode.objects.filter(code=CODE).exists()


def test_an_agency_without_procedures_says_so(world: World, visitor: Client) -> None:
    today = timezone.localdate()
    for code in offered(world):
        offering.stop_offering(
            agency_id=world.home.pk, codes=[code], valid_to=today, actor=SYSTEM, at=timezone.now()
        )
    assert "Chưa niêm yết thủ tục nào" in visitor.get(f"/niem-yet/{CODE}").content.decode()
    officer = Client(HTTP_HOST="canbo.localhost")
    logged_in(officer, world.accounts["hoa"])
    assert officer.get(f"/agencies/{world.home.pk}/wall/poster").status_code == 404


def test_an_agency_with_many_procedures_shows_its_fields_first(
    world: World, visitor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "_WHOLE_UP_TO", 2)
    here, everything = f"/niem-yet/{CODE}", offered(world)
    page = visitor.get(here).content.decode()
    assert 'href="/thu-tuc/' not in page.partition("<main")[2] and f"{len(everything)} thủ tục" in page
    shown: list[str] = []
    todo = [html.unescape(one) for one in re.findall(r'href="(\?linh-vuc=[^"]+)"', page)]
    while todo:
        page = visitor.get(here + todo.pop()).content.decode()
        shown += re.findall(r'href="/thu-tuc/(\d\.\d+)"', page)
        todo += [html.unescape(one) for one in re.findall(r'rel="next" href="([^"]+)"', page)]
    assert sorted(shown) == sorted(everything)
    one = sorted(everything)[0]
    for words in (one, "KHAI sinh", "khai"):
        found = visitor.get(here, {"tim": words}).content.decode()
        assert "thủ tục." in found and 'href="/thu-tuc/' in found
    for words in ("zzzz", "%", "' or 1=1", "x" * 500):
        assert "Không có thủ tục nào khớp" in visitor.get(here, {"tim": words}).content.decode()
    assert "Không có thủ tục nào khớp" in visitor.get(here, {"linh-vuc": "không có"}).content.decode()
    assert visitor.get(here, {"linh-vuc": "-", "sau": "x"}).status_code == 200
