"""The vault: filled by dossiers, seen by its owner, by officers for a dossier and with a reason, by nobody else."""

import io
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import timezone

from motcua.accounts.models import Account, AccountKind
from motcua.accounts.operations.accounts import open_account
from motcua.agencies import queries as agencies
from motcua.applicants import vault
from motcua.applicants.models import VaultFile, VaultHow, VaultLook, VaultPaper, VaultSource
from motcua.applicants.operations import vault as keeping
from motcua.base.files import operations as files
from motcua.base.files.tests import corpus
from motcua.dossiers import handlers, vault_offers, words
from motcua.dossiers.models import Dossier, DossierDocument, DossierFile, Result
from motcua.dossiers.operations import attachments, supplement
from motcua.dossiers.operations import vault as operations
from motcua.dossiers.operations.intake import PaperIn
from motcua.dossiers.tests import intake_world
from motcua.dossiers.tests.intake_world import World
from motcua.dossiers.tests.lives import common, later, take_in
from motcua.lib.actor import PUBLIC, SYSTEM, Actor
from motcua.lib.refusal import NotFound, NotPermitted, Refusal
from motcua.procedures.models import RequiredDocument
from motcua.ui.routing import set_database_actor

pytestmark = pytest.mark.django_db
BIRTH = "Giấy chứng sinh"
AT = later(hours=1)


@pytest.fixture
def world(settings: Any, tmp_path: Any) -> World:
    settings.DATA = tmp_path
    return intake_world.build()


@pytest.fixture
def dossier(world: World) -> Dossier:
    """A dossier with a scanned paper, a scanned declaration, a paper without a scan, and one only shown."""
    papers = (
        PaperIn(BIRTH, originals=1), PaperIn("Tờ khai đăng ký khai sinh", originals=1), PaperIn("Ảnh", originals=2),
        PaperIn("Thẻ căn cước", shown_only=True),
    )  # fmt: skip
    taken = take_in(world, papers=papers)
    for place in (1, 2):
        hang(world, taken, corpus.pdf(place), DossierDocument.objects.get(dossier=taken, position=place))
    return taken


def hang(
    world: World, dossier: Dossier, data: bytes, document: DossierDocument | None, purpose: str = "document"
) -> None:
    minh = world.actor("minh")
    stored = files.store(
        stream=io.BytesIO(data),
        filename="a.pdf",
        actor=minh,
        at=AT,
        purpose="dossier",
        agency_id=world.home.pk,
    )
    attachments.attach(
        dossier_id=dossier.pk, actor=minh, at=AT, key=uuid4().hex, stored=stored, purpose=purpose,
        document_id=document.pk if document else None,
    )  # fmt: skip


def filled(dossier: Dossier) -> list[VaultPaper]:
    set_database_actor(SYSTEM)
    operations.fill(dossier_id=dossier.pk, at=AT)
    return vault.papers_of(dossier.applicant_id)


def owner(dossier: Dossier) -> Actor:
    return Actor(kind="applicant", account_id=9, name="Lan", for_applicant=dossier.applicant_id)


def issue(world: World, dossier: Dossier, *, number: str = "12/2026", data: bytes | None = None) -> None:
    """The result as it stands after `issue`, with its signed paper scanned."""
    position = world.positions["tuan"]
    Result.objects.create(
        home_agency_id=dossier.home_agency_id, dossier=dossier, kind=words.ResultKind.GRANTED, name="Giấy khai sinh",
        type_code="KQ.G15.000001", proposed_at=AT, proposed_by_id=position, approved_at=AT, approved_by_id=position,
        number=number, issued_at=AT, issued_by_id=position,
    )  # fmt: skip
    stored = files.store(
        stream=io.BytesIO(data or corpus.pdf(5)), filename="kq.pdf", actor=SYSTEM, at=AT, purpose="result"
    )
    DossierFile.objects.create(
        home_agency_id=dossier.home_agency_id, dossier=dossier, stored=stored, purpose="result", added_at=AT
    )


def test_scanned_papers_come_in_once_and_declarations_do_not(world: World, dossier: Dossier) -> None:
    (paper,) = filled(dossier)
    assert (paper.name, paper.source, paper.origin_code) == (BIRTH, VaultSource.COUNTER, dossier.code)
    assert filled(dossier) == [paper] and VaultFile.objects.count() == 1
    use = VaultFile.objects.get().stored
    first = DossierFile.objects.get(document__name=BIRTH).stored
    assert use.pk != first.pk and use.sha256 == first.sha256 and use.purpose == "vault"
    hang(world, dossier, corpus.pdf(7), DossierDocument.objects.get(dossier=dossier, position=1))
    assert [one.stored.pages for one in filled(dossier)[0].held] == [1, 7]  # type: ignore[attr-defined]


def test_the_news_of_a_dossier_fills_the_vault(world: World, dossier: Dossier) -> None:
    set_database_actor(SYSTEM)
    facts = {"subject_id": str(dossier.pk), "at": AT.isoformat()}
    handlers.vault_fills(facts | {"status": 4, "sub_status": ""})
    assert vault.papers_of(dossier.applicant_id) == []
    handlers.vault_fills(facts)
    assert len(vault.papers_of(dossier.applicant_id)) == 1
    handlers.vault_fills({"subject_id": str(uuid4()), "at": AT.isoformat()})


def test_an_issued_result_comes_in_with_its_number_and_the_newest_replaces(
    world: World, dossier: Dossier
) -> None:
    issue(world, dossier)
    result = next(one for one in filled(dossier) if one.source == VaultSource.RESULT)
    assert (result.number, result.kind_code) == ("12/2026", "KQ.G15.000001")
    assert result.issuer and result.issued_on == timezone.localdate(AT)
    with connection.cursor() as cursor:
        cursor.execute("select to_jsonb(p)::text from applicants_vaultpaper p where source = 'result'")
        assert "12/2026" not in cursor.fetchone()[0], "numbers of papers are encrypted"
    facts = keeping.PaperFacts(
        applicant_id=dossier.applicant_id, name="GIẤY KHAI SINH.", kind_code="KQ.G15.000001", number="12/2026", source=VaultSource.RESULT,
        origin=uuid4(), origin_code="H24.12-1", agency_id=1, handed_in_on=date(2027, 1, 1), issued_on=date(2027, 1, 1),
        files=[DossierFile.objects.get(purpose="result").stored_id],
    )  # fmt: skip
    newer = keeping.keep(facts=facts, actor=SYSTEM, at=AT)
    assert newer is not None
    result.refresh_from_db()
    assert result.replaced_by_id == newer.pk
    late = keeping.keep(facts=replace(facts, origin=uuid4(), issued_on=date(2020, 1, 1)), actor=SYSTEM, at=AT)
    assert late is not None
    late.refresh_from_db()
    assert late.replaced_by_id == newer.pk, "one that came late is not the newest"
    other = keeping.keep(facts=replace(facts, origin=uuid4(), number="13/2026"), actor=SYSTEM, at=AT)
    newer.refresh_from_db()
    assert other is not None and newer.replaced_by_id is None, "another number may be about somebody else"


def test_what_came_when_a_paper_was_asked_for_again_serves_and_the_bad_one_does_not(
    world: World, dossier: Dossier
) -> None:
    (bad,) = filled(dossier)
    set_database_actor(SYSTEM)
    items = [supplement.Missing(name=BIRTH, reason="Ảnh mờ")]
    supplement.request_supplement(**common(world, "hoa", dossier, later(hours=2)), items=items)
    supplement.receive_supplement(
        **common(world, "minh", dossier, later(hours=3)), papers_in=[PaperIn(BIRTH, originals=1)]
    )
    second = DossierDocument.objects.get(dossier=dossier, supplement_number=1)
    hang(world, dossier, corpus.pdf(4), second)
    papers = {one.origin: one for one in filled(dossier)}
    assert papers[bad.origin].replaced_by_id == papers[second.pk].pk


def wanted(name: str, **more: Any) -> dict[str, vault.Wanted]:
    return {"x": vault.Wanted(name, **more)}


def test_what_is_good_is_offered_and_what_is_not_is_said(world: World, dossier: Dossier) -> None:
    (paper,) = filled(dossier)
    of, on = dossier.applicant_id, paper.handed_in_on
    assert vault.offers(of, wanted("giấy  CHỨNG SINH,"), on)["x"].paper == paper
    assert vault.offers(of, wanted("Giấy khác"), on) == {}
    assert vault.offers(uuid4(), wanted(BIRTH), on) == {}
    assert "30 ngày" in vault.offers(of, wanted(BIRTH, most_days=30), on + timedelta(days=31))["x"].why_not
    vault.open_vault(of)
    for values, said in (
        ({"valid_to": on - timedelta(days=1)}, "Hết hiệu lực"), ({"valid_from": on + timedelta(days=2)}, "Có hiệu lực từ"),
    ):  # fmt: skip
        VaultPaper.objects.filter(pk=paper.pk).update(**values)
        offer = vault.offers(of, wanted(BIRTH), on)["x"]
        assert not offer.is_good and said in offer.why_not
        VaultPaper.objects.filter(pk=paper.pk).update(valid_to=None, valid_from=None)
    files.reject(file_id=VaultFile.objects.get().stored_id, actor=SYSTEM, at=AT, reason="mã độc")
    assert "bản quét" in vault.offers(of, wanted(BIRTH), on)["x"].why_not


def test_the_one_offer_covers_earlier_dossiers_too(world: World, dossier: Dossier) -> None:
    required = RequiredDocument.objects.first()
    assert required is not None
    required.name = BIRTH
    minh, on = world.actor("minh"), timezone.localdate(AT)
    set_database_actor(minh)
    before = vault_offers.offers(dossier.applicant_id, [required], on, actor=minh)[required.pk]
    assert before.earlier is not None and before.origin_code == dossier.code and before.is_good
    (paper,) = filled(dossier)
    set_database_actor(minh)
    after = vault_offers.offers(dossier.applicant_id, [required], on, actor=minh)[required.pk]
    assert (after.paper_id, after.origin_code, after.why_not) == (paper.pk, dossier.code, "")


def test_a_paper_of_the_vault_is_taken_over_with_a_use_of_its_own_and_noted(
    world: World, dossier: Dossier
) -> None:
    (paper,) = filled(dossier)
    minh = world.actor("minh")
    other = take_in(world, papers=(PaperIn(BIRTH, plain_copies=1),))
    document = DossierDocument.objects.get(dossier=other)
    for _press in range(2):
        operations.take_over(
            dossier=other, document_id=document.pk, paper_id=paper.pk, actor=minh, at=AT, key="một-lần"
        )
    hung = DossierFile.objects.get(dossier=other)
    assert hung.stored.sha256 == paper.held[0].stored.sha256  # type: ignore[attr-defined]
    look = vault.looks_of(dossier.applicant_id)[0]
    assert (look.how, look.used_in, look.position_id) == (VaultHow.USE, other.code, minh.position_id)
    vault.open_vault(dossier.applicant_id)
    VaultPaper.objects.filter(pk=paper.pk).update(valid_to=date(2020, 1, 1))
    with pytest.raises(Refusal, match="Hết hiệu lực"):
        operations.take_over(
            dossier=other, document_id=document.pk, paper_id=paper.pk, actor=minh, at=AT, key="y"
        )
    with pytest.raises(NotFound):
        operations.take_over(
            dossier=other, document_id=document.pk, paper_id=uuid4(), actor=minh, at=AT, key="z"
        )


def test_nothing_of_a_vault_is_seen_before_it_is_opened(world: World, dossier: Dossier) -> None:
    """The second wall: a query that forgot whose vault it reads sees no row, and writes none."""
    filled(dossier)
    for actor in (world.actor("minh"), owner(dossier), PUBLIC):
        set_database_actor(actor)
        vault.open_vault(None)
        assert [model.objects.count() for model in (VaultPaper, VaultFile, VaultLook)] == [0, 0, 0]
        vault.open_vault(uuid4())
        assert VaultPaper.objects.count() == 0
        vault.open_vault(dossier.applicant_id)
        assert VaultPaper.objects.count() == 1


def test_an_officer_says_for_which_dossier_and_why(world: World, dossier: Dossier) -> None:
    for values in ({}, {"used_in": dossier.code}, {"reason": "x"}, {"used_in": dossier.code, "reason": "  "}):
        with pytest.raises(Refusal) as refused:
            keeping.note(
                applicant_id=dossier.applicant_id,
                papers=[],
                how=VaultHow.LIST,
                actor=world.actor("minh"),
                at=AT,
                **values,
            )
        assert refused.value.code == "no_reason"
    with pytest.raises(NotPermitted):
        keeping.note(applicant_id=dossier.applicant_id, papers=[], how=VaultHow.LIST, actor=PUBLIC, at=AT)
    row = keeping.note(
        applicant_id=dossier.applicant_id, papers=[], how=VaultHow.LIST, actor=owner(dossier), at=AT
    )
    with pytest.raises(DatabaseError), transaction.atomic():
        VaultLook.objects.filter(pk=row.pk).update(reason="khác")


# ── The pages


@pytest.fixture
def lan(world: World, dossier: Dossier, monkeypatch: pytest.MonkeyPatch) -> Client:
    """Lan, logged in on the public host and acting for herself, as the sign-in settles it."""
    account = open_account(
        login_name="lan", full_name="Lan", account_kind=AccountKind.CITIZEN, actor=SYSTEM, at=timezone.now()
    )
    client = Client(HTTP_HOST=settings.PUBLIC_HOST)
    client.force_login(account)
    acting_for(monkeypatch, account, dossier)
    return client


def acting_for(monkeypatch: pytest.MonkeyPatch, account: Account, dossier: Dossier) -> None:
    usual = agencies._actor_of_user

    def actor(request: Any) -> Actor:
        found = usual(request)
        return replace(found, for_applicant=dossier.applicant_id) if found.account_id == account.pk else found

    monkeypatch.setattr(agencies, "_actor_of_user", actor)


def test_the_owner_sees_the_papers_their_pages_and_who_looked(
    world: World, dossier: Dossier, lan: Client
) -> None:
    (paper,) = filled(dossier)
    keeping.note(
        applicant_id=dossier.applicant_id, papers=[paper.pk], how=VaultHow.LIST, actor=world.actor("minh"), at=AT,
        used_in=dossier.code, reason="Đối chiếu <b>giấy</b> chứng sinh",
    )  # fmt: skip
    page = lan.get("/giay-to-cua-toi/").content.decode()
    assert BIRTH in page and "Đối chiếu &lt;b&gt;giấy" in page and world.actor("minh").name not in page
    one = lan.get(f"/giay-to-cua-toi/{paper.pk}/").content.decode()
    assert dossier.code in one and "Bản quét tại quầy" in one
    picture = lan.get(f"/giay-to-cua-toi/{paper.pk}/1/1.png")
    assert picture.status_code == 200 and picture.headers["Content-Type"] == "image/png"
    away = lan.post(f"/giay-to-cua-toi/{paper.pk}/1/tai-ve")
    assert away.status_code == 302 and away.headers["Location"].startswith(settings.FILES_URL)
    set_database_actor(SYSTEM)
    assert list(VaultLook.objects.filter(by_owner=True).order_by("pk").values_list("how", flat=True)) == [
        "list", "look", "download",
    ]  # fmt: skip
    for gone in (f"{uuid4()}/", f"{paper.pk}/2/1.png", f"{paper.pk}/1/99.png"):
        assert lan.get(f"/giay-to-cua-toi/{gone}").status_code == 404


def test_another_citizen_sees_nothing_of_it(world: World, dossier: Dossier, lan: Client) -> None:
    (paper,) = filled(dossier)
    other = open_account(
        login_name="an2", full_name="An", account_kind=AccountKind.CITIZEN, actor=SYSTEM, at=timezone.now()
    )
    client = Client(HTTP_HOST=settings.PUBLIC_HOST)
    client.force_login(other)
    assert "chưa gắn" in client.get("/giay-to-cua-toi/").content.decode()
    for path in (f"{paper.pk}/", f"{paper.pk}/1/1.png"):
        assert client.get(f"/giay-to-cua-toi/{path}").status_code == 404
    assert client.post(f"/giay-to-cua-toi/{paper.pk}/1/tai-ve").status_code == 404


def test_an_officer_opens_it_beside_a_dossier_with_a_reason(world: World, dossier: Dossier) -> None:
    (paper,) = filled(dossier)
    required = RequiredDocument.objects.first()
    assert required is not None
    RequiredDocument.objects.filter(pk=required.pk).update(name=BIRTH)
    other = take_in(world, papers=(PaperIn(BIRTH, plain_copies=1, required_id=required.pk),))
    minh = world.client("minh")
    address = f"/dossiers/{other.code}/vault/"
    assert "Vì sao xem" in minh.get(address).content.decode()
    assert minh.post(address, {"reason": ""}).status_code == 422
    shown = minh.post(address, {"reason": "Người nộp nói đã nộp rồi"}).content.decode()
    assert str(paper.pk) in shown and dossier.code in shown
    document = DossierDocument.objects.get(dossier=other)
    took = minh.post(address, {"paper": str(paper.pk), "document": str(document.pk), "key": "k"})
    assert took.status_code == 302
    bad = minh.post(address, {"paper": "x", "document": "y"})
    assert bad.status_code == 302
    set_database_actor(SYSTEM)
    assert DossierFile.objects.filter(dossier=other).count() == 1
    assert [one.how for one in vault.looks_of(dossier.applicant_id)] == ["use", "list"]
    assert world.client("binh").get(address).status_code == 404
