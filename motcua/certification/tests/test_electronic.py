"""Certified copies as files in a vault: after issue, once of each number, whose, and what the book says of it."""

import io
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.test import Client
from django.utils import timezone

from motcua.applicants import queries as applicants
from motcua.applicants import vault
from motcua.applicants.models import Applicant, VaultPaper, VaultProof, VaultSource
from motcua.applicants.operations import OrganizationFacts, register_organization
from motcua.applicants.operations.bringing import Told
from motcua.base.audit.models import Entry
from motcua.base.files.models import StoredFile
from motcua.base.files.tests import corpus, signing
from motcua.certification import queries
from motcua.certification.kinds import SIGNATURE
from motcua.certification.models import CopiedPaper, ElectronicCopy, Visit
from motcua.certification.operations import correcting, electronic
from motcua.certification.operations.taking import PaperIn
from motcua.certification.tests.desk_world import MORNING, Desk
from motcua.dossiers import vault_offers
from motcua.dossiers.models import DossierDocument
from motcua.dossiers.operations import vault as dossier_vault
from motcua.dossiers.operations.intake import PaperIn as Line
from motcua.dossiers.tests.lives import take_in
from motcua.lib.actor import SYSTEM
from motcua.lib.refusal import Conflict, NotFound, NotPermitted, Refusal
from motcua.procedures.models import RequiredDocument
from motcua.ui.routing import set_database_actor

pytestmark = [pytest.mark.django_db, pytest.mark.sql]
WEDDING = PaperIn("Giấy chứng nhận kết hôn", 2, 1)
LAN = "Phạm Thị Lan 031185000058"
AT = MORNING + timedelta(hours=2)
TOLD = Told(name="Giấy chứng nhận kết hôn", number="31/2015", issuer="UBND xã X", issued_on=date(2015, 5, 1))


@pytest.fixture(autouse=True)
def data(settings: Any, tmp_path: Path) -> Path:
    settings.DATA, settings.SIGNATURE_ROOTS = tmp_path, ""
    return tmp_path


@pytest.fixture
def visit(desk: Desk) -> Visit:
    """An issued copy of a wedding paper, of somebody who showed a number."""
    taken = desk.take(WEDDING, who=LAN)
    desk.to_the_end(taken)
    return taken


def paper_of(visit: Visit) -> CopiedPaper:
    set_database_actor(SYSTEM)
    return CopiedPaper.objects.filter(visit=visit).order_by("number")[0]


def give(
    desk: Desk, visit: Visit, who: str = "", content: bytes = b"", by: str = "minh", **more: Any
) -> ElectronicCopy:
    facts = {"told": TOLD, "filename": "ban-sao.pdf", **more}
    return electronic.give(
        paper_id=paper_of(visit).pk, who=who, stream=io.BytesIO(content or corpus.pdf(2)),
        actor=desk.world.actor(by), at=AT, **facts,
    )  # fmt: skip


def kept(applicant: Applicant) -> list[VaultPaper]:
    set_database_actor(SYSTEM)
    return vault.papers_of(applicant.pk)


def test_the_copy_goes_into_the_vault_with_number_day_and_who_certified(desk: Desk, visit: Visit) -> None:
    made = give(desk, visit)
    (paper,) = kept(made.applicant)
    assert (made.applicant.name, paper.source, paper.proof) == (
        "Phạm Thị Lan",
        VaultSource.CERTIFIED,
        VaultProof.BOOK,
    )
    number = paper_of(visit).number
    assert (
        paper.certified_number == f"{number}, quyển 01/2026-SCT/BS" and paper.certified_on == MORNING.date()
    )
    leader = desk.world.actor("tuan")
    assert leader.name in paper.certified_by and desk.world.home.name in paper.certified_by
    assert (paper.number, paper.issuer, paper.issued_on) == ("31/2015", "UBND xã X", date(2015, 5, 1))
    assert paper.origin == made.pk and paper.origin_code == visit.dossier.code and paper.signed_by == ""
    (line,), _next = queries.book(desk.world.actor("minh"), kind="copy", year=2026)
    assert "Đã cấp bản điện tử" in line.note
    entry = Entry.objects.get(verb="certify_electronic")
    assert entry.payload["number"] == number and "31/2015" not in str(entry.payload)


def test_once_of_each_number_however_often_pressed(desk: Desk, visit: Visit) -> None:
    first = give(desk, visit)
    assert give(desk, visit).pk == first.pk
    with (
        pytest.raises(Conflict, match="đã có bản điện tử, trong kho giấy tờ của Phạm Thị Lan"),
        transaction.atomic(),
    ):
        give(desk, visit, content=corpus.pdf(3))
    with pytest.raises(Conflict), transaction.atomic():
        give(desk, visit, who="Trần Văn Hai 031085000029")
    set_database_actor(SYSTEM)
    assert ElectronicCopy.objects.count() == 1 and len(kept(first.applicant)) == 1
    assert Entry.objects.filter(verb="certify_electronic").count() == 1
    assert StoredFile.objects.filter(purpose="certified").count() == 1


def test_only_an_issued_valid_copy_has_one(desk: Desk) -> None:
    waiting = desk.take(WEDDING, PaperIn("Học bạ", 1, 1), who=LAN)
    with pytest.raises(Conflict, match="chưa ký và đóng dấu"), transaction.atomic():
        give(desk, waiting)
    desk.act("approve", "tuan", waiting)
    with pytest.raises(Conflict, match="chưa ký và đóng dấu"), transaction.atomic():
        give(desk, waiting)
    spoiled = desk.take(WEDDING, PaperIn("Học bạ", 1, 1), who=LAN)
    correcting.void(
        paper_id=paper_of(spoiled).pk, reason="mờ", actor=desk.world.actor("minh"), at=AT, key=uuid4().hex
    )
    desk.to_the_end(spoiled)
    with pytest.raises(Conflict, match="đã hủy"), transaction.atomic():
        give(desk, spoiled)
    signed = desk.take(PaperIn("Giấy ủy quyền", 1, 1), who=LAN, kind=SIGNATURE)
    desk.to_the_end(signed)
    with pytest.raises(Conflict, match="Chỉ bản sao"), transaction.atomic():
        give(desk, signed)
    assert ElectronicCopy.objects.count() == 0


def test_only_officers_of_the_desk_and_of_the_agency(desk: Desk, visit: Visit) -> None:
    for by in ("tuan", "thu", "hoa"):
        with pytest.raises(NotPermitted), transaction.atomic():
            give(desk, visit, by=by)
    with pytest.raises((NotFound, NotPermitted)), transaction.atomic():
        give(desk, visit, by="binh")
    with pytest.raises(NotFound):
        electronic.give(
            paper_id=uuid4(), who="", told=TOLD, stream=io.BytesIO(corpus.pdf()), filename="a.pdf",
            actor=desk.world.actor("minh"), at=AT,
        )  # fmt: skip


def test_whose_it_is_must_be_sure(desk: Desk) -> None:
    nameless = desk.take(WEDDING, who="Phạm Thị Lan")
    desk.to_the_end(nameless)
    for who, said in (
        ("", "Chưa rõ kho của ai"),
        ("Phạm Thị Lan", "chưa có giấy tờ"),
        ("031185000058", "gõ nhầm"),
    ):
        with pytest.raises(Refusal, match=said) as refused, transaction.atomic():
            give(desk, nameless, who=who)
        assert refused.value.field == "who"
    give(desk, nameless, who=LAN)
    person = applicants.by_personal_id("031185000058")
    assert person is not None and len(kept(person.applicant)) == 1
    assert kept(nameless.dossier.applicant) == []


def test_another_name_with_a_known_number_is_refused(desk: Desk, visit: Visit) -> None:
    with pytest.raises(Refusal), transaction.atomic():
        give(desk, visit, who="Nguyễn Văn Sai 031185000058")
    assert ElectronicCopy.objects.count() == 0


def test_of_an_organization_by_its_tax_code(desk: Desk, visit: Visit) -> None:
    facts = OrganizationFacts(name="Công ty Sóng Biển", tax_code="0100112437")
    register_organization(facts=facts, actor=SYSTEM, at=AT)
    made = give(desk, visit, who="0100112437")
    assert made.applicant.name == "Công ty Sóng Biển" and len(kept(made.applicant)) == 1


def test_a_signed_pdf_says_who_signed_and_a_changed_one_is_refused(
    data: Path, desk: Desk, visit: Visit
) -> None:
    root = signing.authority()
    content = signing.signed(signing.holder("Phạm Văn A", "UBND phường B", above=root))
    box = content.index(b"/MediaBox")
    changed = content[:box] + content[box : box + 40].replace(b"420", b"421") + content[box + 40 :]
    with pytest.raises(Refusal, match="bị sửa sau khi ký"), transaction.atomic():
        give(desk, visit, content=changed)
    signing.trust(data, root)
    made = give(desk, visit, content=content)
    (paper,) = kept(made.applicant)
    assert paper.proof == VaultProof.BOOK and paper.signed_by == "Phạm Văn A, UBND phường B"


def test_the_row_is_never_changed_and_stands_behind_the_wall(desk: Desk, visit: Visit) -> None:
    made = give(desk, visit)
    for change in (
        lambda: ElectronicCopy.objects.filter(pk=made.pk).update(made_at=AT),
        lambda: ElectronicCopy.objects.filter(pk=made.pk).delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    set_database_actor(desk.world.actor("binh"))
    assert ElectronicCopy.objects.count() == 0
    set_database_actor(desk.world.actor("minh"))
    assert ElectronicCopy.objects.count() == 1
    assert VaultPaper.objects.count() == 0, "the vault is closed again behind the desk"


def test_another_office_is_offered_it_instead_of_the_original(desk: Desk, visit: Visit) -> None:
    made = give(desk, visit)
    set_database_actor(SYSTEM)
    required = RequiredDocument.objects.first()
    assert required is not None
    RequiredDocument.objects.filter(pk=required.pk).update(name=WEDDING.name)
    dossier = take_in(desk.world, papers=(Line(WEDDING.name, plain_copies=1, required_id=required.pk),))
    type(dossier).objects.filter(pk=dossier.pk).update(applicant=made.applicant)
    dossier.refresh_from_db()
    minh = desk.world.actor("minh")
    ((document, offer),) = vault_offers.for_dossier(dossier, AT.date(), actor=minh)
    number = paper_of(visit).number
    assert offer.is_good and f"số chứng thực {number}, quyển 01/2026-SCT/BS" in offer.certified
    assert (
        offer.source.startswith("Bản quét của bản sao đã chứng thực: số chứng thực")
        and not offer.for_original
    )
    assert offer.paper_id is not None
    for _press in range(2):
        dossier_vault.take_over(
            dossier=dossier,
            document_id=document.pk,
            paper_id=offer.paper_id,
            actor=minh,
            at=AT,
            key="một-lần",
        )
    note = DossierDocument.objects.get(pk=document.pk).note
    assert (
        note.count("bản quét của bản sao đã chứng thực: số chứng thực") == 1
        and "không hỏi lại bản chính" not in note
        and "không có chữ ký số" in note
        and desk.world.actor("tuan").name in note
    )


# ── The page


@pytest.fixture
def client(desk: Desk) -> Client:
    return desk.world.client("minh")


def body(response: Any) -> str:
    text = response.content.decode()
    set_database_actor(SYSTEM)
    return str(text)


def test_by_page_without_script(desk: Desk, visit: Visit, client: Client) -> None:
    paper = paper_of(visit)
    address = f"/certification/{visit.pk}/papers/{paper.pk}/electronic/"
    page = body(client.get(f"/certification/{visit.pk}/"))
    assert address in page and "Đưa bản điện tử vào kho giấy tờ" in page
    page = body(client.get(address))
    assert 'value="Giấy chứng nhận kết hôn"' in page and "Để trống: Phạm Thị Lan" in page

    def sent(**values: Any) -> dict[str, Any]:
        file = SimpleUploadedFile("a.pdf", corpus.pdf(1))
        return {"key": "k1", "who": "", "name": "Giấy <b>kết hôn</b>", "number": "31", "file": file, **values}

    for wrong, said in (
        ({"file": ""}, "Chưa chọn tệp"), ({"name": ""}, "Ghi tên giấy tờ"), ({"who": "031185000058"}, "gõ nhầm"),
        ({"valid_to": "01/01/2020", "issued_on": "01/01/2021"}, "trước ngày cấp"),
        ({"file": SimpleUploadedFile("a.exe", b"MZ" + b"x" * 99)}, "chương trình"),
    ):  # fmt: skip
        response = client.post(address, sent(**wrong))
        text = body(response)
        assert response.status_code == 422 and said in text and 'value="31"' in text
    for _press in range(2):
        response = client.post(address, sent(), follow=True)
        assert "vào kho giấy tờ của Phạm Thị Lan" in body(response)
    assert ElectronicCopy.objects.count() == 1
    page = body(client.get(f"/certification/{visit.pk}/"))
    assert "Đã có bản điện tử" in page and address not in page
    assert "Đưa bản sao điện tử số" in body(client.get(f"/dossiers/{visit.dossier.code}/"))
    assert "Đã cấp bản điện tử" in body(client.get("/certification/register/?year=2026"))
    assert (
        body(desk.world.client("tuan").get(address))
        and desk.world.client("tuan").get(address).status_code == 403
    )
    set_database_actor(SYSTEM)


def test_a_visit_that_is_not_issued_has_no_page_for_it(desk: Desk, client: Client) -> None:
    waiting = desk.take(WEDDING, who=LAN, at=timezone.now())
    address = f"/certification/{waiting.pk}/papers/{paper_of(waiting).pk}/electronic/"
    assert address not in body(client.get(f"/certification/{waiting.pk}/"))
    for response in (client.get(address, follow=True), client.post(address, {"name": "x"}, follow=True)):
        assert "chưa ký và đóng dấu" in body(response) and response.redirect_chain
