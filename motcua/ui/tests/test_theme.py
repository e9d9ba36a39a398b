"""A province's colours: read, derived, refused with the reason."""

import pytest

from motcua.lib.refusal import Refusal
from motcua.ui import theme


def test_contrast_is_wcags() -> None:
    assert theme.contrast("#000000", "#ffffff") == pytest.approx(21)
    assert theme.contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


def test_the_standard_colours_pass() -> None:
    assert theme.faults(theme.STANDARD) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("#7fb2e5 #c8102e #f2b705", "Màu thao tác"),
        ("#0b4f8a #ffd0d0 #f2b705", "Màu biểu tượng"),
        ("#0b4f8a #c8102e #202020", "Màu biểu tượng phụ"),
        ("#0b4f8a #c8102e", "ba màu"),
        ("blue #c8102e #f2b705", "ba màu"),
    ],
)
def test_a_colour_nobody_can_read_is_refused_with_the_figure(text: str, words: str) -> None:
    with pytest.raises(Refusal, match=words):
        theme.parse(text)


def test_the_sheet_sets_light_and_dark() -> None:
    sheet = theme.sheet(theme.parse("#005c3c, #b3001b, #ffcc00"))
    assert "--action: #005c3c" in sheet
    assert 'data-theme="dark"' in sheet
    assert theme.contrast(theme.lightened("#005c3c"), "#111a22") >= 7
