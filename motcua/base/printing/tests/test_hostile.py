"""What people type never becomes markup, never breaks a paper, never hides what it is."""

import io
import threading
from dataclasses import replace

import pypdf
import pytest

from motcua.base.printing import compiler, operations, wording
from motcua.base.printing.tests import samples
from motcua.base.printing.tests.test_papers import text_of
from motcua.base.printing.text import DRAWN, MISSING, printable

MARKUP = [
    '#import "@preview/x": *',
    '#read("/etc/passwd")',
    "$x^2$ *đậm* _nghiêng_ `mã` <nhãn> @trích // chú thích",
    "/* không phải chú thích */",
    "= Tiêu đề",
    "- gạch đầu dòng",
    "\\ \\u{41} ~ --- ...",
    "\"ngoặc kép\" 'ngoặc đơn' ]})",
    "{{ tiêm }} {% if %} ${x}",
    "#sys.inputs.data",
]


@pytest.mark.parametrize("text", MARKUP)
def test_markup_is_printed_as_typed(text: str) -> None:
    made = operations.render(replace(samples.RECEIPT, result_abstract=text))
    assert " ".join(text.split()) in " ".join(text_of(made).split())


@pytest.mark.parametrize("key", samples.ALL)
def test_every_field_of_every_paper_bears_markup(key: str) -> None:
    paper = samples.ALL[key]
    texts = {
        name: f"{value} #{{[$*_`@" for name, value in _texts(paper).items() if name not in {"code", "channel"}
    }
    made = operations.render(replace(paper, **texts))
    shown = "".join(text_of(made).split())
    assert (
        shown.count("#{[$*_`@") >= len(texts) - 3
    )  # address of the site, secret and link may be inside codes


def _texts(paper: object) -> dict[str, str]:
    from dataclasses import fields

    return {f.name: getattr(paper, f.name) for f in fields(paper) if isinstance(getattr(paper, f.name), str)}


@pytest.mark.parametrize(
    "name",
    [
        "Nguyễn " * 71 + "An",
        "A" * 500,
        "Ộ" * 500,
        "word-" * 100,
        "a\u0301\u0302\u0303\u0304\u0306" * 40,
        "\u202eNgược\u202c \u2066x\u2069 \u200bô\ufeff",
        "tên\x00có\x07ký\x1btự",
        "漢字 عربى 😀 ไทย",
        "dòng một\ndòng hai\r\ndòng ba\ttab",
        "\ud800 nửa chữ",
    ],
)
def test_hard_names_print_on_a_slip(name: str) -> None:
    made = operations.render(replace(samples.SLIP, submitter=replace(samples.LAN, name=name)))
    assert len(pypdf.PdfReader(io.BytesIO(made)).pages) in (2, 4)


def test_nothing_runs_over_the_margin() -> None:
    """Long words and long names wrap: no letter of the page stands outside its margins."""
    import pypdfium2

    hard = "W" * 500
    paper = replace(
        samples.crowded_slip(3),
        submitter=replace(samples.LAN, name=hard, address=hard, email=hard, phone=hard),
        letterhead=replace(samples.LETTERHEAD, office=hard, parent=hard),
        return_place=hard,
        procedure_name=hard,
        stations=tuple(replace(stop, unit=hard[:60]) for stop in samples.crowded_slip(3).stations),
    )
    document = pypdfium2.PdfDocument(operations.render(paper))
    for page in document:
        width, height = page.get_size()
        text = page.get_textpage()
        for index in range(text.count_chars()):
            left, bottom, right, top = text.get_charbox(index)
            assert 24 <= left <= right <= width - 24, text.get_text_range(index, 10)
            assert 8 <= bottom <= top <= height - 15


def test_direction_marks_controls_and_unknown_letters_are_taken_out() -> None:
    assert printable("An\u202egnas\u202c\x00\u200b") == "Angnas"
    assert printable("漢An") == f"{MISSING}An"
    assert printable("e\u0302\u0301") == "ế"
    assert printable("  a\u3000b  ") == "a b"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("đặc khu Bạch Long Vĩ", "Bạch Long Vĩ"),
        ("Phường Hồng Bàng", "Hồng Bàng"),
        ("phường 12", "phường 12"),
        ("Hải Phòng", "Hải Phòng"),
        ("Xã", "Xã"),
        ("", ""),
    ],
)
def test_the_place_before_a_date_is_a_proper_name(name: str, shown: str) -> None:
    assert wording.place(name) == shown


def test_every_letter_we_let_through_can_be_drawn() -> None:
    letters = [chr(code) for low, high in DRAWN for code in range(low, high + 1)]
    shown = [letter for letter in map(printable, letters) if letter and letter != MISSING]
    text = " ".join("a" + letter for letter in shown)
    for paper in (replace(samples.RECEIPT, result_abstract=text), replace(samples.SLIP, number=text[:1200])):
        assert operations.render(paper).startswith(b"%PDF-")


def test_sixteen_threads_print_at_once() -> None:
    wanted = {n: operations.render(replace(samples.RECEIPT, number=str(n))) for n in range(8)}
    compiler._shelf.clear()
    wrong: list[object] = []

    def work(n: int) -> None:
        try:
            for _ in range(3):
                if operations.render(replace(samples.RECEIPT, number=str(n % 8))) != wanted[n % 8]:
                    wrong.append(n)
        except BaseException as error:
            wrong.append(error)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
