"""Taking files in: what is good is kept byte by byte, what is not is refused with what to do."""

import hashlib
import io
import os
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import DatabaseError, transaction

from motcua.base.files import operations, queries, storage
from motcua.base.files.models import FileStatus, StoredFile
from motcua.base.files.tests import corpus
from motcua.lib.actor import PUBLIC, Actor
from motcua.lib.refusal import NotFound, Refusal

AT = datetime(2026, 11, 20, 3, 5, tzinfo=UTC)
MINH = Actor(kind="officer", account_id=7, position_id=3, agency_id=1, name="Trần Văn Minh")


def put(data: bytes, name: str, **more: object) -> StoredFile:
    values = {"actor": MINH, "at": AT, "purpose": "paper"} | more
    return operations.store(stream=io.BytesIO(data), filename=name, **values)


@pytest.mark.parametrize(
    ("data", "name", "kind", "pages"),
    [
        (corpus.pdf(3), "Đơn đề nghị.pdf", "pdf", 3),
        (corpus.jpeg(), "ảnh.JPG", "jpeg", 1),
        (corpus.jpeg(progressive=True), "ảnh.jpeg", "jpeg", 1),
        (corpus.located_jpeg(), "ảnh.jfif", "jpeg", 1),
        (corpus.png(), "quét.png", "png", 1),
        (corpus.HEIC, "IMG_0001.HEIC", "heic", 1),
        (corpus.many_objects_pdf(20_000), "nhiều.pdf", "pdf", 1),
        (corpus.pdf() + b"\r\n\x1a sent by a mail program", "thư.pdf", "pdf", 1),
    ],
)
def test_a_good_file_is_kept_as_it_came(db: None, data: bytes, name: str, kind: str, pages: int) -> None:
    stored = put(data, name)
    stored.refresh_from_db()
    assert (stored.kind, stored.pages, stored.size) == (kind, pages, len(data))
    assert (stored.original_name, stored.purpose, stored.created_by) == (name, "paper", 7)
    assert (stored.created_at, stored.status, stored.scan_state) == (AT, "clean", "unscanned")
    assert stored.sha256 == hashlib.sha256(data).hexdigest()
    with queries.open_content(stored) as content:
        assert content.read() == data
    path = storage.path_of(stored.sha256)
    assert path.relative_to(storage.root()).parts == (stored.sha256[:2], stored.sha256[2:4], stored.sha256)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(storage.root().stat().st_mode) == 0o700
    assert list(storage.drafts().iterdir()) == []


REFUSED = [
    ("file_empty", b"", "trống.pdf", "rỗng"),
    ("file_kind_differs", corpus.png(), "cccd.pdf", "thật ra là ảnh PNG"),
    ("file_kind_differs", corpus.pdf(), "ảnh.jpg", "thật ra là tệp PDF"),
    ("file_kind_differs", corpus.HEIC, "ảnh.jpg", "thật ra là ảnh HEIC"),
    ("file_kind_differs", corpus.jpeg(), "ảnh.exe", "thật ra là ảnh JPEG"),
    ("file_kind_not_taken", corpus.docx(), "đơn.pdf", "thật ra là tệp Word"),
    ("file_kind_not_taken", corpus.docx(), "đơn.docx", "là tệp Word, loại này chưa nhận được"),
    ("file_kind_not_taken", corpus.xlsx(), "bảng.xlsx", "tệp Excel"),
    ("file_kind_not_taken", corpus.archive(), "hồ sơ.zip", "giải nén"),
    ("file_kind_not_taken", b"MZ\x90\x00" + b"\x00" * 100, "hoa_don.pdf", "thật ra là chương trình máy tính"),
    ("file_kind_not_taken", corpus.EICAR, "x.pdf", "thật ra là tệp chữ thuần"),
    ("file_kind_not_taken", b"<!DOCTYPE html><html>", "x.pdf", "trang web"),
    (
        "file_kind_not_taken",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>",
        "x.png",
        "hình vẽ SVG",
    ),
    ("file_kind_not_taken", b"GIF89a" + b"\x00" * 50, "x.gif", "ảnh GIF"),
    ("file_kind_not_taken", os.urandom(1) * 5 + b"\x00\x81", "x.pdf", ""),
    ("file_encrypted", corpus.locked_pdf(), "khóa.pdf", "mật khẩu"),
    ("file_encrypted", corpus.locked_pdf(owner_only=True), "khóa.pdf", "khóa quyền"),
    ("file_truncated", corpus.pdf(40)[:-400], "cụt.pdf", "cắt cụt"),
    ("file_truncated", corpus.pdf() + b"\x00" * 2000, "dài.pdf", "cắt cụt"),
    ("file_disguised", corpus.pdf() + b"<html>" + b" " * 2000, "hai.pdf", "vừa là tệp PDF"),
    ("file_truncated", corpus.jpeg()[:-900], "cụt.jpg", "cắt cụt"),
    ("file_truncated", corpus.png()[:-300], "cụt.png", "cắt cụt"),
    ("file_broken", b"%PDF-1.7\nnothing\n%%EOF", "hỏng.pdf", "bị hỏng"),
    ("file_broken", corpus.png()[:40] + b"\xff" * 400, "hỏng.png", "bị hỏng"),
    ("file_active", corpus.script_pdf(), "lệnh.pdf", "lệnh tự chạy"),
    ("file_active", corpus.page_script_pdf(), "lệnh.pdf", "lệnh tự chạy"),
    ("file_active", corpus.escaped_script_pdf(), "lệnh.pdf", "lệnh tự chạy"),
    ("file_active", corpus.hidden_script_pdf(), "lệnh.pdf", "lệnh tự chạy"),
    ("file_active", corpus.hidden_script_pdf(odd_filter=True), "lệnh.pdf", "lệnh tự chạy"),
    *(
        ("file_active", corpus.hidden_script_pdf(head=head), "lệnh.pdf", "lệnh tự chạy")
        for head in corpus.TRICKY_HEADS.values()
    ),
    ("file_too_heavy", corpus.hidden_script_pdf(padding=17 * 1024 * 1024), "nặng.pdf", ""),
    ("file_active", corpus.script_pdf().replace(b"/JavaScript", b"/Rendition"), "lệnh.pdf", "lệnh tự chạy"),
    ("file_active", corpus.launch_pdf(), "lệnh.pdf", "lệnh tự chạy"),
    ("file_attachments", corpus.attached_pdf(), "kèm.pdf", "đính kèm"),
    ("file_too_many_pixels", corpus.flood_png(), "lớn.png", "80 triệu điểm ảnh"),
    ("file_too_many_pixels", corpus.flood_jpeg(), "lớn.jpg", "80 triệu điểm ảnh"),
    ("file_disguised", corpus.html_in_pdf(), "hai.pdf", "vừa là tệp PDF"),
    ("file_disguised", corpus.html_after_pdf(), "hai.pdf", "vừa là tệp PDF"),
    ("file_disguised", corpus.pdf() + corpus.archive(), "hai.pdf", "vừa là tệp PDF"),
    ("file_disguised", corpus.jpeg() + corpus.archive(), "hai.jpg", "vừa là ảnh JPEG"),
    ("file_disguised", corpus.pdf_in_png(), "hai.png", "vừa là ảnh PNG"),
    ("file_broken", corpus.text_bomb_png(), "bom.png", "bị hỏng"),
]


@pytest.mark.parametrize(
    ("code", "data", "name", "words"), REFUSED, ids=[f"{r[0]}-{n}" for n, r in enumerate(REFUSED)]
)
def test_a_bad_file_is_refused_with_what_to_do(
    db: None, code: str, data: bytes, name: str, words: str
) -> None:
    with pytest.raises(Refusal) as refused:
        put(data, name)
    assert refused.value.code == code, refused.value.message
    assert words in refused.value.message
    assert f"«{name}»" in refused.value.message
    assert "Hãy " in refused.value.message
    assert not StoredFile.objects.exists()
    assert [path for path in storage.root().rglob("*") if path.is_file() and path.name != ".lock"] == []


def test_a_paper_with_ordinary_object_streams_is_kept(db: None) -> None:
    import pikepdf

    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(corpus.pdf(30))) as document:
        document.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    assert b"/ObjStm" in out.getvalue()
    assert put(out.getvalue(), "giấy.pdf").pages == 30


def test_two_hundred_megabytes_are_refused_at_the_limit(db: None) -> None:
    stream = corpus.Endless(200 * 1024 * 1024, start=b"%PDF-1.4\n")
    with pytest.raises(Refusal) as refused:
        operations.store(stream=stream, filename="to.pdf", actor=PUBLIC, at=AT, purpose="paper")
    assert refused.value.code == "file_too_large"
    assert "50 MB" in refused.value.message
    assert stream.taken <= operations.LIMIT + storage.CHUNK
    assert list(storage.drafts().iterdir()) == []


def test_a_length_known_beforehand_is_refused_before_reading(db: None) -> None:
    stream = corpus.Endless(200 * 1024 * 1024)
    stream.size = stream.total
    with pytest.raises(Refusal):
        operations.store(stream=stream, filename="to.pdf", actor=PUBLIC, at=AT, purpose="paper")
    assert stream.taken == 0


def test_equal_content_is_kept_once_with_a_row_per_use(db: None) -> None:
    first, second = put(corpus.png(), "a.png"), put(corpus.png(), "b.png", actor=PUBLIC)
    assert first.pk != second.pk
    assert first.sha256 == second.sha256
    assert second.created_by is None
    assert len([p for p in storage.root().rglob("*") if p.is_file() and len(p.name) == 64]) == 1


def test_content_is_synced_before_the_row_is_written(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    order: list[str] = []
    fsync, rename, create = os.fsync, Path.rename, StoredFile.objects.create
    monkeypatch.setattr(os, "fsync", lambda fd: (order.append(f"sync {_what(fd)}"), fsync(fd)))
    monkeypatch.setattr(Path, "rename", lambda *a: (order.append("rename"), rename(*a))[1])
    monkeypatch.setattr(StoredFile.objects, "create", lambda **v: (order.append("row"), create(**v))[1])
    put(corpus.png(), "a.png")
    assert order == ["sync file", "sync folder", "sync folder", "rename", "rename", "sync folder", "row"]


def _what(descriptor: int) -> str:
    return "folder" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else "file"


def test_a_full_disk_is_said_and_leaves_nothing(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Refusal) as refused:
        put(corpus.png(), "a.png")
    assert refused.value.code == "file_no_room"
    assert list(storage.drafts().iterdir()) == []


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../etc/passwd.png", "passwd.png"),
        ("C:\\Users\\Lan\\Giấy khai sinh.png", "Giấy khai sinh.png"),
        ("ảnh\x00\r\n.png", "ảnh.png"),
        ("gpj.\u202egnp.png", "gpj.gnp.png"),
        ("  .png", "png.png"),
        ("con.png", "tep con.png"),
        ("", "tep.png"),
        ("không đuôi", "không đuôi.png"),
        ("tie\u0302\u0301ng.png", "tiếng.png"),
        ("d" * 400 + ".png", "d" * 146 + ".png"),
        ('a<b>:"c|?*.png', "abc.png"),
    ],
)
def test_names_are_cleaned(db: None, sent: str, kept: str) -> None:
    assert put(corpus.png(), sent).original_name == kept


def test_a_rejected_file_is_no_longer_given_out(db: None) -> None:
    stored = put(corpus.png(), "a.png")
    operations.preview(file_id=stored.pk)
    with pytest.raises(Refusal):
        operations.reject(file_id=stored.pk, actor=MINH, at=AT, reason="  ")
    rejected = operations.reject(file_id=stored.pk, actor=MINH, at=AT, reason="mã độc Test.A")
    assert (rejected.status, rejected.scan_state) == (FileStatus.REJECTED, "infected")
    for give in (lambda: queries.open_content(rejected), lambda: operations.preview(file_id=stored.pk)):
        with pytest.raises(Refusal) as refused:
            give()
        assert refused.value.code == "file_rejected"


def test_unknown_and_lost_files_are_not_found(db: None) -> None:
    stored = put(corpus.png(), "a.png")
    storage.path_of(stored.sha256).unlink()
    with pytest.raises(NotFound):
        queries.open_content(stored)
    with pytest.raises(NotFound):
        queries.get(PUBLIC_ID)


PUBLIC_ID = "018f0000-0000-7000-8000-000000000000"


@pytest.mark.sql
@pytest.mark.parametrize(
    "wrong",
    [
        {"sha256": "x" * 64},
        {"size": 0},
        {"pages": 0},
        {"kind": "exe"},
        {"original_name": ""},
        {"status": "rejected"},
        {"rejected_reason": "vì sao"},
    ],
)
def test_the_database_refuses_wrong_rows(db: None, wrong: dict[str, object]) -> None:
    good = {
        "sha256": "a" * 64,
        "size": 1,
        "kind": "pdf",
        "original_name": "a.pdf",
        "pages": 1,
        "purpose": "paper",
    }
    StoredFile.objects.create(created_at=AT, **good)
    with pytest.raises(DatabaseError), transaction.atomic():
        StoredFile.objects.create(created_at=AT, **(good | wrong))


def test_the_sweeper_takes_only_old_content_without_a_row(db: None) -> None:
    now = datetime.now(tz=UTC)
    used, fresh, stale = (
        put(d, n) for d, n in ((corpus.png(), "a.png"), (corpus.jpeg(), "b.jpg"), (corpus.pdf(), "c.pdf"))
    )
    operations.preview(file_id=stale.pk)
    StoredFile.objects.filter(pk__in=[fresh.pk, stale.pk]).delete()
    old = (now - timedelta(hours=25)).timestamp()
    for stored in (used, stale):
        os.utime(storage.path_of(stored.sha256), (old, old))
    assert operations.sweep_orphans(now) == (1, 0)
    assert storage.path_of(used.sha256).exists()
    assert storage.path_of(fresh.sha256).exists()
    assert not list(storage.root().glob(f"??/??/{stale.sha256}*"))
    # An older database restored: its row finds the content among the orphans, and a new upload brings it back.
    with queries.open_content(stale) as content:
        assert len(content.read()) == stale.size
    assert operations.sweep_orphans(now + timedelta(days=31)) == (1, 1)
    assert storage.find(stale.sha256) is None


def test_drafts_of_a_killed_process_go_after_a_day(db: None) -> None:
    now = datetime.now(tz=UTC)
    left, writing = storage.drafts() / "left", storage.drafts() / "writing"
    for path in (left, writing):
        path.write_bytes(b"x")
    os.utime(left, (1, 1))
    operations.sweep_orphans(now)
    assert list(storage.drafts().iterdir()) == [writing]


def test_content_handed_in_again_returns_from_the_orphans(db: None) -> None:
    now = datetime.now(tz=UTC)
    stored = put(corpus.png(), "a.png")
    stored.delete()
    os.utime(storage.path_of(stored.sha256), (1, 1))
    assert operations.sweep_orphans(now) == (1, 0)
    again = put(corpus.png(), "a.png")
    assert storage.path_of(again.sha256).exists()
    os.utime(storage.path_of(again.sha256))
    assert operations.sweep_orphans(now + timedelta(days=31)) == (0, 0)


def test_content_used_while_the_sweeper_looks_stays(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sweeper saw no row; before it moves the file, an upload of the same content commits."""
    stored = put(corpus.png(), "a.png")
    stored.delete()
    os.utime(storage.path_of(stored.sha256), (1, 1))

    def meanwhile(hashes: list[str]) -> set[str]:
        put(corpus.png(), "a.png")
        return set()

    now = datetime.now(tz=UTC)
    assert storage.set_aside_unused(meanwhile, before=now - timedelta(hours=24), at=now) == 0
    assert storage.path_of(stored.sha256).exists()
