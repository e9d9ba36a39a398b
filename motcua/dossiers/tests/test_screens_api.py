"""The interface around due dates, and files: from upload to the files host."""

import io
import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import time_machine
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image

from motcua.base.files.models import StoredFile
from motcua.base.files.responses import LINK_SECONDS
from motcua.dossiers import rest
from motcua.dossiers.models import AccessLog, Dossier, DossierFile
from motcua.dossiers.tests.intake_world import World
from motcua.dossiers.tests.lives import take_in

pytestmark = pytest.mark.sql

DESCRIPTION = Path(settings.ROOT) / "docs" / "reference" / "openapi.json"
FILES = "tep.localhost"


@pytest.fixture(autouse=True)
def _rows(db: None) -> None:
    """Each test in a transaction of its own."""


@pytest.fixture
def dossier(world: World) -> Dossier:
    return take_in(world, at=timezone.now() - timedelta(hours=2))


def test_the_description_is_current() -> None:
    kept = json.loads(DESCRIPTION.read_text())
    assert kept == json.loads(json.dumps(rest.description())), "run scripts/openapi.py"


def test_every_path_described_is_served_behind_a_permission() -> None:
    described = {path.replace("{", "<").replace("}", ">") for path in rest.description()["paths"]}
    served = {f"/{one.pattern}" for one in rest.staff_urls}
    assert described == served
    assert all(one.callback.motcua_permission for one in rest.staff_urls)  # type: ignore[attr-defined]


def test_a_dossiers_due_date_explains_itself(world: World, dossier: Dossier) -> None:
    answer = world.client("hoa").get(f"/api/v1/dossiers/{dossier.code}/due").json()
    assert dossier.due_at is not None
    assert datetime.fromisoformat(answer["due_at"]) == dossier.due_at
    assert answer["original_due_at"] == answer["due_at"]
    assert answer["lines"][-1]["kind"] == "due"
    assert any("source" in line for line in answer["lines"])
    assert answer["late"] is False


@pytest.mark.parametrize(
    ("query", "due"),
    [
        ({"received": "2026-08-28T13:30", "limit": "3 ngày làm việc"}, "2026-09-07T17:00:00+07:00"),
        (
            {"received": "2026-07-06T09:00:00+07:00", "limit": "8h", "convention": "CLOCK"},
            "2026-07-07T09:30:00+07:00",
        ),
    ],
)
def test_a_due_date_is_reckoned_for_given_facts(world: World, query: dict[str, str], due: str) -> None:
    answer = world.client("hoa").get("/api/v1/due", query)
    assert answer.status_code == 200, answer.content

    assert datetime.fromisoformat(answer.json()["due"]) == datetime.fromisoformat(due)
    named = world.client("hoa").get("/api/v1/due", {**query, "calendar": "THU"})
    assert named.status_code == 200


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"received": "2026-08-28T13:30", "limit": "mai"}, 422),
        ({"received": "hôm qua", "limit": "3wd"}, 422),
        ({"limit": "3wd"}, 422),
        ({"received": "9999-12-30T08:00", "limit": "9 ngày"}, 422),
        ({"received": "0001-01-01T00:00:00+14:00", "limit": "3wd"}, 422),
        ({"received": "2026-08-28T13:30", "limit": "3wd", "calendar": "NOWHERE"}, 404),
    ],
)
def test_what_cannot_be_reckoned_is_refused(world: World, query: dict[str, str], status: int) -> None:
    answer = world.client("hoa").get("/api/v1/due", query)
    assert answer.status_code == status
    assert answer.headers["Content-Type"].startswith("application/json")


def test_nobody_without_a_login_reads_it(dossier: Dossier) -> None:
    client = Client(HTTP_HOST="canbo.localhost")
    for path in (f"/api/v1/dossiers/{dossier.code}/due", "/api/v1/due?received=2026-08-28T13:30&limit=3wd"):
        assert client.get(path).status_code == 302


# ── Files


def picture(name: str = "bản quét.png") -> SimpleUploadedFile:
    kept = io.BytesIO()
    Image.new("RGB", (60, 80), "white").save(kept, "PNG")
    return SimpleUploadedFile(name, kept.getvalue(), "image/png")


def upload(client: Client, dossier: Dossier, **data: Any) -> Any:
    paper = dossier.documents.order_by("position").first()
    assert paper is not None
    return client.post(f"/dossiers/{dossier.code}/files/?paper={paper.pk}", {"file": picture(), **data})


def test_a_file_goes_in_is_looked_at_and_comes_out_of_the_files_host(world: World, dossier: Dossier) -> None:
    client = world.client("minh")
    answer = upload(client, dossier)
    assert answer.status_code == 200
    assert "bản quét.png" in answer.content.decode()
    row = DossierFile.objects.get(dossier=dossier)
    assert row.purpose == "document"
    base = f"/dossiers/{dossier.code}/files/{row.pk}/"
    assert f"{base}page/1.png" in client.get(base).content.decode()
    shown = client.get(f"{base}page/1.png")
    assert b"".join(shown.streaming_content).startswith(b"\x89PNG")  # type: ignore[attr-defined]
    away = client.get(f"{base}download").headers["Location"]
    assert away.startswith(f"{settings.FILES_URL}/f/")
    assert AccessLog.objects.filter(dossier=dossier, reason__startswith="Tải tệp").count() == 1
    path = away.removeprefix(settings.FILES_URL)
    got = Client(HTTP_HOST=FILES).get(path)
    assert got.headers["Content-Disposition"].startswith("attachment")
    assert got.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in got.headers["Content-Security-Policy"]
    with time_machine.travel(timezone.now() + timedelta(seconds=LINK_SECONDS + 2)):
        assert Client(HTTP_HOST=FILES).get(path).status_code == 404
    assert Client(HTTP_HOST=FILES).get(path[:-2]).status_code == 404


def test_a_file_that_lies_is_refused_in_words(world: World, dossier: Dossier) -> None:
    answer = upload(world.client("minh"), dossier, file=SimpleUploadedFile("a.pdf", b"MZ\x90 not a pdf"))
    assert answer.status_code == 422
    assert answer.json()["message"]
    assert not DossierFile.objects.filter(dossier=dossier).exists()


def test_without_script_the_page_comes_back(world: World, dossier: Dossier) -> None:
    client = world.client("minh")
    answer = client.post(
        f"/dossiers/{dossier.code}/files/",
        {"file": picture()},
        headers={"Sec-Fetch-Dest": "document"},
        follow=True,
    )
    assert "Đã lưu tệp" in answer.content.decode()


def test_whoever_has_no_part_in_it_hands_nothing_in(world: World, dossier: Dossier) -> None:
    assert upload(world.client("thu"), dossier).status_code in {403, 422}
    assert upload(world.client("binh"), dossier).status_code == 404
    assert not DossierFile.objects.filter(dossier=dossier).exists()


def test_a_file_of_another_dossier_is_not_found(world: World, dossier: Dossier) -> None:
    client = world.client("minh")
    upload(client, dossier)
    row = DossierFile.objects.get(dossier=dossier)
    other = take_in(world, at=timezone.now() - timedelta(hours=1))
    for rest_of in ("", "page/1.png", "download"):
        assert client.get(f"/dossiers/{other.code}/files/{row.pk}/{rest_of}").status_code == 404


def test_a_rejected_file_says_so_instead_of_failing(world: World, dossier: Dossier) -> None:
    """A refusal that the view did not expect is a page; nothing of the file goes out."""
    client = world.client("minh")
    assert upload(client, dossier).status_code == 200
    row = DossierFile.objects.get(dossier=dossier)
    path = f"/dossiers/{dossier.code}/files/{row.pk}/"
    link = client.get(f"{path}download")["Location"]
    StoredFile.objects.filter(pk=row.stored_id).update(
        status="rejected", scan_state="infected", rejected_reason="mã độc"
    )
    for answer in (client.get(f"{path}page/1.png"), Client(headers={"host": FILES}).get(urlsplit(link).path)):
        assert answer.status_code == 403
        assert "mã độc" in answer.content.decode()


def test_a_preview_is_kept_by_no_browser(world: World, dossier: Dossier) -> None:
    client = world.client("minh")
    upload(client, dossier)
    row = DossierFile.objects.get(dossier=dossier)
    picture = client.get(f"/dossiers/{dossier.code}/files/{row.pk}/page/1.png")
    assert picture.status_code == 200
    assert picture["Cache-Control"] == "private, no-store"
