"""Which help a page has, and in which language it is said."""

import pytest
from django.urls import ResolverMatch

from motcua.ui import help as texts


def match(name: str | None, **kwargs: str) -> ResolverMatch:
    return ResolverMatch(lambda: None, (), kwargs, url_name=name)


def test_an_act_has_its_own_help_and_a_page_without_one_none() -> None:
    assert texts.name_of(match("dossier-act", verb="approve")) == "dossier-act.approve"
    assert texts.name_of(match("dossier-act", verb="unheard")) == "dossier-act"
    assert texts.name_of(match("home")) == "home"
    assert texts.name_of(match("account_login")) == texts.name_of(match(None)) == texts.name_of(None) == ""


@pytest.mark.parametrize("language, word", [("vi", "Danh sách hồ sơ"), ("en", "The lists of dossiers")])
def test_a_sentence_is_said_in_the_reader_s_language(language: str, word: str) -> None:
    from django.utils import translation

    with translation.override(language):
        assert str(texts.screens()["home"].title) == word
