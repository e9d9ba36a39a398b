"""Signed PDFs that the owner brings into the vault: certified where the signatures say so, and what they say else."""

import io
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings as django_settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from motcua.accounts.models import AccountKind
from motcua.accounts.operations.accounts import open_account
from motcua.agencies import queries as agencies
from motcua.applicants import vault
from motcua.applicants.models import Applicant, VaultPaper, VaultProof, VaultSource
from motcua.applicants.operations import bringing, find_or_register_person
from motcua.applicants.operations.bringing import Brought, Told
from motcua.applicants.operations.person_facts import PersonFacts
from motcua.base.audit.models import Entry
from motcua.base.files.models import StoredFile
from motcua.base.files.tests import corpus, signing
from motcua.lib.actor import SYSTEM, Actor
from motcua.lib.refusal import NotPermitted, Refusal
from motcua.ui.routing import set_database_actor

pytestmark = pytest.mark.django_db
WEDDING = Told(name="Giấy chứng nhận kết hôn", number="31/2015", issuer="UBND phường Hồng Bàng")


@pytest.fixture(autouse=True)
def data(settings: Any, tmp_path: Path) -> Path:
    settings.DATA, settings.SIGNATURE_ROOTS = tmp_path, ""
    return tmp_path


@pytest.fixture(scope="module")
def root() -> signing.Holder:
    return signing.authority()


@pytest.fixture(scope="module")
def copy(root: signing.Holder) -> bytes:
    officer = signing.holder("Phạm Văn A", "UBND phường Hồng Bàng", above=root)
    return signing.signed(officer, signing.holder("UBND phường Hồng Bàng", above=root))


@pytest.fixture
def lan() -> Applicant:
    set_database_actor(SYSTEM)
    facts = PersonFacts(full_name="Phạm Thị Lan", personal_id="031185000017")
    return find_or_register_person(facts=facts, actor=SYSTEM, at=timezone.now()).applicant


def owner(applicant: Applicant) -> Actor:
    return Actor(kind="applicant", account_id=9, name="Lan", for_applicant=applicant.pk)


def bring(applicant: Applicant, content: bytes, told: Told = WEDDING, name: str = "ban-sao.pdf") -> Brought:
    return bringing.bring_in(
        told=told, stream=io.BytesIO(content), filename=name, actor=owner(applicant), at=timezone.now()
    )


def test_a_copy_whose_signers_are_trusted_is_certified(
    data: Path, root: signing.Holder, copy: bytes, lan: Applicant
) -> None:
    signing.trust(data, root)
    paper = bring(lan, copy).paper
    assert (paper.source, paper.proof) == (VaultSource.CERTIFIED, VaultProof.SIGNED)
    assert paper.signed_by == "Phạm Văn A, UBND phường Hồng Bàng; UBND phường Hồng Bàng"
    assert (paper.number, paper.origin_code, paper.certified_number) == ("31/2015", "", "")
    (held,) = vault.papers_of(lan.pk)[0].held  # type: ignore[attr-defined]
    assert vault.certified_words(paper).startswith("ký số: Phạm Văn A") and held.stored.purpose == "vault"
    offer = vault.offers(lan.pk, {"x": vault.Wanted("giấy chứng nhận  KẾT HÔN")}, vault.today())["x"]
    assert offer.is_good and offer.paper == paper
    entry = Entry.objects.filter(verb="vault.keep").latest("pk")
    assert "31/2015" not in str(entry.payload), "numbers of papers stay out of the history"


def test_the_same_file_comes_in_once(data: Path, root: signing.Holder, copy: bytes, lan: Applicant) -> None:
    first, again = bring(lan, copy), bring(lan, copy, Told(name="Tên khác"))
    assert not first.known and again.known and again.paper.pk == first.paper.pk
    assert again.paper.name == WEDDING.name and len(vault.papers_of(lan.pk)) == 1
    assert StoredFile.objects.filter(purpose="vault_sent").count() == 0, (
        "nothing is left beside the vault's use"
    )


def test_what_cannot_be_verified_is_a_paper_of_the_owner_and_never_certified(
    data: Path, root: signing.Holder, copy: bytes, lan: Applicant
) -> None:
    unknown = bring(lan, copy).paper
    assert (unknown.source, unknown.proof) == (VaultSource.ONLINE, VaultProof.UNKNOWN)
    gone = signing.holder("Đỗ D", above=root)
    ended = signing.holder("Trần B", above=root, ends=signing.now() - timedelta(days=1))
    signing.trust(data, root, lists=signing.revoked(root, gone))
    assert bring(lan, signing.signed(gone)).paper.proof == VaultProof.REVOKED
    assert bring(lan, signing.signed(ended)).paper.proof == VaultProof.LAPSED
    assert {one.source for one in vault.papers_of(lan.pk)} == {"online"}
    assert all(vault.certified_words(one) == "" for one in vault.papers_of(lan.pk))


def test_the_database_holds_that_certified_is_proved(lan: Applicant, copy: bytes) -> None:
    paper = bring(lan, copy).paper
    for wrong in ({"source": "certified"}, {"proof": "signed"}, {"source": "certified", "proof": "book"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            VaultPaper.objects.filter(pk=paper.pk).update(**wrong)


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [(corpus.pdf(), "a.pdf", "not_signed"), (corpus.png(), "a.png", "not_pdf")],
)
def test_what_is_not_signed_is_refused(lan: Applicant, content: bytes, name: str, code: str) -> None:
    with pytest.raises(Refusal) as refused, transaction.atomic():
        bring(lan, content, name=name)
    assert refused.value.code == code and refused.value.field == "file"
    assert vault.papers_of(lan.pk) == [] and not StoredFile.objects.exists()


def test_a_changed_file_is_refused_and_leaves_nothing(lan: Applicant, copy: bytes) -> None:
    box = copy.index(b"/MediaBox")
    with pytest.raises(Refusal, match="bị sửa sau khi ký"), transaction.atomic():
        bring(lan, copy[:box] + copy[box : box + 40].replace(b"420", b"421") + copy[box + 40 :])
    assert vault.papers_of(lan.pk) == [] and not StoredFile.objects.exists()


def test_facts_that_no_paper_has_are_refused_by_field(lan: Applicant, copy: bytes) -> None:
    today = vault.today()
    for wrong, field in (
        ({"name": "\u200b "}, "name"), ({"name": "x" * 301}, "name"), ({"issued_on": today + timedelta(1)}, "issued_on"),
        ({"issued_on": today, "valid_to": today - timedelta(1)}, "valid_to"),
        ({"valid_to": today, "for_ever": True}, "valid_to"),
    ):  # fmt: skip
        with pytest.raises(Refusal) as refused, transaction.atomic():
            bring(lan, copy, replace(WEDDING, **wrong))
        assert refused.value.field == field


def test_nobody_brings_into_the_vault_of_another(lan: Applicant, copy: bytes) -> None:
    for actor in (
        Actor(kind="applicant", account_id=9),
        Actor(kind="officer", account_id=1, for_applicant=lan.pk),
    ):
        with pytest.raises(NotPermitted):
            bringing.bring_in(
                told=WEDDING, stream=io.BytesIO(copy), filename="a.pdf", actor=actor, at=timezone.now()
            )


def test_a_vault_takes_a_hundred_of_ones_own(
    lan: Applicant, copy: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bringing, "MOST", 1)
    bring(lan, copy)
    with pytest.raises(Refusal, match="100 giấy tờ"), transaction.atomic():
        bring(lan, signing.signed(signing.holder("Vũ E")))
    assert bring(lan, copy).known


# ── The pages


@pytest.fixture
def client(lan: Applicant, monkeypatch: pytest.MonkeyPatch) -> Client:
    account = open_account(
        login_name="lan", full_name="Lan", account_kind=AccountKind.CITIZEN, actor=SYSTEM, at=timezone.now()
    )
    usual = agencies._actor_of_user

    def actor(request: Any) -> Actor:
        found = usual(request)
        return replace(found, for_applicant=lan.pk) if found.account_id == account.pk else found

    monkeypatch.setattr(agencies, "_actor_of_user", actor)
    client = Client(HTTP_HOST=django_settings.PUBLIC_HOST)
    client.force_login(account)
    return client


def sent(content: bytes, **values: str) -> dict[str, Any]:
    return {
        "key": uuid4().hex, "name": "Giấy <b>chứng nhận</b> kết hôn", "file": SimpleUploadedFile("a.pdf", content), **values
    }  # fmt: skip


def test_the_owner_adds_a_copy_and_reads_what_it_counts_as(
    data: Path, root: signing.Holder, copy: bytes, client: Client
) -> None:
    assert "Thêm bản sao điện tử có chứng thực" in client.get("/giay-to-cua-toi/").content.decode()
    unknown = client.post("/giay-to-cua-toi/them/", sent(copy), follow=True).content.decode()
    assert "chưa phải bản có chứng thực" in unknown and "chưa có trong danh sách tin cậy" in unknown
    assert "&lt;b&gt;chứng nhận&lt;/b&gt;" in unknown and "<b>chứng" not in unknown
    signing.trust(data, root)
    other = signing.signed(signing.holder("Lê C", "UBND xã X", above=root))
    page = client.post("/giay-to-cua-toi/them/", sent(other), follow=True).content.decode()
    assert "Đã thêm vào kho: bản sao điện tử có chứng thực." in page and "Lê C, UBND xã X" in page
    twice = client.post("/giay-to-cua-toi/them/", sent(other), follow=True).content.decode()
    assert "đã có trong kho từ trước" in twice
    listed = client.get("/giay-to-cua-toi/").content.decode()
    assert listed.count("Có chứng thực") == 1 and "Người nộp gửi qua mạng" in listed


def test_a_fault_keeps_what_was_typed_and_says_what_to_do(client: Client, copy: bytes) -> None:
    response = client.post("/giay-to-cua-toi/them/", sent(corpus.pdf(), number="31/2015"))
    page = response.content.decode()
    assert response.status_code == 422 and "không có chữ ký số" in page and 'value="31/2015"' in page
    assert "Chọn lại tệp" in page
    nothing = client.post("/giay-to-cua-toi/them/", {"name": "x", "issued_on": "45/45/2026"})
    assert nothing.status_code == 422 and "Ngày này không có" in nothing.content.decode()
    nothing = client.post("/giay-to-cua-toi/them/", {"name": "x"})
    assert nothing.status_code == 422 and "Chưa chọn tệp" in nothing.content.decode()
