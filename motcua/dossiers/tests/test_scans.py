"""Words of scanned papers: read behind everything else, found by officers who may see the dossier, by nobody else."""

import io
import os
import stat
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import img2pdf
import pytest
from click.testing import CliRunner
from django.db import connection
from django.test import Client
from django.utils import timezone
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from conftest import need
from motcua.base.files import operations as files
from motcua.base.files import recognition, storage, texts
from motcua.base.jobs.system import as_system
from motcua.base.printing.compiler import FONTS
from motcua.cli.commands.scans import scans as command
from motcua.dossiers import finding, listing, scanned
from motcua.dossiers.models import Dossier, DossierFile, ScanState, ScanText
from motcua.dossiers.operations import attachments, intake, scans
from motcua.dossiers.tests.intake_world import World
from motcua.dossiers.tests.lives import MONDAY, plan, take_in
from motcua.lib.actor import SYSTEM, Actor
from motcua.ui.routing import set_database_actor

pytestmark = [pytest.mark.django_db, pytest.mark.sql]

LINES = (
    "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
    "GIẤY CHỨNG NHẬN QUYỀN SỬ DỤNG ĐẤT",
    "Thửa đất số 1473, tờ bản đồ số 26, đặc khu Bạch Long Vĩ",
    "Người sử dụng: bà Nguyễn Thị Tuyết Nhung, số 079 301 008 812",
)


def page(*lines: str, size: tuple[int, int] = (1654, 2339)) -> Image.Image:
    """A page of A4 as a scanner of 200 dots an inch gives it: grey, a little turned and blurred."""
    picture = Image.new("L", size, 248)
    draw, font = ImageDraw.Draw(picture), ImageFont.truetype(FONTS / "NotoSerif_400Regular.ttf", 38)
    for number, line in enumerate(lines):
        draw.text((150, 200 + 90 * number), line, fill=30, font=font)
    return picture.rotate(0.4, fillcolor=248).filter(ImageFilter.GaussianBlur(0.7))


def jpeg(picture: Image.Image) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=70)
    return buffer.getvalue()


def pdf(*pages: Image.Image) -> bytes:
    made = img2pdf.convert([jpeg(one) for one in pages])
    assert isinstance(made, bytes)
    return made


def hang(world: World, dossier: Dossier, content: bytes, name: str, by: str = "minh") -> DossierFile:
    stored = files.store(
        stream=io.BytesIO(content), filename=name, actor=world.actor(by), at=MONDAY, purpose="dossier",
        agency_id=dossier.home_agency_id,
    )  # fmt: skip
    return attachments.attach(
        dossier_id=dossier.pk,
        actor=world.actor(by),
        at=MONDAY,
        key=uuid4().hex,
        stored=stored,
        purpose="other",
    )


def read_all() -> int:
    with as_system():
        scans.take_note(at=timezone.now(), since=timezone.now() - timedelta(hours=1))
    return scans.read_waiting(within=as_system, seconds=120)


@pytest.fixture
def tesseract() -> str:
    return need("tesseract", "tesseract-ocr, tesseract-ocr-vie")


@pytest.fixture
def dossier(world: World, db: None) -> Dossier:
    return take_in(world)


def other_office(world: World) -> Dossier:
    """A dossier that only the neighbouring commune may see."""
    binh = world.actor("binh")
    return intake.submit(
        intake=plan(world, binh, competent_agency_id=world.neighbour.pk),
        actor=binh,
        at=MONDAY,
        key=uuid4().hex,
    )


def get(client: Client, address: str, **values: str) -> Any:
    response = client.get(address, values)
    set_database_actor(SYSTEM)
    return response


def in_papers(actor: Actor, text: str, besides: tuple[UUID, ...] = ()) -> list[UUID]:
    """What the search page shows below `besides`, asked as a request of `actor` asks."""
    set_database_actor(actor)
    found = [item.dossier_id for item in listing.rows_of(besides, marks=scanned.asked(text))]
    set_database_actor(SYSTEM)
    return found[len(besides) :]


# ── Read and found


def test_a_scan_is_read_and_found_without_marks(world: World, dossier: Dossier, tesseract: str) -> None:
    row = hang(world, dossier, jpeg(page(*LINES)), "GCN.jpg")
    assert read_all() == 1
    text = ScanText.objects.get(pk=row.stored.sha256)
    assert (text.state, text.pages_read, text.language) == (ScanState.READ, 1, "vie")
    assert text.confidence is not None and text.confidence > 70 and text.engine.startswith("tesseract ")
    assert "Nguyễn Thị Tuyết Nhung" in (text.texts or ""), "with marks, as it stands on the paper"
    hoa, binh = world.actor("hoa"), world.actor("binh")
    for words in ("tuyet nhung", "THỬA ĐẤT 1473", "giay chung nhan quyen su dung dat", "079301008812"):
        assert finding.find(hoa, words) == [], "it is found by nothing else"
        assert in_papers(hoa, words) == [dossier.pk], words
        assert in_papers(binh, words) == []
    for words in ("tuyet nhung hoang", "1474", "an", "", "https://a.example/tuyet", "|tuyet|nhung|"):
        assert in_papers(hoa, words) == [], words
    assert in_papers(hoa, "tuyet nhung", besides=(dossier.pk,)) == []


def test_pages_show_it_to_who_may_see_the_dossier_only(
    world: World, dossier: Dossier, tesseract: str
) -> None:
    row = hang(world, dossier, jpeg(page(*LINES)), "GCN.jpg")
    address = f"/dossiers/{dossier.code}/files/{row.pk}/"
    read_all()
    hoa, binh = world.client("hoa"), world.client("binh")
    found = get(hoa, "/search", q="bản đồ số 26 tuyết nhung").content.decode()
    assert "Trong giấy tờ đính kèm" in found and dossier.code in found
    assert dossier.code not in get(binh, "/search", q="bản đồ số 26 tuyết nhung").content.decode()
    shown = get(hoa, address).content.decode()
    assert "Chữ máy đọc được (có thể sai)" in shown and "Tuyết Nhung" in shown
    assert get(binh, address).status_code == 404
    beside = hoa.get(address, HTTP_HX_REQUEST="true").content.decode()
    set_database_actor(SYSTEM)
    assert "Tuyết Nhung" not in beside and f'href="{address}"' in beside


def test_what_is_found_by_its_slip_comes_first(world: World, dossier: Dossier, tesseract: str) -> None:
    other = take_in(world)
    hang(world, other, jpeg(page(f"Kèm theo hồ sơ {dossier.applicant_name}")), "a.jpg")
    read_all()
    found = get(world.client("hoa"), "/search", q=dossier.applicant_name).content.decode()
    assert "Trong giấy tờ đính kèm" not in found, "both are found by the name already: each stands once"
    assert found.count(f'href="/dossiers/{other.code}/"') == 1


def test_text_and_words_stand_nowhere_in_plain(world: World, dossier: Dossier, tesseract: str) -> None:
    hang(world, dossier, jpeg(page(*LINES)), "GCN.jpg")
    read_all()
    with connection.cursor() as cursor:
        cursor.execute("select s::text from dossiers_scantext s")
        (row,) = cursor.fetchone()
    for secret in (
        "Tuyết",
        "tuyet",
        "1473",
        "079301008812",
        "079 301",
        b"tuyet".hex(),
        "Tuyết".encode().hex(),
    ):
        assert secret not in row


def test_equal_content_is_read_once_and_each_office_finds_its_own(
    world: World, dossier: Dossier, tesseract: str
) -> None:
    content, theirs = jpeg(page(*LINES)), other_office(world)
    first = hang(world, dossier, content, "a.jpg")
    second = hang(world, theirs, content, "b.jpg", by="binh")
    assert first.stored_id != second.stored_id and first.stored.sha256 == second.stored.sha256
    assert read_all() == 1 and ScanText.objects.count() == 1
    assert read_all() == 0
    assert in_papers(world.actor("hoa"), "tuyet nhung") == [dossier.pk]
    assert in_papers(world.actor("binh"), "tuyet nhung") == [theirs.pk]


def test_a_rejected_file_finds_nothing_more(world: World, dossier: Dossier, tesseract: str) -> None:
    row = hang(world, dossier, jpeg(page(*LINES)), "a.jpg")
    read_all()
    files.reject(file_id=row.stored_id, actor=SYSTEM, at=MONDAY, reason="mã độc")
    assert in_papers(world.actor("hoa"), "tuyet nhung") == []
    files_before = ScanText.objects.count()
    assert (files_before, scans.forget_unused()) == (1, 0), "its row is still there as evidence"


# ── Without Tesseract


def test_without_tesseract_scans_wait_and_nothing_breaks(
    world: World, dossier: Dossier, settings: Any
) -> None:
    settings.TESSERACT = "off"
    row = hang(world, dossier, jpeg(page(*LINES)), "a.jpg")
    address = f"/dossiers/{dossier.code}/files/{row.pk}/"
    hoa = world.client("hoa")
    assert get(hoa, address).status_code == 200, "not noted yet"
    assert read_all() == 1 and read_all() == 0
    assert ScanText.objects.get().state == ScanState.NO_ENGINE
    assert "Máy chưa đọc chữ trong tệp này" in get(hoa, address).content.decode()
    said = CliRunner().invoke(command).output
    set_database_actor(SYSTEM)
    assert "chưa có" in said and "chờ Tesseract: 1" in said


def test_it_is_read_once_tesseract_is_there(
    world: World, dossier: Dossier, settings: Any, tesseract: str
) -> None:
    settings.TESSERACT = "off"
    hang(world, dossier, jpeg(page(*LINES)), "a.jpg")
    read_all()
    settings.TESSERACT = tesseract
    assert read_all() == 1 and ScanText.objects.get().state == ScanState.READ
    said = CliRunner().invoke(command, ["--read"]).output
    set_database_actor(SYSTEM)
    assert "Tesseract: tesseract 5" in said and "đã đọc: 1" in said


def test_a_pdf_with_letters_of_its_own_needs_none(world: World, dossier: Dossier, settings: Any) -> None:
    settings.TESSERACT = "off"
    printed = get(world.client("minh"), f"/dossiers/{dossier.code}/separators.pdf").content
    row = hang(world, dossier, printed, "to.pdf")
    read_all()
    text = ScanText.objects.get()
    assert (text.state, text.engine, text.confidence) == (ScanState.READ, "", None)
    assert in_papers(world.actor("hoa"), "the can cuoc") == [dossier.pk]
    shown = get(world.client("hoa"), f"/dossiers/{dossier.code}/files/{row.pk}/").content.decode()
    assert "lớp chữ có sẵn" in shown


# ── Broken, huge, slow, killed


def test_content_that_is_broken_on_the_disk_is_passed_over(
    world: World, dossier: Dossier, tesseract: str
) -> None:
    bad = hang(world, dossier, jpeg(page("A")), "a.jpg")
    good = hang(world, dossier, jpeg(page(*LINES)), "b.jpg")
    storage.path_of(bad.stored.sha256).write_bytes(b"\xff\xd8\xff\xe0" + os.urandom(2000))
    lost = hang(world, dossier, jpeg(page("B")), "c.jpg")
    storage.path_of(lost.stored.sha256).unlink()
    assert read_all() == 3
    states = dict(ScanText.objects.values_list("sha256", "state"))
    assert states[bad.stored.sha256] == states[lost.stored.sha256] == ScanState.UNREADABLE
    assert states[good.stored.sha256] == ScanState.READ
    shown = get(world.client("hoa"), f"/dossiers/{dossier.code}/files/{bad.pk}/").content.decode()
    assert "Máy không đọc được chữ nào" in shown


def test_a_huge_picture_is_read_small(world: World, dossier: Dossier, tesseract: str) -> None:
    huge = Image.new("L", (8900, 8900), 255)
    ImageDraw.Draw(huge).text(
        (600, 600),
        "Thửa đất Bạch Long",
        fill=0,
        font=ImageFont.truetype(FONTS / "NotoSerif_700Bold.ttf", 500),
    )
    hang(world, dossier, jpeg(huge), "to.jpg")
    read_all()
    assert in_papers(world.actor("hoa"), "bach long") == [dossier.pk]


def fake(folder: Path, body: str) -> str:
    """A program that answers as Tesseract does when it is asked what it is; `body` is what it does with a picture."""
    program = folder / "tesseract"
    program.write_text(
        f'#!/bin/sh\ncase "$1" in --list-langs) echo vie; exit;; --version) echo tesseract 9.9; exit;; esac\n{body}\n'
    )
    program.chmod(program.stat().st_mode | stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH | stat.S_IROTH)
    return str(program)


@pytest.fixture
def folder() -> Any:
    """A folder that nobody, whom the program becomes, may enter too."""
    import tempfile

    with tempfile.TemporaryDirectory() as name:
        path = Path(name)
        path.chmod(0o755)
        yield path


def test_tesseract_runs_last_bounded_and_as_nobody(folder: Path, settings: Any) -> None:
    row = r"printf '5\t1\t1\t1\t1\t1\t0\t0\t0\t0\t90\t%s\n'"
    settings.TESSERACT = fake(
        folder, f'{row} "$(nice)_$(ulimit -v)_$(ulimit -t)_$(ulimit -f)_$OMP_THREAD_LIMIT"'
    )
    engine = recognition.engine()
    assert engine is not None and engine.version == "tesseract 9.9"
    with (folder / "x.png").open("wb+") as picture:
        nice, memory, seconds, written, threads = recognition.read(engine, picture).text.split("_")
    assert (nice, memory, seconds, written, threads) == ("19", str(1024 * 1024), "30", "0", "1")


@pytest.mark.parametrize("body", ["exec sleep 30", "exit 1", "kill -9 $$"])
def test_what_is_too_slow_or_falls_over_is_passed_over(
    world: World, dossier: Dossier, folder: Path, settings: Any, monkeypatch: pytest.MonkeyPatch, body: str
) -> None:
    settings.TESSERACT = fake(folder, body)
    monkeypatch.setattr(recognition, "WALL_SECONDS", 1)
    hang(world, dossier, jpeg(page("A")), "a.jpg")
    assert read_all() == 1
    assert ScanText.objects.get().state == ScanState.UNREADABLE


def test_two_readings_of_one_page_write_it_once(world: World, dossier: Dossier, tesseract: str) -> None:
    hang(world, dossier, pdf(page("Trang đầu"), page("Trang cuối")), "a.pdf")
    engine, now = recognition.engine(), timezone.now()
    with as_system():
        scans.take_note(at=now)
        row = scans._take(engine, now)
        assert row is not None and scans._take(engine, now) is None, "it is taken already"
        other = ScanText.objects.get()
    assert scans._read_page(row, engine, as_system) is not None
    assert scans._read_page(other, engine, as_system) is None
    assert ScanText.objects.get().pages_read == 1


class Kill(BaseException):
    """The worker is killed here."""


def test_killed_in_the_middle_it_goes_on_there(
    world: World, dossier: Dossier, tesseract: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    hang(world, dossier, pdf(page("Trang đầu"), page("Trang giữa"), page("Trang cuối tuyết nhung")), "a.pdf")
    real, asked = texts.of_page, []

    def of_page(stored: Any, number: int, engine: Any) -> Any:
        asked.append(number)
        if asked == [1, 2]:
            raise Kill
        return real(stored, number, engine)

    monkeypatch.setattr(texts, "of_page", of_page)
    with pytest.raises(Kill):
        read_all()
    row = ScanText.objects.get()
    assert (row.state, row.pages_read) == (ScanState.WAITING, 1)
    assert in_papers(world.actor("hoa"), "trang dau") == [dossier.pk], "what was read is found already"
    assert read_all() == 0, "another reading leaves it alone while it may still be at work"
    ScanText.objects.update(claimed_until=timezone.now() - timedelta(seconds=1))
    assert read_all() == 2 and asked == [1, 2, 2, 3]
    row.refresh_from_db()
    assert (row.state, row.pages_read, row.skipped) == (ScanState.READ, 3, 0)
    assert in_papers(world.actor("hoa"), "cuoi tuyet nhung") == [dossier.pk]


def test_a_page_that_kills_every_reading_is_passed_over(
    world: World, dossier: Dossier, tesseract: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    hang(world, dossier, pdf(page("Trang đầu"), page("Trang cuối")), "a.pdf")
    real = texts.of_page

    def of_page(stored: Any, number: int, engine: Any) -> Any:
        if number == 1:
            raise Kill
        return real(stored, number, engine)

    monkeypatch.setattr(texts, "of_page", of_page)
    for _time in range(scans.TRIES):
        with pytest.raises(Kill):
            read_all()
        ScanText.objects.update(claimed_until=timezone.now() - timedelta(seconds=1))
    read_all()
    row = ScanText.objects.get()
    assert (row.state, row.pages_read, row.skipped) == (ScanState.READ, 2, 1)


def test_of_a_long_file_the_first_pages_are_read(
    world: World, dossier: Dossier, tesseract: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert scans.MOST_PAGES == 50, "docs/reference/papers.md says so"
    monkeypatch.setattr(scans, "MOST_PAGES", 1)
    row = hang(world, dossier, pdf(page("Trang đầu"), page("Trang cuối")), "a.pdf")
    assert read_all() == 1
    shown = get(world.client("hoa"), f"/dossiers/{dossier.code}/files/{row.pk}/").content.decode()
    assert "Không đọc 1 trang cuối" in shown


def test_texts_of_nothing_are_forgotten(world: World, dossier: Dossier) -> None:
    hang(world, dossier, jpeg(page("A")), "a.jpg")
    with as_system():
        scans.take_note(at=MONDAY)
        ScanText.objects.create(sha256="b" * 64, pages=1, queued_at=MONDAY)
        assert scans.forget_unused() == 1 and ScanText.objects.count() == 1
