"""Uploads piece by piece: cut anywhere and gone on with, by their owner alone, and never more than was said."""

import base64
import hashlib
import io
import os
import signal
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pypdfium2
import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.utils import timezone
from django.utils.http import parse_http_date

from motcua.accounts.models import AccountKind
from motcua.accounts.operations.accounts import open_account
from motcua.base.files import operations, resumable, storage, uploads, views
from motcua.base.files.models import Upload
from motcua.base.files.tests import corpus
from motcua.dossiers.tests.committed import forked
from motcua.lib.actor import PUBLIC, SYSTEM
from motcua.lib.refusal import NotFound, NotPermitted, Refusal

PDF = corpus.pdf(3)
BODY = "application/offset+octet-stream"
OWNER = "ticket:thu"
Commits = Callable[..., Any]


def said(**values: str) -> str:
    return ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in values.items())


class Sender:
    """A browser that speaks tus; with a page's ticket, or with the account that logged in."""

    def __init__(self, word: str = "thu", account: Any = None) -> None:
        self.client = Client(HTTP_HOST=settings.PUBLIC_HOST)
        self.more = {} if account else {"HTTP_X_MOTCUA_TICKET": resumable.ticket(word)}
        if account:
            self.client.force_login(account)

    def ask(
        self, method: str, path: str, data: bytes = b"", kind: str = BODY, **headers: Any
    ) -> HttpResponse:
        named = {f"HTTP_{key.upper()}": str(value) for key, value in headers.items()}
        version = {"HTTP_TUS_RESUMABLE": "1.0.0"}
        return self.client.generic(method, path, data, content_type=kind, **(version | self.more | named))

    def begin(self, length: int, name: str = "Đơn.pdf", **told: str) -> HttpResponse:
        return self.ask(
            "POST", "/gui-tep/", kind="", upload_length=length, upload_metadata=said(filename=name, **told)
        )

    def put(self, path: str, offset: int, data: bytes, **more: Any) -> HttpResponse:
        return self.ask("PATCH", path, data, upload_offset=offset, **more)

    def offset(self, path: str) -> int:
        return int(self.ask("HEAD", path).headers["Upload-Offset"])


@pytest.fixture
def sender(db: None) -> Sender:
    return Sender()


def form(path: str, field: str = "file", **more: Any) -> HttpRequest:
    """The form of a page that names a whole upload instead of carrying a file."""
    request = RequestFactory().post(
        "/", {f"{field}_upload": path, "upload_ticket": resumable.ticket("thu"), **more}
    )
    request.actor = PUBLIC  # type: ignore[attr-defined]
    return request


def stored(path: Any) -> operations.StoredFile:
    file = uploads.uploaded(form(path), "file")
    return operations.store(stream=file, filename=file.name, actor=PUBLIC, at=timezone.now(), purpose="paper")


def test_what_is_spoken_here_is_told_to_everybody(db: None) -> None:
    answer = Client(HTTP_HOST=settings.PUBLIC_HOST).options("/gui-tep/")
    assert answer.status_code == 204 and answer.headers["Tus-Version"] == "1.0.0"
    assert "checksum" in answer.headers["Tus-Extension"] and answer.headers["Tus-Max-Size"] == "52428800"
    assert "sha1" in answer.headers["Tus-Checksum-Algorithm"]


def test_a_file_cut_at_every_piece_arrives_whole_and_is_stored_once(
    sender: Sender, django_capture_on_commit_callbacks: Commits
) -> None:
    began = sender.begin(len(PDF))
    path = began.headers["Location"]
    assert began.status_code == 201 and parse_http_date(began.headers["Upload-Expires"]) > 0
    sent = 0
    while sent < len(PDF):
        sender = Sender()  # a new browser each time: only the ticket is the same
        assert sender.offset(path) == sent
        answer = sender.put(path, sent, PDF[sent : sent + 97])
        assert answer.status_code == 204
        sent = int(answer.headers["Upload-Offset"])
    with django_capture_on_commit_callbacks(execute=True):
        row = stored(path)
    assert (row.kind, row.pages, row.original_name) == ("pdf", 3, "Đơn.pdf")
    assert row.sha256 == hashlib.sha256(PDF).hexdigest()
    assert list(storage.incoming().iterdir()) == []
    with pytest.raises(resumable.Gone, match="đã được nhận"):
        uploads.uploaded(form(path), "file")
    assert sender.put(path, len(PDF), b"x").status_code == 410


def test_a_link_that_breaks_inside_a_piece_keeps_what_came(sender: Sender) -> None:
    path = sender.begin(len(PDF)).headers["Location"]

    class Cut(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            if self.tell() >= 300:
                raise OSError("the link broke")
            return super().read(min(size or 100, 100))

    request = RequestFactory().generic("PATCH", path, b"", content_type=BODY)
    request._stream = Cut(PDF)  # type: ignore[attr-defined]
    row = resumable.receive(
        upload_id=UUID(path[-36:]), owner=OWNER, offset=0, pieces=views._pieces(request), at=timezone.now()
    )
    assert row.received == sender.offset(path) == 300
    assert sender.put(path, 300, PDF[300:]).headers["Upload-Offset"] == str(len(PDF))
    assert stored(path).size == len(PDF)


def test_a_server_killed_between_disk_and_row_loses_that_piece_alone(
    fresh_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = timezone.now()
    row = resumable.begin(owner=OWNER, announced=resumable.Announced("a.pdf", len(PDF)), at=at)
    resumable.receive(upload_id=row.pk, owner=OWNER, offset=0, pieces=[PDF[:200]], at=at)
    connection.close()
    child = os.fork()
    if child == 0:
        monkeypatch.setattr(os, "fsync", lambda _handle: os.kill(os.getpid(), signal.SIGKILL))
        try:
            forked()
            resumable.receive(upload_id=row.pk, owner=OWNER, offset=200, pieces=[b"\0" * 150], at=at)
        finally:
            os._exit(1)
    assert os.WTERMSIG(os.waitpid(child, 0)[1]) == signal.SIGKILL
    assert resumable.path_of(row.pk).stat().st_size == 350, "bytes that no row counts"
    assert resumable.get(row.pk, OWNER, at).received == 200
    done = resumable.receive(upload_id=row.pk, owner=OWNER, offset=200, pieces=[PDF[200:]], at=at)
    assert done.sha256 == hashlib.sha256(PDF).hexdigest()
    with transaction.atomic():
        taken, file = resumable.take(upload_id=row.pk, owner=OWNER, at=at)
        assert file.read() == PDF and taken.taken_at == at
    assert not resumable.path_of(row.pk).exists()


def test_of_two_devices_one_is_told_that_it_is_behind(sender: Sender) -> None:
    path = sender.begin(len(PDF)).headers["Location"]
    phone, laptop = Sender(), Sender()
    assert phone.put(path, 0, PDF[:400]).status_code == 204
    behind = laptop.put(path, 0, PDF[:300])
    assert behind.status_code == 409 and "nơi khác" in behind.json()["message"]
    assert laptop.put(path, laptop.offset(path), PDF[400:]).status_code == 204
    assert phone.put(path, 400, PDF[400:]).status_code == 409
    assert stored(path).sha256 == hashlib.sha256(PDF).hexdigest()


def test_a_file_is_found_again_by_its_mark_on_another_device_and_by_its_owner_alone(sender: Sender) -> None:
    mark = hashlib.sha256(b"mark").hexdigest()
    path = sender.begin(len(PDF), mark=mark).headers["Location"]
    sender.put(path, 0, PDF[:100])
    found = {"mark": mark}
    again = Sender().client.get("/gui-tep/", found, **sender.more)
    assert again.json() == {"upload": path}
    assert Sender("ai khác").client.get("/gui-tep/", found, **Sender("ai khác").more).json() == {"upload": ""}
    assert sender.client.get("/gui-tep/", {"mark": "' or 1=1"}, **sender.more).json() == {"upload": ""}


def test_somebody_elses_upload_is_as_if_it_were_not_there(sender: Sender) -> None:
    lan = open_account(
        login_name="lan",
        full_name="Nguyễn Thị Lan",
        account_kind=AccountKind.CITIZEN,
        actor=SYSTEM,
        at=timezone.now(),
    )
    path = sender.begin(len(PDF)).headers["Location"]
    for other in (Sender("draft:khác"), Sender(account=lan)):
        for method in ("HEAD", "DELETE"):
            assert other.ask(method, path).status_code == 404
        assert other.put(path, 0, PDF).status_code == 404
    mine = Sender(account=lan).begin(len(PDF)).headers["Location"]
    assert Upload.objects.get(pk=mine[-36:]).owner == f"account:{lan.pk}"
    with pytest.raises(NotFound):
        uploads.uploaded(form(mine), "file")


def test_a_visitor_and_an_old_or_forged_ticket_are_refused(sender: Sender) -> None:
    path = sender.begin(10).headers["Location"]
    for more in (
        {},
        {"HTTP_X_MOTCUA_TICKET": "x"},
        {"HTTP_X_MOTCUA_TICKET": resumable.ticket("thu")[:-2] + "zz"},
    ):
        sender.more = more
        assert sender.begin(10).status_code == 403
        assert sender.ask("HEAD", path).status_code == 403
    with pytest.raises(NotPermitted):
        resumable.owner_of(PUBLIC)


@pytest.mark.parametrize(
    ("length", "told", "status"),
    [
        ("0", {}, 400), ("-1", {}, 400), ("1e3", {}, 400), ("", {}, 400), ("٣", {}, 400),
        (str(operations.LIMIT + 1), {}, 413), ("9" * 18, {}, 400), ("9" * 15, {}, 413),
        ("100", {"purpose": "khác"}, 400), (str(21 * 1024 * 1024), {"purpose": "photo"}, 413),
        ("100", {"mark": "../../x"}, 400), ("100", {"sha256": "zz"}, 400),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_before_a_byte(
    sender: Sender, length: str, told: dict[str, str], status: int
) -> None:
    answer = sender.ask(
        "POST", "/gui-tep/", kind="", upload_length=length, upload_metadata=said(filename="a.pdf", **told)
    )
    assert (answer.status_code, bool(answer.json()["message"])) == (status, True)
    assert Upload.objects.count() == 0 and list(storage.incoming().iterdir()) == []


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../../etc/passwd", "passwd"), ("..\\..\\win.ini", "win.ini"), ("", "tep"), ("a\0b\r\nSet-Cookie: x.pdf", "abSet-Cookie x.pdf"),
        ("\u202egpj.exe", "gpj.exe"), ("x" * 400 + ".pdf", "x" * 146 + ".pdf"), ("<img src=x onerror=1>.pdf", "img src=x onerror=1.pdf"),
        ("CON", "tep CON"),
    ],
)  # fmt: skip
def test_hostile_names_become_plain_ones(sender: Sender, name: str, kept: str) -> None:
    path = sender.begin(10, name=name).headers["Location"]
    assert Upload.objects.get(pk=path[-36:]).name == kept
    told = sender.ask("HEAD", path).headers["Upload-Metadata"]
    assert base64.b64decode(told.split()[1]).decode() == kept
    assert [one.name for one in storage.incoming().iterdir()] == [path[-36:]]


def test_a_name_that_is_no_text_is_refused(sender: Sender) -> None:
    for value in ("filename ////", "filename \x01", "filename gYGB"):
        answer = sender.ask("POST", "/gui-tep/", kind="", upload_length=10, upload_metadata=value)
        assert answer.status_code == 400 and "Tên tệp" in answer.json()["message"]


def test_more_than_was_said_is_refused_and_changes_nothing(sender: Sender) -> None:
    path = sender.begin(100).headers["Location"]
    assert sender.put(path, 0, PDF[:101]).status_code == 413
    assert sender.put(path, 0, PDF[:60]).status_code == 204
    assert sender.put(path, 60, PDF[60:101]).status_code == 413
    assert sender.put(path, 60, PDF, transfer_encoding="chunked").status_code == 411
    with pytest.raises(Refusal, match="dài hơn"):
        resumable.receive(
            upload_id=UUID(path[-36:]), owner=OWNER, offset=60, pieces=[PDF[:41]], at=timezone.now()
        )
    assert sender.offset(path) == 60 == resumable.path_of(UUID(path[-36:])).stat().st_size


def test_a_wrong_offset_kind_version_or_method_is_refused(sender: Sender) -> None:
    path = sender.begin(len(PDF)).headers["Location"]
    sender.put(path, 0, PDF[:50])
    assert [sender.put(path, offset, PDF[50:60]).status_code for offset in (0, 49, 51, 10**9)] == [409] * 4
    assert [sender.put(path, offset, b"x").status_code for offset in ("-1", "", "x", "9" * 30)] == [400] * 4
    assert sender.ask("PATCH", path, b"x", kind="text/plain", upload_offset=50).status_code == 415
    old = sender.ask("HEAD", path, tus_resumable="0.2.2")
    assert old.status_code == 412 and old.headers["Tus-Version"] == "1.0.0"
    assert [sender.ask(method, path).status_code for method in ("GET", "POST", "PUT")] == [405] * 3
    assert sender.ask("POST", "/gui-tep/", upload_length=5, upload_defer_length=1).status_code == 400
    assert sender.offset(path) == 50
    over = sender.ask("POST", path, PDF[50:], x_http_method_override="PATCH", upload_offset=50)
    assert over.status_code == 204, "a proxy that lets no PATCH through"


def test_a_checksum_counts_all_or_nothing(sender: Sender) -> None:
    path = sender.begin(len(PDF)).headers["Location"]
    half, rest = PDF[:300], PDF[300:]
    right = base64.b64encode(hashlib.sha1(half, usedforsecurity=False).digest()).decode()
    assert sender.put(path, 0, half[:-1] + b"?", upload_checksum=f"sha1 {right}").status_code == 460
    assert sender.put(path, 0, half[:-9], upload_checksum=f"sha1 {right}").status_code == 460
    assert sender.offset(path) == 0
    assert sender.put(path, 0, half, upload_checksum=f"sha1 {right}").status_code == 204
    sha256 = base64.b64encode(hashlib.sha256(rest).digest()).decode()
    for wrong in (f"md5 {right}", "sha1 !!", "sha1"):
        assert sender.put(path, 300, rest, upload_checksum=wrong).status_code in {400, 460}
    assert sender.put(path, 300, rest, upload_checksum=f"sha256 {sha256}").status_code == 204


def test_a_whole_file_that_is_not_what_was_promised_is_dropped(
    sender: Sender, django_capture_on_commit_callbacks: Commits
) -> None:
    promised = hashlib.sha256(PDF).hexdigest()
    path = sender.begin(len(PDF), sha256=promised).headers["Location"]
    sender.put(path, 0, PDF[:-1])
    with django_capture_on_commit_callbacks(execute=True):
        answer = sender.put(path, len(PDF) - 1, b"?")
    assert answer.status_code == 460 and "hỏng trên đường" in answer.json()["message"]
    assert sender.ask("HEAD", path).status_code == 404 and Upload.objects.count() == 0
    good = sender.begin(len(PDF), sha256=promised).headers["Location"]
    assert sender.put(good, 0, PDF).status_code == 204 and stored(good).sha256 == promised


def test_a_file_swapped_on_the_disk_after_it_came_is_refused(sender: Sender) -> None:
    path = sender.begin(len(PDF)).headers["Location"]
    sender.put(path, 0, PDF)
    resumable.path_of(UUID(path[-36:])).write_bytes(corpus.pdf(1).ljust(len(PDF), b" "))
    with pytest.raises(resumable.Gone, match="bị thay"):
        stored(path)


def test_bytes_that_a_restored_backup_lost_begin_anew(sender: Sender) -> None:
    path = sender.begin(len(PDF)).headers["Location"]
    sender.put(path, 0, PDF[:500])
    with resumable.path_of(UUID(path[-36:])).open("r+b") as file:
        file.truncate(100)
    assert sender.ask("HEAD", path).status_code == 410
    assert sender.put(path, 500, PDF[500:]).status_code == 410


def test_the_first_piece_may_come_with_the_beginning(sender: Sender) -> None:
    whole = sender.ask(
        "POST", "/gui-tep/", PDF, upload_length=len(PDF), upload_metadata=said(filename="a.pdf")
    )
    assert whole.status_code == 201 and whole.headers["Upload-Offset"] == str(len(PDF))
    assert stored(whole.headers["Location"]).pages == 3


def test_an_upload_that_is_not_whole_or_no_good_is_not_taken(sender: Sender) -> None:
    path = sender.begin(len(PDF)).headers["Location"]
    sender.put(path, 0, PDF[:-1])
    with pytest.raises(Refusal) as refused:
        stored(path)
    assert refused.value.code == "upload_not_whole"
    program = b"MZ\x90\x00" + b"\x00" * 200
    path = sender.begin(len(program), name="cccd.pdf").headers["Location"]
    sender.put(path, 0, program)
    with pytest.raises(Refusal) as refused:
        stored(path)
    assert refused.value.code == "file_kind_not_taken", "the one check of the house stands behind"
    for wrong in ("", "x", "/gui-tep/../..", "/gui-tep/" + "0" * 36):
        with pytest.raises(Refusal):
            stored(wrong or "/")


def test_what_nobody_went_on_with_is_forgotten(
    sender: Sender, django_capture_on_commit_callbacks: Commits
) -> None:
    path = sender.begin(len(PDF)).headers["Location"]
    kept = sender.begin(len(PDF)).headers["Location"]
    Upload.objects.filter(pk=path[-36:]).update(expires_at=timezone.now())
    assert sender.ask("HEAD", path).status_code == 410
    assert sender.put(path, 0, PDF).status_code == 410
    stray = storage.incoming() / "stray"
    stray.write_bytes(b"x")
    for one in storage.incoming().iterdir():
        os.utime(one, (0, 0))
    assert resumable.sweep(timezone.now()) == 1
    assert [one.name for one in storage.incoming().iterdir()] == [kept[-36:]]
    with django_capture_on_commit_callbacks(execute=True):
        assert sender.ask("DELETE", kept).status_code == 204
    assert sender.ask("DELETE", kept).status_code == 404 and list(storage.incoming().iterdir()) == []


def test_nobody_fills_the_disk(sender: Sender, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resumable, "MOST_OPEN", 2)
    first = sender.begin(100).headers["Location"]
    sender.begin(100)
    many = sender.begin(100)
    assert many.status_code == 429 and "gửi dở" in many.json()["message"]
    sender.ask("DELETE", first)
    assert sender.begin(100).status_code == 201
    monkeypatch.setattr(storage, "free_bytes", lambda: resumable.RESERVE)
    assert Sender("khác").begin(100).status_code == 507


def several(**more: Any) -> HttpRequest:
    path = []
    sender = Sender()
    for name, data in (
        ("mặt trước.jpg", corpus.jpeg()),
        ("mặt sau.png", corpus.png()),
        ("b.heic", corpus.HEIC),
    ):
        path.append(sender.begin(len(data), name=name).headers["Location"])
        sender.put(path[-1], 0, data)
    return form(path, **more)


def test_several_photos_become_one_pdf_in_their_order(db: None) -> None:
    file = uploads.uploaded(several(file_turn=["0", "90", "0"]), "file")
    assert file.name == "mặt trước.pdf"
    row = operations.store(stream=file, filename=file.name, actor=PUBLIC, at=timezone.now(), purpose="paper")
    assert (row.kind, row.pages) == ("pdf", 3)
    with storage.path_of(row.sha256).open("rb") as content:
        sizes = [page.get_size() for page in pypdfium2.PdfDocument(content.read())]
    assert all(sorted(map(round, size)) == [595, 842] for size in sizes)


def test_metadata_of_photos_does_not_go_into_the_pdf(db: None) -> None:
    located = corpus.located_jpeg()
    request = RequestFactory().post(
        "/", {"file": [SimpleUploadedFile("1.jpg", located), SimpleUploadedFile("2.jpg", located)]}
    )
    file = uploads.uploaded(request, "file")
    data = file.read()
    assert b"Exif" in located and b"Exif" not in data and data.startswith(b"%PDF-")


def test_a_pdf_among_photos_and_a_broken_photo_are_refused_by_name(db: None) -> None:
    for data, name, code in (
        (PDF, "đơn.pdf", "file_not_a_picture"),
        (corpus.jpeg()[:400], "cụt.jpg", "file_"),
        (corpus.docx(), "đơn.docx", "file_kind_not_taken"),
    ):
        request = RequestFactory().post(
            "/", {"file": [SimpleUploadedFile("1.jpg", corpus.jpeg()), SimpleUploadedFile(name, data)]}
        )
        with pytest.raises(Refusal) as refused:
            uploads.uploaded(request, "file")
        assert refused.value.code.startswith(code) and name in refused.value.message
