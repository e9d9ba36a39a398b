"""The guides that ship are complete in both languages; a file that is not is refused by name."""

import pytest
from django.utils import translation

from motcua.procedures.guides import FOLDER, BadGuide, guide, guides, read

WHOLE = """
order = 1
title = ["Việc", "Thing"]
lead = ["Lời", "Word"]
[[step]]
title = ["Bước", "Step"]
text = ["Làm", "Do"]
where = ["Ở đây", "Here"]
procedure = "1.001193"
"""


def test_every_file_that_ships_is_a_guide_with_its_own_place() -> None:
    found = guides()
    assert len(found) == len(list(FOLDER.glob("*.toml"))) >= 9
    assert len({one.order for one in found}) == len(found)
    assert {"sinh-con", "ket-hon", "nha-dat", "mo-ho-kinh-doanh", "nguoi-than-qua-doi"} <= {
        one.slug for one in found
    }


def test_sentences_are_plain_and_short_in_both_languages() -> None:
    for one in guides():
        said = [
            one.title,
            one.lead,
            *(text for step in one.steps for text in (step.title, step.text, step.where)),
        ]
        for text in said:
            assert "!" not in text.vi + text.en
            assert len(text.vi) <= 220 and len(text.en) <= 220, (one.slug, text)
            assert text.vi != text.en


def test_a_guide_speaks_the_language_of_the_visitor() -> None:
    found = guide("ket-hon")
    assert found is not None and str(found.title) == "Kết hôn"
    with translation.override("en"):
        assert str(found.title) == "Getting married"
    assert guide("khong-co") is None


@pytest.mark.parametrize(
    ("slug", "text", "what"),
    [
        ("Sinh Con", WHOLE, "lower-case"),
        ("viec", "order = ", "viec"),
        ("viec", WHOLE.replace("order = 1", 'order = "1"'), "order is a number"),
        ("viec", "order = 1\ntitle = ['a', 'b']\nlead = ['a', 'b']\n", "at least one step"),
        ("viec", WHOLE.replace('["Lời", "Word"]', '["Lời"]'), "lead is a sentence"),
        ("viec", WHOLE.replace('"Do"', '""'), "step 1: text"),
        ("viec", WHOLE.replace("1.001193", "1193"), "no code"),
        ("viec", WHOLE + 'fee = "8.000 đ"\n', "unknown fee"),
    ],
)
def test_a_file_that_is_not_complete_is_refused_by_name(slug: str, text: str, what: str) -> None:
    assert read("viec", WHOLE).steps[0].procedure == "1.001193"
    with pytest.raises(BadGuide, match=what):
        read(slug, text)
