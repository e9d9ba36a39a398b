"""From the procedure's page to the dossier on the counter's list, and what must not happen on the way."""

import io
import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from motcua.applicants import vault
from motcua.applicants.models import VaultHow, VaultLook, VaultPaper, VaultSource
from motcua.applicants.operations import vault as keeping
from motcua.base.audit.queries import verify
from motcua.base.calendars.queries import working_calendar
from motcua.base.files.models import StoredFile
from motcua.base.files.operations import reject, store
from motcua.base.files.queries import open_content
from motcua.base.files.tests.corpus import pdf
from motcua.dossiers import lateness
from motcua.dossiers import queries as dossiers
from motcua.dossiers.models import Dossier, DossierDocument, DossierFile
from motcua.dossiers.states import Status
from motcua.dossiers.tests.acting import attempt
from motcua.dossiers.tests.intake_world import BIRTH, World
from motcua.eforms import queries as eforms
from motcua.eforms.operations import answering
from motcua.eforms.tests.conftest import birth, marriage, posted
from motcua.lib.actor import SYSTEM
from motcua.lib.refusal import NotFound, NotPermitted, Refusal
from motcua.online import queries
from motcua.online.models import Application, ApplicationFile, State
from motcua.online.operations import drafting, handing_in
from motcua.online.tests.conftest import HUNG, actor_of, citizen, signed_in
from motcua.ui.routing import set_database_actor

pytestmark = [pytest.mark.django_db, pytest.mark.sql]
MARRIAGE = "1.000894"


def begun(world: World, account: Any, code: str = BIRTH) -> Application:
    """Begin an application of one's own at the home commune."""
    actor = actor_of(account)
    found = queries.offer(code, timezone.localdate())
    return drafting.begin(
        code=code, variant_id=found.variants[0].pk, agency_id=world.home.pk, applicant_id=actor.for_applicant,
        actor=actor, at=timezone.now(), key=f"begin-{account.pk}-{code}",
    )  # fmt: skip


def filled(row: Application, client: Client, values: dict[str, Any]) -> None:
    """Fill the declaration in by its pages and say that it is done."""
    address = queries.form_address(row.answer, timezone.now())
    answer = client.post(
        f"{address}?phan=tat-ca",
        {"phan": "tat-ca", "ban": "0", "trang": "t", "lam": "tiep", **posted(values)},
    )
    assert answer.status_code == 302, re.findall(
        r"govuk-error-message.*?</p>", answer.content.decode(), re.S
    )[:5]
    done = client.post(answer["Location"], {"lam": "xong", "key": f"done-{row.pk}"})
    assert done.status_code == 302


def ready(world: World, account: Any, client: Client) -> Application:
    """Return an application of a birth with everything there."""
    row, actor, at = begun(world, account), actor_of(account), timezone.now()
    filled(row, client, birth())
    for slot in queries.slots(row, actor=actor, on=timezone.localdate()):
        if slot.needed:
            drafting.add_file(
                application_id=row.pk, number=slot.number, stream=io.BytesIO(pdf(pages=1)), filename="giay.pdf",
                actor=actor, at=at,
            )  # fmt: skip
    drafting.set_contact(
        application_id=row.pk, result_channel="electronic", return_address="", phone="0912 345 678", email="",
        actor=actor, at=at, key=f"contact-{row.pk}",
    )  # fmt: skip
    row.refresh_from_db()
    return row


def handed_in(world: World, account: Any, client: Client) -> Dossier:
    """Return the dossier of an application that was handed in."""
    row = handing_in.hand_in(
        application_id=ready(world, account, client).pk, actor=actor_of(account), at=timezone.now()
    )
    set_database_actor(SYSTEM)
    return Dossier.objects.get(pk=row.became)


def test_from_the_procedure_to_the_counters_list_by_its_pages(world: World, shipped: Any) -> None:
    account = citizen()
    visitor, client = Client(HTTP_HOST="localhost"), signed_in(account)
    page = visitor.get(f"/nop-ho-so/{BIRTH}/").content.decode()
    assert "Đăng nhập để nộp" in page and "Bắt đầu" not in page
    actor = actor_of(account)
    variant = queries.offer(BIRTH, timezone.localdate()).variants[0]
    facts = {
        "applicant": str(actor.for_applicant),
        "variant": variant.pk,
        "agency": world.home.pk,
        "key": "k1",
    }
    answer = client.post(f"/nop-ho-so/{BIRTH}/", facts)
    assert answer.status_code == 302
    assert client.post(f"/nop-ho-so/{BIRTH}/", facts)["Location"] == answer["Location"], (
        "pressed twice: one draft"
    )
    row = Application.objects.get(owner=account)
    page = client.get(answer["Location"]).content.decode()
    assert "Tờ khai chưa xong" in page and "Chưa có:" in page
    fill = client.get(queries.form_address(row.answer, timezone.now())).content.decode()
    assert "Phạm Thị Lan" in fill and "tài khoản định danh" in fill, (
        "what is known is filled in and says from where"
    )
    filled(row, client, birth())
    for slot in queries.slots(row, actor=actor, on=timezone.localdate()):
        if slot.needed:
            bad = io.BytesIO(b"MZ\x90")
            bad.name = "giay.pdf"
            address = reverse("online-paper", args=[row.pk, slot.number], urlconf="motcua.config.urls_public")
            assert client.post(address, {"file": bad}).status_code == 422
            good = io.BytesIO(pdf(pages=2))
            good.name = "giay chung sinh.pdf"
            assert client.post(address, {"file": good}).status_code == 302
            assert "giay chung sinh.pdf" in client.get(address).content.decode()
    wrong = client.post(
        f"/nop-ho-so/ban/{row.pk}/nhan-ket-qua/", {"result_channel": "post", "phone": "12", "key": "c"}
    )
    assert wrong.status_code == 422 and "không đúng" in wrong.content.decode()
    right = {"result_channel": "electronic", "phone": "0912345678", "key": "c2"}
    assert client.post(f"/nop-ho-so/ban/{row.pk}/nhan-ket-qua/", right).status_code == 302
    check = f"/nop-ho-so/ban/{row.pk}/nop/"
    page = client.get(check).content.decode()
    assert "ngày hẹn trả là" in page and "Nộp hồ sơ" in page
    assert client.post(check, {"helped_by": "applicant", "key": "h"}).status_code == 422, (
        "the word that it is true"
    )
    said = {"helped_by": "applicant", "true": "on", "key": "h"}
    done = client.post(check, said)
    assert done.status_code == 302, re.findall(r"mc-errors.*?</div>", done.content.decode(), re.S)
    assert client.post(check, said).status_code == 302
    page = client.get(done["Location"]).content.decode()
    set_database_actor(SYSTEM)
    (dossier,) = Dossier.objects.filter(channel="online")
    assert (
        dossier.code in page and dossier.secret in page and "Cơ quan trả lời hồ sơ đủ hay thiếu trước" in page
    )
    assert (dossier.status, dossier.home_agency_id) == (Status.NEW, world.home.pk)
    calendar = working_calendar(dossier.calendar_id)
    assert dossier.answer_due_at == lateness.answer_due(calendar, dossier.submitted_at), (
        "one working day to answer"
    )
    names = list(DossierDocument.objects.filter(dossier=dossier).values_list("name", flat=True))
    files = DossierFile.objects.filter(dossier=dossier).select_related("stored", "document")
    assert len(names) == len(files) >= 2
    form = next(one for one in files if one.stored.original_name == "to-khai.pdf")
    with open_content(form.stored) as content:
        text = "".join(page.extract_text() for page in PdfReader(content).pages)
    assert birth()["requester_name"].upper() in text.upper()
    assert {one.stored.agency_id for one in files} == {world.home.pk}
    said_by = [one.verb for one in dossiers.history(dossier)]
    assert {"submit", "handed_in_online", "attach"} <= set(said_by) and list(
        verify(dossiers.history(dossier))
    ) == []
    assert dossier.code in world.client("minh").get("/?list=new").content.decode()
    page = world.client("minh").get(f"/dossiers/{dossier.code}/").content.decode()
    assert "Trực tuyến" in page and "to-khai.pdf" in page
    attempt(world, "accept", "minh", dossier, timezone.now())
    page = client.get(f"/ho-so-cua-toi/{dossier.code}/").content.decode()
    assert "Hẹn trả" in page and "Giấy cơ quan gửi anh/chị" in page
    (slip,) = re.findall(r'href="([^"]+\.pdf)"', page)[:1]
    assert client.get(slip).content.startswith(b"%PDF")


def test_nobody_hands_in_without_level_two_or_for_another(world: World, shipped: Any) -> None:
    account, other = citizen(), citizen(HUNG, "Trần Quốc Hùng")
    client = signed_in(account, level=1)
    row = ready(world, account, signed_in(account))
    assert client.get(f"/nop-ho-so/ban/{row.pk}/nop/").status_code == 403
    with pytest.raises(NotPermitted):
        handing_in.hand_in(application_id=row.pk, actor=actor_of(account, level=1), at=timezone.now())
    for address in ("", "nop/", "giay-to/", "giay-to/1/", "nhan-ket-qua/", "bo/"):
        assert signed_in(other).get(f"/nop-ho-so/ban/{row.pk}/{address}").status_code == 404
        assert Client(HTTP_HOST="localhost").get(f"/nop-ho-so/ban/{row.pk}/{address}").status_code == 302
    with pytest.raises(NotFound):
        handing_in.hand_in(application_id=row.pk, actor=actor_of(other), at=timezone.now())
    with pytest.raises(NotPermitted):
        drafting.begin(
            code=BIRTH, variant_id=row.variant_id, agency_id=world.home.pk, applicant_id=row.applicant_id,
            actor=actor_of(other), at=timezone.now(), key="x",
        )  # fmt: skip
    assert not Dossier.objects.filter(channel="online").exists()


def test_what_is_missing_is_said_and_handed_in_once(world: World, shipped: Any) -> None:
    account = citizen()
    client, actor, at = signed_in(account), actor_of(account), timezone.now()
    row = begun(world, account)
    with pytest.raises(Refusal, match="Tờ khai chưa xong"):
        handing_in.hand_in(application_id=row.pk, actor=actor, at=at)
    row = ready(world, account, client)
    with pytest.raises(Refusal, match="giúp nộp"):
        handing_in.hand_in(application_id=row.pk, actor=actor, at=at, helped_by="post")
    first = handing_in.hand_in(
        application_id=row.pk, actor=actor, at=at, helped_by="post", helper_name="Bưu điện Bạch Long Vĩ"
    )
    again = handing_in.hand_in(application_id=row.pk, actor=actor, at=at)
    assert first.became == again.became and first.state == State.HANDED_IN
    set_database_actor(SYSTEM)
    dossier = Dossier.objects.get(pk=first.became)
    told = next(one for one in dossiers.history(dossier) if one.verb == "handed_in_online")
    assert told.payload["pressed_name"] == "Bưu điện Bạch Long Vĩ" and told.actor_kind == "applicant"
    with pytest.raises(Refusal, match="đã nộp"):
        drafting.discard(application_id=row.pk, actor=actor, at=at, key="d")


def test_a_co_signed_marriage_waits_for_both(world: World, shipped: Any) -> None:
    code = next(one.procedure.code for one in _definitions() if one.code == "HT-013")
    account = citizen(marriage()["wife_personal_id"], "Nguyễn Thị Lan")
    client, actor, at = signed_in(account), actor_of(account), timezone.now()
    row = begun(world, account, code)
    filled(row, client, marriage())
    found = queries.standing(row, actor=actor, at=at)
    assert "Còn chờ xác nhận tờ khai" in found.faults[0][0]
    page = client.get(f"/nop-ho-so/ban/{row.pk}/").content.decode()
    assert "Tôi đã đọc và xác nhận tờ khai" in page
    assert client.post(f"/nop-ho-so/ban/{row.pk}/", {"signer": "husband", "key": "1"}).status_code == 302
    assert "Tôi đã đọc và xác nhận" in client.get(f"/nop-ho-so/ban/{row.pk}/").content.decode(), (
        "not for another"
    )
    client.post(f"/nop-ho-so/ban/{row.pk}/", {"signer": "wife", "key": "2"})
    found = queries.standing(row, actor=actor, at=at)
    assert [one.signer.key for one in found.declaration.asked if not one.confirmed] == ["husband"]
    assert found.declaration.asked[0].confirmation.level == 2


def _definitions() -> Any:
    from motcua.eforms.models import FormDefinition

    return FormDefinition.objects.select_related("procedure")


def test_supplement_paper_by_paper_then_withdraw(world: World, shipped: Any) -> None:
    account, other = citizen(), citizen(HUNG, "Trần Quốc Hùng")
    client = signed_in(account)
    dossier = handed_in(world, account, client)
    attempt(world, "request_supplement", "minh", dossier, timezone.now())
    mine = f"/ho-so-cua-toi/{dossier.code}/"
    assert "Bổ sung ngay" in client.get(mine).content.decode()
    assert dossier.code in client.get("/ho-so-cua-toi/").content.decode()
    assert signed_in(other).get(mine).status_code == 404
    assert dossier.code not in signed_in(other).get("/ho-so-cua-toi/").content.decode()
    page = client.get(f"{mine}bo-sung/").content.decode()
    items = re.findall(r"/bo-sung/(\d+)/", page)
    assert items
    early = client.post(f"{mine}bo-sung/", {"key": "s0"})
    assert early.status_code == 422 and "Còn thiếu" in early.content.decode()
    for item in items:
        empty = client.post(f"{mine}bo-sung/{item}/", {"key": "a"})
        assert empty.status_code == 422
        good = io.BytesIO(pdf(pages=1))
        good.name = "bo sung.pdf"
        assert client.post(f"{mine}bo-sung/{item}/", {"file": good, "key": "b"}).status_code == 302
    first = f"{mine}bo-sung/{items[0]}/"
    assert client.post(first, {"note": "Bản chính ở quầy", "key": "n1"}).status_code == 302
    assert "Bản chính ở quầy" in client.get(first).content.decode()
    assert client.post(first, {"note": "", "key": "n2"}).status_code == 302, (
        "a word may be taken back where a file is"
    )
    assert "Bản chính ở quầy" not in client.get(first).content.decode()
    sent = client.post(f"{mine}bo-sung/", {"key": "s1"}, follow=True).content.decode()
    assert "đã nhận giấy tờ bổ sung" in sent
    again = client.post(f"{mine}bo-sung/", {"key": "s2"})
    assert again.status_code == 302, "sent already: to the dossier, nothing is done twice"
    late = io.BytesIO(pdf(pages=3))
    late.name = "muon.pdf"
    assert client.post(first, {"file": late, "key": "late"}).status_code == 302
    set_database_actor(SYSTEM)
    assert not ApplicationFile.objects.filter(stored__original_name="muon.pdf").exists()
    set_database_actor(SYSTEM)
    dossier.refresh_from_db()
    assert dossier.status == Status.NEW and dossier.answer_due_at is not None
    assert DossierFile.objects.filter(dossier=dossier, purpose="supplement").count() == len(items)
    assert client.get(f"{mine}ai-da-xem/").status_code == 200
    assert client.post(f"{mine}rut/", {"reason": "", "key": "w0"}).status_code == 422
    assert client.post(f"{mine}rut/", {"reason": "Tôi khai nhầm", "key": "w1"}).status_code == 302
    set_database_actor(SYSTEM)
    dossier.refresh_from_db()
    assert dossier.status == Status.WITHDRAWN
    assert client.post(f"{mine}rut/", {"reason": "Lần nữa", "key": "w2"}).status_code == 422
    assert "Bổ sung ngay" not in client.get(mine).content.decode()
    assert list(verify(dossiers.history(dossier))) == []


def test_a_declaration_stays_as_long_as_its_application(world: World, shipped: Any) -> None:
    account = citizen()
    client, at = signed_in(account), timezone.now()
    row = ready(world, account, client)
    Application.objects.filter(pk=row.pk).update(saved_at=at + timedelta(days=20))
    set_database_actor(SYSTEM)
    assert (
        answering.sweep(at=at + timedelta(days=31)) == 0 and drafting.sweep(at=at + timedelta(days=31)) == 0
    )
    row.refresh_from_db()
    assert row.answer is not None
    before = row.answer.links.get().token
    row.answer.links.update(expires_at=at - timedelta(days=1))
    address = client.get(f"/nop-ho-so/ban/{row.pk}/to-khai/")["Location"]
    assert before not in address and client.get(address).status_code == 200
    assert client.get(f"/nop-ho-so/ban/{row.pk}/to-khai/")["Location"] == address, "a link that holds is kept"


def test_a_paper_of_ones_own_pressed_twice_is_one(world: World, shipped: Any) -> None:
    account = citizen()
    row = begun(world, account)
    common: dict[str, Any] = {"application_id": row.pk, "filename": "a.pdf", "actor": actor_of(account)}
    for _press in range(2):
        drafting.add_own_paper(name="Giấy khác", stream=io.BytesIO(pdf(pages=1)), at=timezone.now(), **common)
    drafting.add_own_paper(name="Giấy khác", stream=io.BytesIO(pdf(pages=2)), at=timezone.now(), **common)
    assert sorted(one.files.count() for one in row.papers.filter(required=None)) == [1, 1]
    client = signed_in(account)
    place = max(one.number for one in queries.slots(row, actor=common["actor"], on=timezone.localdate()))
    page = f"/nop-ho-so/ban/{row.pk}/giay-to/{place}/"
    one = ApplicationFile.objects.filter(paper__application=row).order_by("pk").last()
    assert one is not None
    gone = client.post(page, {"do": f"remove-{one.pk}", "own": "1"}, follow=True)
    assert gone.status_code == 200 and row.papers.filter(required=None).count() == 1


def test_an_address_of_ones_own_paper_never_leads_to_another(world: World, shipped: Any) -> None:
    account = citizen()
    row, client = begun(world, account), signed_in(account)
    first, second = (
        drafting.add_own_paper(
            application_id=row.pk, name=name, stream=io.BytesIO(pdf(pages=pages)), filename="a.pdf",
            actor=actor_of(account), at=timezone.now(),
        )
        for name, pages in (("Giấy một", 1), ("Giấy hai", 2))
    )  # fmt: skip
    page = f"/nop-ho-so/ban/{row.pk}/giay-to/"
    one = first.files.get()
    client.post(f"{page}{first.item}/", {"do": f"remove-{one.pk}", "own": "1"})
    assert client.get(f"{page}{first.item}/").status_code == 404
    assert "Giấy hai" in client.get(f"{page}{second.item}/").content.decode()
    late = client.post(f"{page}{first.item}/", {"file": SimpleUploadedFile("b.pdf", pdf(pages=3))})
    assert late.status_code == 404 and row.papers.get(required=None).files.count() == 1


def test_a_file_that_was_set_apart_counts_as_none(world: World, shipped: Any) -> None:
    account = citizen()
    client, actor, at = signed_in(account), actor_of(account), timezone.now()
    row = ready(world, account, client)
    one = ApplicationFile.objects.filter(paper__application=row).select_related("stored", "paper").first()
    assert one is not None
    reject(file_id=one.stored_id, actor=SYSTEM, at=at, reason="Eicar")
    with pytest.raises(Refusal, match="Chưa có"):
        handing_in.hand_in(application_id=row.pk, actor=actor, at=at)
    page = client.get(f"/nop-ho-so/ban/{row.pk}/giay-to/{one.paper.item}/").content.decode()
    assert "bị loại vì có mã độc" in page


def test_old_drafts_go_with_their_files_and_what_was_handed_in_stays(world: World, shipped: Any) -> None:
    account = citizen()
    client, at = signed_in(account), timezone.now()
    dossier = handed_in(world, account, client)
    row = begun(world, citizen(HUNG, "Trần Quốc Hùng"))
    actor = actor_of(row.owner)
    drafting.add_own_paper(
        application_id=row.pk,
        name="Giấy khác",
        stream=io.BytesIO(pdf(pages=1)),
        filename="a.pdf",
        actor=actor,
        at=at,
    )
    stored = ApplicationFile.objects.get(paper__application=row).stored_id
    set_database_actor(SYSTEM)
    assert drafting.sweep(at=at + timedelta(days=29)) == 0
    assert drafting.sweep(at=at + timedelta(days=31)) == 1
    assert (
        not Application.objects.filter(pk=row.pk).exists()
        and not StoredFile.objects.filter(pk=stored).exists()
    )
    assert Application.objects.get(became=dossier.pk).answer is not None


def test_a_man_is_never_filled_in_as_the_bride(world: World, shipped: Any) -> None:
    """His sex by his number where the account does not say it; where nothing says it, neither spouse is filled in."""
    code = next(one.procedure.code for one in _definitions() if one.code == "HT-013")
    known = begun(world, citizen(HUNG, "Trần Quốc Hùng"), code)
    assert known.answer is not None
    values = eforms.values_of(known.answer)
    assert values["husband_name"] == "Trần Quốc Hùng" and "wife_name" not in values
    assert values["husband_personal_id"] == HUNG and "husband_paper" not in values, (
        "nobody said which paper it is"
    )
    form = eforms.form(known.answer.definition)
    assert [drafting._place_of(form, sex) for sex in ("male", "female", "")] == ["husband", "wife", ""]


def test_somebody_else_in_the_place_of_who_was_filled_in_takes_all_marks_along(
    world: World, shipped: Any
) -> None:
    code = next(one.procedure.code for one in _definitions() if one.code == "HT-013")
    row = begun(world, citizen(HUNG, "Trần Quốc Hùng"), code)
    assert row.answer is not None and "husband_nation" in row.answer.sources
    values = eforms.values_of(row.answer) | {"husband_name": "Lê Văn Ba"}
    signed_in(row.owner).post(
        f"{queries.form_address(row.answer, timezone.now())}?phan=tat-ca",
        {"phan": "tat-ca", "ban": "0", "trang": "t", "lam": "tiep", **posted(values)},
    )
    row.answer.refresh_from_db()
    assert not [path for path in row.answer.sources if path.startswith("husband_")]


def _kept(actor: Any, name: str, **facts: Any) -> VaultPaper:
    at = timezone.now()
    stored = store(stream=io.BytesIO(pdf()), filename="a.pdf", actor=SYSTEM, at=at, purpose="paper")
    known = {
        "applicant_id": actor.for_applicant, "name": name, "source": VaultSource.COUNTER, "origin": stored.pk,
        "origin_code": "H24.12-1", "agency_id": 1, "handed_in_on": timezone.localdate(at), "files": [stored.pk],
    }  # fmt: skip
    paper = keeping.keep(facts=keeping.PaperFacts(**(known | facts)), actor=SYSTEM, at=at)
    assert paper is not None
    vault.open_vault(None)
    return paper


def test_a_paper_of_another_name_is_used_and_its_age_is_asked_again_when_it_is_handed_in(
    world: World, shipped: Any
) -> None:
    account = citizen()
    client, actor, at = signed_in(account), actor_of(account), timezone.now()
    row = ready(world, account, client)
    slot = next(one for one in queries.slots(row, actor=actor, on=timezone.localdate(at)) if one.needed)
    assert slot.required is not None
    paper = _kept(actor, "Giấy bệnh viện viết", issued_on=timezone.localdate(at) - timedelta(days=20))
    page = f"/nop-ho-so/ban/{row.pk}/giay-to/{slot.number}/"
    assert f'<option value="{paper.pk}">Giấy bệnh viện viết' in client.get(page).content.decode()
    type(slot.required).objects.filter(pk=slot.required.pk).update(hint="Được cấp không quá 10 ngày")
    assert "Giấy bệnh viện viết" not in client.get(page).content.decode()
    old = client.post(page, {"do": "vault", "vault": str(paper.pk)})
    assert old.status_code == 422 and "cần bản cấp trong 10 ngày" in old.content.decode()
    type(slot.required).objects.filter(pk=slot.required.pk).update(hint="Được cấp không quá 30 ngày")
    assert client.post(page, {"do": "vault", "vault": str(paper.pk)}).status_code == 302
    assert "Giấy bệnh viện viết, H24.12-1" in client.get(page).content.decode()
    ApplicationFile.objects.filter(paper__application=row, paper__required=slot.required).delete()
    with pytest.raises(Refusal, match="Chưa có"):
        handing_in.hand_in(application_id=row.pk, actor=actor, at=at + timedelta(days=11))
    assert "không còn dùng được" not in client.get(page).content.decode()
    drafting.add_file(
        application_id=row.pk,
        number=slot.number,
        stream=io.BytesIO(pdf(pages=2)),
        filename="b.pdf",
        actor=actor,
        at=at,
    )
    handing_in.hand_in(application_id=row.pk, actor=actor, at=at + timedelta(days=11))
    dossier = Dossier.objects.get(pk=Application.objects.get(pk=row.pk).became)
    assert DossierFile.objects.filter(dossier=dossier, document__required=slot.required).count() == 1, (
        "the old paper is left out, the file that came instead is there"
    )


def test_a_declaration_takes_over_the_paper_that_the_vault_has(world: World, shipped: Any) -> None:
    """The applicant's own good paper, with where it came from; the look stands with the owner's looks."""
    account = citizen()
    actor, at = actor_of(account), timezone.now()
    stored = store(stream=io.BytesIO(pdf()), filename="a.pdf", actor=SYSTEM, at=at, purpose="paper")
    facts = keeping.PaperFacts(
        applicant_id=actor.for_applicant, name="Bản án ly hôn", number="12/2024/HNGĐ", issuer="Tòa án khu vực 1",
        issued_on=date(2024, 3, 5), source=VaultSource.COUNTER, origin=stored.pk, origin_code="H24.12-1", agency_id=1,
        handed_in_on=date(2024, 4, 1), files=[stored.pk],
    )  # fmt: skip
    paper = keeping.keep(facts=facts, actor=SYSTEM, at=at)
    assert paper is not None
    vault.open_vault(None)
    code = next(one.procedure.code for one in _definitions() if one.code == "HN-XN")
    row = begun(world, account, code)
    assert row.answer is not None
    values = eforms.values_of(row.answer)
    assert values["divorce"] == {"number": "12/2024/HNGĐ", "day": "2024-03-05", "by": "Tòa án khu vực 1"}
    assert row.answer.sources["divorce"] == "bản án ly hôn cấp ngày 05/03/2024, trong kho giấy tờ"
    page = signed_in(account).get(f"{queries.form_address(row.answer, at)}?phan=tat-ca").content.decode()
    assert "trong kho giấy tờ" in page and "12/2024/HNGĐ" in page
    set_database_actor(SYSTEM)
    look = VaultLook.objects.get(applicant_id=actor.for_applicant, how=VaultHow.USE)
    assert look.papers == [paper.pk] and look.by_owner and look.account_id == account.pk
    other = begun(world, citizen(HUNG, "Vũ Hùng"), code)
    assert other.answer is not None and "divorce" not in eforms.values_of(other.answer)
