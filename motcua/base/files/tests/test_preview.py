"""Previews: what the paper shows, nothing of where and with what it was taken."""

import io
from pathlib import Path

import pytest
from PIL import Image

from motcua.base.files import operations, responses, sandbox, storage
from motcua.base.files.tests import corpus
from motcua.base.files.tests.test_store import put
from motcua.lib.refusal import NotFound


def opened(path: Path) -> Image.Image:
    return Image.open(io.BytesIO(path.read_bytes()))


@pytest.mark.parametrize(
    ("data", "name", "size"),
    [
        (corpus.pdf(2), "a.pdf", (847, 1200)),
        (corpus.encoded(corpus.drawing(3000, 2000), "JPEG"), "a.jpg", (1200, 800)),
        (corpus.png(), "a.png", (400, 300)),
        (corpus.HEIC, "a.heic", (64, 48)),
        (corpus.encoded(corpus.drawing().convert("CMYK"), "JPEG"), "a.jpg", (400, 300)),
        (corpus.encoded(corpus.drawing().convert("P"), "PNG"), "a.png", (400, 300)),
        (corpus.encoded(Image.new("RGBA", (50, 50), (0, 0, 0, 0)), "PNG"), "a.png", (50, 50)),
    ],
)
def test_a_page_is_drawn_as_png(db: None, data: bytes, name: str, size: tuple[int, int]) -> None:
    picture = opened(operations.preview(file_id=put(data, name).pk))
    assert (picture.format, picture.mode) == ("PNG", "RGB")
    assert abs(picture.width - size[0]) <= 1
    assert abs(picture.height - size[1]) <= 1


def test_what_heic_shows_is_what_was_drawn(db: None) -> None:
    picture = opened(operations.preview(file_id=put(corpus.HEIC, "a.heic").pk))
    assert picture.getpixel((20, 20))[0] > 200
    assert picture.getpixel((60, 45))[2] > 100


def test_place_and_camera_stay_in_the_original_alone(db: None) -> None:
    stored = put(corpus.located_jpeg(), "a.jpg")
    path = operations.preview(file_id=stored.pk)
    picture = opened(path)
    assert picture.size == (300, 400)  # turned upright
    assert not picture.getexif()
    assert b"Secret Camera" not in path.read_bytes()
    assert b"Secret Camera" in storage.path_of(stored.sha256).read_bytes()


def test_it_is_drawn_once_and_again_when_lost(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    stored = put(corpus.pdf(2), "a.pdf")
    drawn: list[int] = []
    real = sandbox.draw
    monkeypatch.setattr(sandbox, "draw", lambda *a, **k: (drawn.append(k["page"]), real(*a, **k))[1])
    first = operations.preview(file_id=stored.pk, page=2)
    assert operations.preview(file_id=stored.pk, page=2) == first
    first.unlink()
    operations.preview(file_id=stored.pk, page=2)
    assert drawn == [2, 2]
    assert list(storage.drafts().iterdir()) == []


@pytest.mark.parametrize("page", [0, -1, 2, 10**9])
def test_a_page_that_does_not_exist_is_not_found(db: None, page: int) -> None:
    with pytest.raises(NotFound):
        operations.preview(file_id=put(corpus.png(), "a.png").pk, page=page)


def test_a_download_can_only_be_saved(db: None) -> None:
    stored = put(corpus.pdf(), 'Đơn "xin" \r\nX: y.pdf')
    response = responses.download(stored)
    assert b"".join(response.streaming_content)[:5] == b"%PDF-"
    headers = response.headers
    assert headers["Content-Type"] == "application/pdf"
    assert headers["Content-Disposition"].startswith("attachment; filename*=utf-8''%C4%90%C6%A1n")
    assert "\n" not in headers["Content-Disposition"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in headers["Content-Security-Policy"]
    assert "no-store" in headers["Cache-Control"]
    shown = responses.picture(operations.preview(file_id=stored.pk))
    assert shown.headers["Content-Type"] == "image/png"
    assert shown.headers["Content-Security-Policy"] == headers["Content-Security-Policy"]
    for answer in (response, shown):
        answer.file_to_stream.close()
