"""The upload handler stops writing at the limit and says so; what fits arrives whole."""

import os

import pytest
from django.http import HttpRequest
from django.test import RequestFactory

from motcua.base.files import operations, storage, uploads
from motcua.base.files.tests import corpus
from motcua.base.files.tests.test_store import AT, MINH
from motcua.lib.refusal import Refusal

BOUNDARY = "ranh-gioi"


class Body(corpus.Endless):
    """A form with one file of `size` bytes, made while it is read."""

    def __init__(self, size: int) -> None:
        head = (
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="paper"; filename="to.pdf"\r\n'
            "Content-Type: application/pdf\r\n\r\n"
        ).encode()
        self.end = f"\r\n--{BOUNDARY}--\r\n".encode()
        super().__init__(len(head) + size + len(self.end), head)

    def read(self, wanted: int = -1) -> bytes:
        before = self.taken
        piece = super().read(wanted)
        at = self.total - len(self.end)
        if self.taken <= at:
            return piece
        keep = max(0, at - before)
        return piece[:keep] + self.end[max(0, before - at) : self.taken - at]


def request_of(body: Body) -> HttpRequest:
    return RequestFactory().generic(
        "POST",
        "/",
        CONTENT_TYPE=f"multipart/form-data; boundary={BOUNDARY}",
        CONTENT_LENGTH=str(body.total),
        **{"wsgi.input": body},
    )


def written() -> int:
    return sum(path.stat().st_size for path in storage.drafts().iterdir())


def test_a_file_within_the_limit_arrives_and_is_stored(db: None) -> None:
    data = corpus.pdf(2)
    body = {"paper": _named("đơn.pdf", data)}
    request = RequestFactory().post("/", body)
    file = uploads.uploaded(request, "paper")
    assert os.fstat(file.file.fileno()).st_nlink == 0  # nameless
    stored = operations.store(stream=file, filename=file.name, actor=MINH, at=AT, purpose="paper")
    assert (stored.size, stored.pages, stored.original_name) == (len(data), 2, "đơn.pdf")
    request.close()
    assert written() == 0


def _named(name: str, data: bytes) -> object:
    from django.core.files.uploadedfile import SimpleUploadedFile

    return SimpleUploadedFile(name, data)


def test_a_file_past_the_limit_is_dropped_while_it_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(operations, "LIMIT", 1024 * 1024)
    most = 0
    real = uploads.LimitedUploadHandler.receive_data_chunk

    def watched(self: object, raw: bytes, start: int) -> None:
        nonlocal most
        real(self, raw, start)
        self.draft.flush()
        most = max(most, os.fstat(self.draft.fileno()).st_size)

    monkeypatch.setattr(uploads.LimitedUploadHandler, "receive_data_chunk", watched)
    body = Body(20 * 1024 * 1024)
    request = request_of(body)
    with pytest.raises(Refusal) as refused:
        uploads.uploaded(request, "paper")
    assert refused.value.code == "file_too_large"
    assert "«to.pdf»" in refused.value.message
    assert 512 * 1024 < most <= 1024 * 1024
    assert written() == 0


def test_two_hundred_and_one_megabytes_are_never_written(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(self: object, raw: bytes, start: int) -> None:
        raise AssertionError("wrote a file whose length was known to be too much")

    monkeypatch.setattr(uploads.LimitedUploadHandler, "receive_data_chunk", never)
    request = request_of(Body(201 * 1024 * 1024))
    with pytest.raises(Refusal) as refused:
        uploads.uploaded(request, "paper")
    assert refused.value.code == "file_too_large"


def test_a_form_without_a_file_is_told_so() -> None:
    with pytest.raises(Refusal) as refused:
        uploads.uploaded(RequestFactory().post("/", {"other": "x"}), "paper")
    assert (refused.value.code, refused.value.field) == ("file_missing", "paper")
