"""The vault at the counter: opened with the applicant's word, offered at its line, used once, never somebody else's."""

import io
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from motcua.applicants import queries as applicants
from motcua.applicants import vault
from motcua.applicants.models import VaultHow, VaultPaper, VaultSource
from motcua.applicants.operations import vault as keeping
from motcua.base.files import operations as files
from motcua.base.files.tests import corpus
from motcua.dossiers.models import Dossier, DossierDocument, DossierFile
from motcua.dossiers.tests.intake_world import BIRTH, NUMBER, World
from motcua.dossiers.tests.test_intake_heavy_day import typed, wanted
from motcua.dossiers.tests.test_intake_screen import begin, draft_of, errors, full, text
from motcua.lib.actor import SYSTEM
from motcua.ui.routing import set_database_actor

pytestmark = pytest.mark.django_db
OTHER = {"personal_id": "001085000018", "full_name": "Nguyễn Văn Án", "birth": "1985", "sex": "male"}


def kept(name: str, page: int = 1, **facts: Any) -> VaultPaper:
    """A paper in the vault of the person on the card, whose dossiers this officer never saw."""
    set_database_actor(SYSTEM)
    person = applicants.by_personal_id(NUMBER)
    assert person is not None
    at = timezone.now()
    stored = files.store(
        stream=io.BytesIO(corpus.pdf(page)), filename="a.pdf", actor=SYSTEM, at=at, purpose="paper"
    )
    known = {
        "applicant_id": applicants.of(person).pk, "name": name, "source": VaultSource.COUNTER, "origin": stored.pk,
        "origin_code": "H24.99-261101-0001", "agency_id": 1, "handed_in_on": timezone.localdate(at), "files": [stored.pk],
    }  # fmt: skip
    paper = keeping.keep(facts=keeping.PaperFacts(**(known | facts)), actor=SYSTEM, at=at)
    assert paper is not None
    vault.open_vault(None)
    return paper


@pytest.fixture
def known(minh: Client) -> VaultPaper:
    """Somebody who was here before without scans, with the first paper of the birth registration in the vault."""
    assert minh.post(begin(minh), full()).status_code == 302
    return kept(wanted().name)


def line(name: str = "vault") -> str:
    return f"paper-r{wanted().pk}-{name}"


def without(**changed: str) -> dict[str, str]:
    data = full(**changed)
    data.pop(line("originals"))
    return data


def looks(paper: VaultPaper) -> list[Any]:
    set_database_actor(SYSTEM)
    return vault.looks_of(paper.applicant_id)


def test_nothing_is_shown_before_it_is_opened_and_the_look_is_noted(minh: Client, known: VaultPaper) -> None:
    page = begin(minh)
    typed(minh, page, personal_id=NUMBER)
    assert str(known.pk) not in text(minh.get(f"{page}case", {"procedure": BIRTH})) and looks(known) == []
    shown = text(minh.post(page, without(act="vault")))
    assert f'value="{known.pk}"' in shown and "Kho có 1 giấy dùng được" in shown
    (look,) = looks(known)
    assert (look.how, look.by_owner, look.papers) == (
        VaultHow.LIST,
        False,
        [known.pk],
    ) and BIRTH in look.reason
    again = text(minh.get(f"{page}case", {"procedure": BIRTH}))
    assert str(known.pk) in again and len(looks(known)) == 1, "it stays open for this intake"


def test_what_was_chosen_hangs_on_the_new_dossier_with_the_citizens_word(
    minh: Client, known: VaultPaper
) -> None:
    page = begin(minh)
    minh.post(page, without(act="vault"))
    data = without(**{line(): str(known.pk)})
    assert [minh.post(page, data).status_code for _press in range(2)] == [302, 302]
    dossier = draft_of(page).dossier
    assert dossier is not None
    document = dossier.documents.get(required=wanted())
    assert (
        "trong kho" in document.note and "H24.99-261101-0001" in document.note and "đồng ý" in document.note
    )
    hung = DossierFile.objects.get(dossier=dossier)
    vault.open_vault(known.applicant_id)
    assert hung.document_id == document.pk and hung.stored.sha256 == known.files.get().stored.sha256
    assert [one.how for one in looks(known)] == [VaultHow.USE, VaultHow.LIST]
    assert dossier.code in looks(known)[0].reason
    assert "trong kho" in text(minh.get(f"/dossiers/{dossier.code}/"))


def test_a_paper_of_another_name_can_be_chosen(minh: Client, known: VaultPaper) -> None:
    strange = kept("Bản chụp giấy của bệnh viện", page=2)
    page = begin(minh)
    shown = text(minh.post(page, without(act="vault")))
    assert f'<option value="{strange.pk}"' in shown and "Kho có 2 giấy dùng được" in shown
    minh.post(page, without(**{line(): str(strange.pk)}))
    set_database_actor(SYSTEM)
    assert DossierDocument.objects.get(note__contains="bệnh viện").required == wanted()


def test_what_is_handed_in_goes_before_the_vault(minh: Client, known: VaultPaper) -> None:
    page = begin(minh)
    minh.post(page, without(act="vault"))
    minh.post(page, full(**{line(): str(known.pk)}))
    set_database_actor(SYSTEM)
    assert not DossierFile.objects.exists() and len(looks(known)) == 1


def test_somebody_elses_or_a_spoiled_paper_is_refused_by_its_line_and_nothing_is_lost(
    minh: Client, known: VaultPaper
) -> None:
    page = begin(minh)
    minh.post(page, without(act="vault"))
    shown = minh.get(page).content.decode()
    assert str(known.pk) in shown
    said = errors(minh.post(page, without(**OTHER, **{line(): str(known.pk)})))
    assert len(said) == 1 and "không có trong kho của chủ hồ sơ này" in said[0]
    set_database_actor(SYSTEM)
    vault.open_vault(known.applicant_id)
    VaultPaper.objects.filter(pk=known.pk).update(valid_to=timezone.localdate() - timedelta(days=1))
    said = errors(minh.post(page, without(**{line(): str(known.pk)})))
    assert len(said) == 1 and "Hết hiệu lực" in said[0] and "nhận bản mới" in said[0]
    set_database_actor(SYSTEM)
    assert Dossier.objects.count() == 1
    assert draft_of(page).content.count(str(known.pk)) == 1, "what was typed is still there"


def test_another_person_in_the_form_shuts_the_vault(minh: Client, known: VaultPaper) -> None:
    page = begin(minh)
    minh.post(page, without(act="vault"))
    shown = text(minh.post(page, without(act="save", **OTHER)))
    assert str(known.pk) not in shown and len(looks(known)) == 1


def test_nobody_known_says_what_to_do(minh: Client, world: World) -> None:
    page = begin(minh)
    for number in ("", "001085000018", "abc"):
        shown = text(minh.post(page, without(act="vault", personal_id=number)))
        assert "quét thẻ hoặc gõ số giấy tờ" in shown


def test_an_empty_vault_says_so(minh: Client) -> None:
    assert minh.post(begin(minh), full()).status_code == 302
    assert "Kho chưa có giấy nào dùng được" in text(minh.post(begin(minh), without(act="vault")))
