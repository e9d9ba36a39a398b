"""Folding in Python and in PostgreSQL agree, so that either side may fold."""

import itertools
import unicodedata

import pytest
from django.db import connection

from motcua.lib.vietnamese import fold

VOWELS = "aăâeêioôơuưy"
TONES = ["", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323"]


@pytest.mark.sql
@pytest.mark.django_db
def test_fold_equals_lower_unaccent_on_every_letter() -> None:
    letters = [
        unicodedata.normalize("NFC", vowel + tone)
        for vowel, tone in itertools.product(VOWELS + VOWELS.upper(), TONES)
    ]
    letters += ["đ", "Đ", "ß", "æ", "Ø", "ł"]
    with connection.cursor() as cursor:
        cursor.execute(
            "select array_agg(lower(unaccent(x)) order by n) from unnest(%s::text[]) with ordinality t(x, n)",
            [letters],
        )
        (folded,) = cursor.fetchone()
    assert len(letters) == 150 and folded == [fold(letter) for letter in letters]
