"""The appointment slip: two copies, codes that read back, one page each up to eight papers, then clean pages."""

import io
import re
import subprocess
from dataclasses import replace
from pathlib import Path

import pypdf
import pypdfium2
import pytest
import zxingcpp

from conftest import need
from motcua.base.printing import operations
from motcua.base.printing.data import Station
from motcua.base.printing.tests import samples
from motcua.base.printing.tests.test_papers import text_of


def pages_of(made: bytes) -> int:
    return len(pypdf.PdfReader(io.BytesIO(made)).pages)


def codes_on(made: bytes, page: int) -> dict[str, str]:
    """Read the codes from the picture of a page at 200 dpi, as a scanner sees it."""
    picture = pypdfium2.PdfDocument(made)[page].render(scale=200 / 72).to_pil()
    return {str(code.format).split(".")[-1]: code.text for code in zxingcpp.read_barcodes(picture)}


def test_copy_one_carries_both_codes_and_copy_two_the_bar_code_alone() -> None:
    made = operations.render(samples.SLIP)
    first, second = codes_on(made, 0), codes_on(made, 1)
    assert sorted(first.values()) == sorted([samples.SLIP.code, samples.SLIP.tracking_url])
    assert list(second.values()) == [samples.SLIP.code]


def test_another_decoder_reads_the_same(tmp_path: Path) -> None:
    program, poppler = need("zbarimg", "zbar-tools"), need("pdftoppm", "poppler-utils")
    (tmp_path / "slip.pdf").write_bytes(operations.render(samples.SLIP))
    subprocess.run(
        [poppler, "-r", "200", "-png", "-f", "1", "-l", "1", "slip.pdf", "page"], cwd=tmp_path, check=True
    )
    picture = next(tmp_path.glob("page*.png"))
    read = subprocess.run([program, "-q", str(picture)], capture_output=True, text=True, check=True).stdout
    assert set(read.split()) == {f"CODE-128:{samples.SLIP.code}", f"QR-Code:{samples.SLIP.tracking_url}"}


def test_the_secret_and_the_token_stay_off_the_kept_copy() -> None:
    first = text_of(operations.render(samples.SLIP, copies=(1,)))
    second = text_of(operations.render(samples.SLIP, copies=(2,)))
    assert "K7M 4QX" in first
    assert "K7M" not in second
    assert "Liên 1: giao người nộp" in first
    assert "Liên 2: lưu" in second


@pytest.mark.parametrize("papers", range(1, 9))
def test_each_copy_fits_one_page_up_to_eight_papers(papers: int) -> None:
    assert pages_of(operations.render(samples.crowded_slip(papers))) == 2


_LONG_WAY = (
    "Bộ phận Một cửa nơi tiếp nhận", "Đơn vị thụ lý", "Đơn vị thụ lý", "Công an cấp xã", "Phòng Kinh tế",
    "Đơn vị thụ lý", "Lãnh đạo cơ quan", "Văn thư", "Bộ phận Một cửa nơi tiếp nhận",
)  # fmt: skip


def room_above_the_signatures(made: bytes) -> float:
    """Return the points between the last word of the route and the first of the signatures on copy one."""
    box = r'yMin="([0-9.]+)" xMax="[0-9.]+" yMax="([0-9.]+)">(.*?)</word>'
    shown = subprocess.run(
        [need("pdftotext", "poppler-utils"), "-bbox", "-l", "1", "-", "-"], input=made, capture_output=True, check=True
    ).stdout.decode()  # fmt: skip
    words = [(float(top), float(bottom), word) for top, bottom, word in re.findall(box, shown)]
    signatures = min(top for top, _bottom, word in words if word == "NGƯỜI")
    return signatures - max(bottom for top, bottom, word in words if word == "ngày" and top < signatures)


@pytest.mark.parametrize("papers", range(1, 9))
def test_a_long_way_leaves_room_for_the_signatures(papers: int) -> None:
    """A page filled to its end took the space between the two away: a time stood in the heading's letters."""
    stations = tuple(
        Station(unit=unit, step="Bước", limit="0,5 ngày làm việc", until=None) for unit in _LONG_WAY
    )
    made = operations.render(replace(samples.crowded_slip(papers), stations=stations))
    assert pages_of(made) == 2
    assert (
        room_above_the_signatures(made) > -1
    )  # poppler's boxes count room for marks that no letter here uses


def test_more_papers_flow_on_with_page_numbers_and_a_repeated_heading() -> None:
    made = operations.render(samples.crowded_slip(40))
    reader = pypdf.PdfReader(io.BytesIO(made))
    assert len(reader.pages) == 4
    texts = [page.extract_text() for page in reader.pages]
    assert "Liên 1: giao người nộp · trang 1/2" in texts[0]
    assert "Liên 1: giao người nộp · trang 2/2" in texts[1]
    assert "Liên 2: lưu · trang 1/2" in texts[2]
    assert "Tên giấy tờ" in texts[1]
    joined = text_of(made)
    assert all(f"tàu cá số {number} " in joined for number in range(1, 41))


def test_online_slips_have_only_the_receiver_to_sign() -> None:
    text = text_of(operations.render(replace(samples.SLIP, channel="online")))
    assert "NGƯỜI TIẾP NHẬN HỒ SƠ" in text
    assert "NGƯỜI NỘP HỒ SƠ" not in text
    assert "nộp trực tuyến của" in text


def test_a_reprint_says_so() -> None:
    assert "BẢN IN LẠI lần 3" in text_of(operations.render(replace(samples.SLIP, reprint=3)))
    assert "IN LẠI" not in text_of(operations.render(samples.SLIP))


def test_a_procedure_without_a_date_and_an_empty_route_still_print() -> None:
    text = text_of(operations.render(replace(samples.SLIP, due_at=None, stations=(), fees=(), papers=())))
    assert "không có ngày hẹn trả" in text


def test_a_naive_instant_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        operations.render(replace(samples.SLIP, due_at=samples.SLIP.due_at.replace(tzinfo=None)))


def test_a_route_of_nine_stations_still_fits_beside_six_papers() -> None:
    stations = tuple(replace(samples.SLIP.stations[1], step=f"Bước số {n}", until=None) for n in range(1, 10))
    made = operations.render(replace(samples.SLIP, stations=stations))
    assert pages_of(made) == 2
    words = text_of(made)
    assert "(thời gian làm việc của từng bước)" in words
    assert all(f"số {n}" in words for n in range(1, 10))
