"""Every paper: its text equals the golden file, it has the right size, its fonts travel with it."""

import io
import os
import re
import subprocess
from datetime import date
from pathlib import Path

import pypdf
import pypdfium2
import pytest

from conftest import need
from motcua.base.printing import compiler, operations
from motcua.base.printing.legal_forms import FORMS, NoSuchForm, form_on
from motcua.base.printing.tests import samples

GOLDEN = Path(__file__).parent / "golden"
MM = 72 / 25.4
SIZES = {"A5": (148, 210), "A4": (210, 297)}


def text_of(made: bytes) -> str:
    program = need("pdftotext", "poppler-utils")
    shown = subprocess.run(
        [program, "-layout", "-", "-"], input=made, capture_output=True, check=True
    ).stdout.decode()
    shown = re.sub(r"(?<=\S) {2,}", "  ", shown)  # the width of a gap depends on the program's version
    return (
        "\n".join(line.rstrip() for line in shown.replace("\f", "\n────\n").splitlines() if line.strip())
        + "\n"
    )


@pytest.mark.parametrize("key", samples.ALL)
def test_text_equals_the_golden_file(key: str) -> None:
    """Set MOTCUA_WRITE_GOLDEN=1 to write the files anew, then read the difference."""
    text = text_of(operations.render(samples.ALL[key]))
    golden = GOLDEN / f"{key}.txt"
    if os.environ.get("MOTCUA_WRITE_GOLDEN") == "1":
        golden.write_text(text)
    assert text == golden.read_text()


@pytest.mark.parametrize("key", samples.ALL)
def test_pages_have_the_size_of_the_form(key: str) -> None:
    paper = samples.ALL[key]
    reader = pypdf.PdfReader(io.BytesIO(operations.render(paper)))
    assert len(reader.pages) == (2 if key == "appointment_slip" else 1)
    width, height = SIZES[form_on(key, date(2026, 11, 20)).size]
    for page in reader.pages:
        assert abs(float(page.mediabox.width) - width * MM) < 0.1
        assert abs(float(page.mediabox.height) - height * MM) < 0.1


@pytest.mark.parametrize("key", samples.ALL)
def test_fonts_are_embedded_and_the_file_is_tagged(key: str) -> None:
    reader = pypdf.PdfReader(io.BytesIO(operations.render(samples.ALL[key])))
    names = set()
    for page in reader.pages:
        for font in page["/Resources"]["/Font"].values():
            descriptor = font["/DescendantFonts"][0]["/FontDescriptor"]
            assert {"/FontFile2", "/FontFile3"} & set(descriptor), font["/BaseFont"]
            names.add(re.sub(r"^/[A-Z]{6}\+", "", font["/BaseFont"]).split("-")[0])
    assert names <= {"NotoSerif", "BeVietnamPro"}
    root = reader.trailer["/Root"]
    assert root["/Lang"] == "vi-VN"
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    title = form_on(key, date(2026, 11, 20)).title.replace("\n", " ")
    assert reader.metadata.title == (f"{title} – {samples.ALL[key].code}" if samples.ALL[key].code else title)
    xmp = reader.xmp_metadata.stream.get_data().decode()
    assert "<pdfuaid:part>1</pdfuaid:part>" in xmp
    assert "<pdfaid:part>2</pdfaid:part>" in xmp


@pytest.mark.parametrize("key", samples.ALL)
def test_equal_papers_give_equal_bytes(key: str) -> None:
    first = operations.render(samples.ALL[key])
    compiler._shelf.clear()
    assert operations.render(samples.ALL[key]) == first


def test_a_form_is_chosen_by_its_day() -> None:
    assert form_on("control_sheet", date(2025, 9, 14)).number == "Mẫu số 05"
    assert form_on("control_sheet", date(2025, 9, 15)).number == "Mẫu số 06"
    old = text_of(operations.render(samples.APOLOGY, on=date(2025, 6, 30)))
    assert "HẸN LẠI NGÀY TRẢ KẾT QUẢ" in old
    assert "01/2018/TT-VPCP" in old
    with pytest.raises(NoSuchForm):
        operations.render(samples.STOP, on=date(2025, 9, 14))
    with pytest.raises(NoSuchForm):
        form_on("no_such_form", date(2026, 1, 1))


def test_every_form_has_its_template_and_its_versions_in_order() -> None:
    assert set(FORMS) == set(samples.ALL) | {"register"}  # a book, see test_book.py
    for versions in FORMS.values():
        assert [version.valid_from for version in versions] == sorted(
            {version.valid_from for version in versions}
        )
        for version in versions:
            assert (compiler.TEMPLATES / f"{version.template}.typ").is_file()


@pytest.mark.parametrize("key", samples.ALL)
def test_in_a_sandbox_every_page_is_marked_and_nowhere_else(
    key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def marked() -> list[bool]:
        made = pypdfium2.PdfDocument(operations.render(samples.ALL[key]))
        return ["BẢN TẬP HUẤN" in page.get_textpage().get_text_bounded() for page in made]

    assert not any(marked())
    monkeypatch.setenv("MOTCUA_TRAINING", "1")
    assert all(marked())
