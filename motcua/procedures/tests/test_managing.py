"""A procedure in the hands of two administrators: edited, sent, approved by the other, in force, repealed."""

import json
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from motcua.base.audit.models import Entry
from motcua.lib.actor import SYSTEM
from motcua.lib.refusal import Refusal
from motcua.procedures.models import (
    Approval,
    DraftEdit,
    FeeRow,
    NationalReview,
    Procedure,
    ProcedureVersion,
    RequiredDocument,
)
from motcua.procedures.models.words import Act, Part
from motcua.procedures.operations import approving, editing, importing
from motcua.procedures.queries import catalogue as versions
from motcua.procedures.queries import snapshot
from motcua.procedures.source import difference, parts
from motcua.procedures.tests.office import Office, office, posted

__all__ = ["office"]
BIRTH = "1.001193"


@pytest.fixture
def birth(catalogue: list[str]) -> Procedure:
    return Procedure.objects.get(code=BIRTH)


@pytest.fixture
def draft(office: Office, birth: Procedure) -> ProcedureVersion:
    answer = office.client("chi").post(f"/procedures/{birth.pk}/draft/", {"version": birth.versions.get().pk})
    assert answer.status_code == 302
    return ProcedureVersion.objects.get(procedure=birth, state="draft")


def edit(client: Client, draft: ProcedureVersion, part: str, **changes: str) -> Any:
    address = f"/procedures/versions/{draft.pk}/edit/{part}/"
    return client.post(address, posted(client.get(address)) | changes)


def send(client: Client, draft: ProcedureVersion, **changes: str) -> Any:
    tomorrow = timezone.localdate() + timedelta(days=1)
    said = {"day": f"{tomorrow:%d/%m/%Y}", "decision_number": "9/QĐ-UBND", "key": "k1"}
    return client.post(f"/procedures/versions/{draft.pk}/send/", said | changes)


def test_a_draft_says_what_the_version_before_says(draft: ProcedureVersion, birth: Procedure) -> None:
    one, two = (snapshot.data_of(row) for row in birth.versions.order_by("number"))
    for data in (one, two):
        data.texts["decision_number"] = ""
        data.in_force_from = data.in_force_to = None
    assert snapshot.digest(one) == snapshot.digest(two)
    assert snapshot.digest(one) != snapshot.digest(parts.with_part(one, Part.FEES, {"rows": []}))


#: The fee table is the richest part; the others take seconds each on the whole catalogue.
_PARTS = [pytest.param(one, marks=() if one == Part.FEES else pytest.mark.long, id=one.value) for one in Part]


@pytest.mark.parametrize("part", _PARTS)
def test_saving_a_part_as_it_stands_changes_nothing(office: Office, catalogue: list[str], part: Part) -> None:
    """Through the browser's form and back, for every procedure of the demo."""
    chi = office.client("chi")
    for procedure in Procedure.objects.all():
        base = procedure.versions.order_by("-number")[0]
        draft = editing.start_draft(
            procedure_id=procedure.pk, based_on=base.pk, actor=office.actor("chi"), at=timezone.now()
        )
        before = snapshot.digest(snapshot.data_of(draft))
        assert edit(chi, draft, part.value).status_code == 302, procedure
        draft.refresh_from_db()
        after = snapshot.data_of(draft)
        for fee in after.fees:
            fee.row = None
        assert snapshot.digest(after) == before, procedure


def test_a_paper_is_added_and_the_page_of_the_people_does_not_change_yet(
    office: Office, draft: ProcedureVersion
) -> None:
    count = draft.papers.count()
    answer = edit(
        office.client("chi"), draft, "papers",
        **{f"rows-{count}-name": "Giấy xác nhận của thôn", f"rows-{count}-originals": "1", f"rows-{count}-must_submit": "on"},
    )  # fmt: skip
    assert answer.status_code == 302
    assert RequiredDocument.objects.get(version=draft, name="Giấy xác nhận của thôn").position == count
    page = Client(HTTP_HOST="localhost").get(f"/thu-tuc/{BIRTH}").content.decode()
    assert "Giấy xác nhận của thôn" not in page
    preview = office.client("tuan").get(f"/procedures/versions/{draft.pk}/preview/").content.decode()
    assert "Giấy xác nhận của thôn" in preview and "Người dân chưa thấy trang này" in preview
    shown = office.client("tuan").get(f"/procedures/versions/{draft.pk}/").content.decode()
    assert "Giấy tờ: Giấy xác nhận của thôn" in shown


def test_an_unreadable_limit_keeps_what_was_typed(office: Office, draft: ProcedureVersion) -> None:
    answer = edit(
        office.client("chi"),
        draft,
        "cases",
        **{"rows-0-limit_in_person": "mấy hôm", "rows-0-when_text": "Khi X"},
    )
    text = answer.content.decode()
    assert answer.status_code == 422 and "Không đọc được thời hạn “mấy hôm”" in text and "Khi X" in text
    draft.refresh_from_db()
    assert draft.editions == {}


def test_a_case_with_papers_of_its_own_is_not_dropped(office: Office, catalogue: list[str]) -> None:
    land = Procedure.objects.get(code="1.013225")
    draft = editing.start_draft(
        procedure_id=land.pk, based_on=land.versions.get().pk, actor=office.actor("chi"), at=timezone.now()
    )
    own = (
        draft.papers.filter(variant__isnull=False).first() or draft.fees.filter(variant__isnull=False).first()
    )
    if own is None:
        own = draft.papers.first()
        assert own is not None
        own.variant = draft.variants.all()[0]
        own.save()
    place = own.variant.position
    answer = edit(office.client("chi"), draft, "cases", **{f"rows-{place}-DELETE": "on"})
    assert "còn giấy tờ hoặc phí riêng" in answer.content.decode() or draft.variants.count() == 1


def test_two_administrators_on_different_parts_do_not_meet(office: Office, draft: ProcedureVersion) -> None:
    chi, dung = office.client("chi"), office.client("dung")
    fees = f"/procedures/versions/{draft.pk}/edit/fees/"
    typed = posted(dung.get(fees))
    assert edit(chi, draft, "record", summary="Câu của Chi").status_code == 302
    assert dung.post(fees, typed | {"rows-0-note": "Ghi chú của Dung"}).status_code == 302
    draft.refresh_from_db()
    assert draft.summary == "Câu của Chi" and draft.editions == {"record": 1, "fees": 1}
    assert FeeRow.objects.filter(version=draft, note="Ghi chú của Dung").count() == 1


def test_two_administrators_on_one_part_both_texts_are_kept(office: Office, draft: ProcedureVersion) -> None:
    chi, dung = office.client("chi"), office.client("dung")
    address = f"/procedures/versions/{draft.pk}/edit/record/"
    of_chi, of_dung = posted(chi.get(address)), posted(dung.get(address))
    assert chi.post(address, of_chi | {"summary": "Câu của Chi"}).status_code == 302
    late = dung.post(address, of_dung | {"summary": "Câu của Dung"})
    text = late.content.decode()
    assert (
        late.status_code == 422
        and "Câu của Chi" in text
        and "Câu của Dung" in text
        and "Chi đã lưu phần này" in text
    )
    draft.refresh_from_db()
    assert draft.summary == "Câu của Chi"
    kept = DraftEdit.objects.get(saved=False)
    assert kept.content["summary"] == "Câu của Dung"
    assert "Bản gõ chưa được ghép" in dung.get(f"/procedures/versions/{draft.pk}/").content.decode()
    assert "Câu của Dung" in chi.get(f"/procedures/edits/{kept.pk}/").content.decode()
    again = posted(late)
    assert again["summary"] == "Câu của Dung" and again["seen"] == "1"
    assert dung.post(address, again).status_code == 302  # knowing both, Dung's text stands now
    draft.refresh_from_db()
    assert draft.summary == "Câu của Dung" and draft.editions["record"] == 2
    first = DraftEdit.objects.get(saved=True, edition=1)
    assert first.content["summary"] == "Câu của Chi"


def test_sending_the_same_form_twice_saves_once(office: Office, draft: ProcedureVersion) -> None:
    chi = office.client("chi")
    address = f"/procedures/versions/{draft.pk}/edit/record/"
    said = posted(chi.get(address)) | {"summary": "Một lần"}
    assert [chi.post(address, said).status_code for _time in range(2)] == [302, 302]
    draft.refresh_from_db()
    assert draft.editions == {"record": 1} and DraftEdit.objects.count() == 1


def test_it_counts_when_a_second_person_has_approved(office: Office, draft: ProcedureVersion) -> None:
    chi, dung = office.client("chi"), office.client("dung")
    edit(chi, draft, "record", summary="Câu mới")
    assert send(chi, draft).status_code == 302
    request = Approval.objects.get()
    assert (request.act, request.asked_by_id) == (Act.PUBLISH, office.actor("chi").account_id)
    own = chi.post(f"/procedures/approvals/{request.pk}/approve/", {"key": "x"})
    assert own.status_code == 403 and "người thứ hai" in own.content.decode()
    refused = edit(chi, draft, "record", summary="Sửa lén")
    assert "đang chờ duyệt" in refused.content.decode()
    page = dung.get(f"/procedures/approvals/{request.pk}/").content.decode()
    assert "Câu mới" in page and "Duyệt" in page
    assert dung.post(f"/procedures/approvals/{request.pk}/approve/", {"key": "y"}).status_code == 302
    draft.refresh_from_db()
    tomorrow = timezone.localdate() + timedelta(days=1)
    assert (draft.state, draft.in_force_from, draft.decision_number) == ("published", tomorrow, "9/QĐ-UBND")
    before = ProcedureVersion.objects.get(procedure=draft.procedure, number=1)
    assert before.in_force_to == tomorrow
    assert versions.open_version(BIRTH, tomorrow - timedelta(days=1)) == before
    assert versions.open_version(BIRTH, tomorrow) == draft
    card = chi.get(f"/procedures/{draft.procedure_id}/").content.decode()
    assert "Đã công bố, áp dụng từ" in card and "Đang áp dụng" in card
    acts = Entry.objects.filter(subject_kind="procedure").values_list("verb", "actor_name")
    assert {("ask_publish", "Chi"), ("publish", "Dung"), ("approved_publish", "Dung")} <= set(acts)


def test_a_leader_of_the_same_agency_may_be_the_second_person_and_a_specialist_not(
    office: Office, draft: ProcedureVersion
) -> None:
    send(office.client("chi"), draft)
    number = Approval.objects.get().pk
    assert office.client("hoa").get(f"/procedures/approvals/{number}/").status_code == 403
    assert office.client("hoa").post(f"/procedures/approvals/{number}/approve/").status_code == 403
    assert (
        office.client("tuan").post(f"/procedures/approvals/{number}/approve/", {"key": "t"}).status_code
        == 302
    )
    assert Approval.objects.get().decided_by_id == office.actor("tuan").account_id


def test_returned_with_a_reason_and_sent_again(office: Office, draft: ProcedureVersion) -> None:
    chi, dung = office.client("chi"), office.client("dung")
    send(chi, draft)
    number = Approval.objects.get().pk
    empty = dung.post(f"/procedures/approvals/{number}/return/", {"reason": " ", "key": "a"})
    assert empty.status_code == 422 and "Ghi lý do trả lại" in empty.content.decode()
    assert (
        dung.post(f"/procedures/approvals/{number}/return/", {"reason": "Sai phí", "key": "b"}).status_code
        == 302
    )
    assert "Sai phí" in chi.get(f"/procedures/versions/{draft.pk}/").content.decode()
    late = dung.post(f"/procedures/approvals/{number}/approve/", {"key": "c"})
    assert late.status_code == 422 and "Yêu cầu này đã xong" in late.content.decode()
    assert edit(chi, draft, "record", summary="Đã sửa").status_code == 302
    assert send(chi, draft, key="k2").status_code == 302
    assert Approval.objects.filter(outcome="").count() == 1


def test_withdrawn_to_go_on_editing(office: Office, draft: ProcedureVersion) -> None:
    chi = office.client("chi")
    send(chi, draft)
    assert "đã được gửi duyệt" in send(chi, draft, key="k2").content.decode()
    number = Approval.objects.get().pk
    assert chi.post(f"/procedures/approvals/{number}/withdraw/", {"key": "w"}).status_code == 302
    assert edit(chi, draft, "record", summary="Tiếp").status_code == 302


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"day": "31/02/2027"}, "Ngày này không có"),
        ({"day": "01/01/3027"}, "gõ nhầm năm"),
        ({"day": "01/01/0201"}, "gõ nhầm năm"),
        ({"day": ""}, "Chưa điền: Áp dụng từ ngày"),
        ({"day": "01/01/2026"}, "Ngày này đã qua"),
        ({"decision_number": " "}, "Số quyết định công bố"),
        ({"decision_date": "01/01/2999"}, "ký sau hôm nay"),
    ],
)
def test_wrong_days_are_told_and_nothing_is_sent(
    office: Office, draft: ProcedureVersion, said: dict[str, str], told: str
) -> None:
    answer = send(office.client("chi"), draft, **said)
    assert answer.status_code == 422 and told in answer.content.decode()
    assert not Approval.objects.exists()


def test_a_day_that_passed_goes_with_a_word(office: Office, draft: ProcedureVersion) -> None:
    day = timezone.localdate() - timedelta(days=3)
    assert send(office.client("chi"), draft, day=f"{day:%d/%m/%Y}", late_known="on").status_code == 302


def test_an_approval_is_bound_to_the_text_that_was_sent(office: Office, draft: ProcedureVersion) -> None:
    send(office.client("chi"), draft)
    RequiredDocument.objects.filter(version=draft).update(name="Lén đổi")
    with pytest.raises(Refusal, match="đã đổi sau khi gửi"):
        approving.approve(
            approval_id=Approval.objects.get().pk, actor=office.actor("dung"), at=timezone.now()
        )


def test_a_draft_that_receives_nothing_is_not_sent(office: Office) -> None:
    chi = office.client("chi")
    made = chi.post(
        "/procedures/new/", {"code": "1.000280", "name": "Thủ tục mới", "sector": "Đất đai", "key": "n"}
    )
    assert made.status_code == 302
    draft = ProcedureVersion.objects.get()
    answer = send(chi, draft)
    assert answer.status_code == 422 and "chưa ghi hình thức nộp" in answer.content.decode()
    again = chi.post("/procedures/new/", {"code": "1.000280", "name": "Khác", "sector": "x", "key": "m"})
    assert again.status_code == 422 and "đã có: Thủ tục mới" in again.content.decode()
    bad = chi.post("/procedures/new/", {"code": "1-28", "name": "Khác", "sector": "x", "key": "o"})
    assert "viết như 1.001193" in bad.content.decode()


def test_one_draft_at_a_time(office: Office, draft: ProcedureVersion, birth: Procedure) -> None:
    dung = office.client("dung")
    answer = dung.post(f"/procedures/{birth.pk}/draft/", {"version": draft.pk}, follow=True)
    assert "đang được soạn" in answer.content.decode()
    assert ProcedureVersion.objects.filter(procedure=birth).count() == 2
    assert dung.post(f"/procedures/versions/{draft.pk}/discard/").status_code == 302
    assert ProcedureVersion.objects.filter(procedure=birth).count() == 1


@pytest.mark.sql
def test_the_database_refuses_an_approval_by_who_asked(office: Office, draft: ProcedureVersion) -> None:
    send(office.client("chi"), draft)
    with pytest.raises(IntegrityError), transaction.atomic():
        Approval.objects.update(
            outcome="approved", decided_by=office.actor("chi").account_id, decided_at=timezone.now()
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        Approval.objects.update(outcome="approved")


def test_officers_never_publish_alone(office: Office, draft: ProcedureVersion) -> None:
    from motcua.procedures.operations import publishing

    with pytest.raises(Refusal, match="người thứ hai"):
        publishing.publish(
            version_id=draft.pk, in_force_from=date(2027, 1, 1), decision_number="1", decision_date=None,
            actor=office.actor("chi"), at=timezone.now(),
        )  # fmt: skip


def test_the_pages_are_closed_to_others(office: Office, draft: ProcedureVersion, birth: Procedure) -> None:
    hoa, tuan = office.client("hoa"), office.client("tuan")
    reading = [
        "/procedures/", f"/procedures/{birth.pk}/", f"/procedures/versions/{draft.pk}/",
        f"/procedures/versions/{draft.pk}/preview/", f"/procedures/compare/{draft.based_on_id}/{draft.pk}/",
    ]  # fmt: skip
    for address in reading:
        assert hoa.get(address).status_code == 403, address
        assert tuan.get(address).status_code == 200, address
    for address in (
        f"/procedures/versions/{draft.pk}/edit/record/",
        "/procedures/new/",
        f"/procedures/{birth.pk}/repeal/",
    ):
        assert tuan.get(address).status_code == 403, address


def test_the_list_finds_drafts_by_state_and_pages_by_key(
    office: Office, draft: ProcedureVersion, monday: datetime, an_officer: Callable[..., Any]
) -> None:
    editing.open_procedure(
        code="9.123456", name="Chỉ là dự thảo", sector="Thử", actor=office.people["chi"], at=monday
    )
    client = Client(HTTP_HOST="canbo.localhost")
    an_officer("business_admin")
    written = client.get("/procedures/?state=written").content.decode()
    assert "Chỉ là dự thảo" in written and "Đăng ký khai sinh" in written and "Đăng ký kết hôn" not in written
    assert "Chỉ là dự thảo" in client.get("/procedures/?q=du+thao").content.decode()
    assert "Chỉ là dự thảo" not in Client(HTTP_HOST="localhost").get("/thu-tuc?q=du+thao").content.decode()
    assert client.get("/procedures/?state=khong-co").status_code == 200


# ── Repeal, and what is published for later


def repeal(client: Client, procedure: Procedure, on: date, **changes: str) -> Any:
    said = {"day": f"{on:%d/%m/%Y}", "decision_number": "3509/QĐ-UBND", "key": f"r{procedure.pk}{on}"}
    return client.post(f"/procedures/{procedure.pk}/repeal/", said | changes)


def test_the_real_cases_of_a_province_on_the_administrators_pages(office: Office, shared_data: Path) -> None:
    """Repealed and published-not-in-force codes of Hải Phòng: entered first, then decided by two people."""
    chi, dung, today = office.client("chi"), office.client("dung"), timezone.localdate()
    cases = json.loads((shared_data / "procedures" / "lifecycle_cases.json").read_text())["events"]
    for place, event in enumerate(cases):
        code = event["code"] or "9.350100"
        chi.post(
            "/procedures/new/",
            {"code": code, "name": f"Thủ tục {code}", "sector": "Đất đai", "key": f"n{place}"},
        )
        procedure = Procedure.objects.get(code=code)
        draft = procedure.versions.get()
        edit(chi, draft, "cases", **{"rows-0-limit_in_person": "5 ngày làm việc"})
        edit(chi, draft, "record", levels="commune")
        begin = date(2027, 3, 1) if event["event"] == "published_not_in_force" else date(2026, 1, 1)
        said = {
            "day": f"{begin:%d/%m/%Y}",
            "decision_number": event["decision"],
            "late_known": "on",
            "key": f"p{place}",
        }
        assert send(chi, draft, **said).status_code == 302
        dung.post(f"/procedures/approvals/{Approval.objects.latest('pk').pk}/approve/", {"key": f"a{place}"})
        if event["event"] == "published_not_in_force":
            with pytest.raises(Refusal, match="01/03/2027") as refused:
                versions.open_version(code, begin - timedelta(days=1))
            assert refused.value.code == "not_in_force_yet"
            assert versions.open_version(code, begin).procedure == procedure
            assert "áp dụng từ 01/03/2027" in chi.get(f"/procedures/{procedure.pk}/").content.decode()
            assert code in chi.get("/procedures/?state=ahead").content.decode()
            continue
        day = date.fromisoformat(event["decision_date"])
        pinned = versions.open_version(code, day - timedelta(days=1))
        late = {"late_known": "on"} if day < today else {}
        signed = {} if day > today else {"decision_date": f"{day:%d/%m/%Y}"}
        said = {"decision_number": event["decision"], **signed, **late}
        assert repeal(chi, procedure, day, **said).status_code == 302, event
        assert versions.open_version(code, day) == pinned  # asked for is not repealed
        dung.post(f"/procedures/approvals/{Approval.objects.latest('pk').pk}/approve/", {"key": f"b{place}"})
        for later in (day, day + timedelta(days=400)):
            with pytest.raises(Refusal, match=event["decision"]):
                versions.open_version(code, later)
        pinned.refresh_from_db()
        assert versions.limit_for(versions.variants(pinned)[0], "in_person") is not None
        page = Client(HTTP_HOST="localhost").get(f"/thu-tuc/{code}").content.decode()
        assert event["decision"] in page and ("đã bãi bỏ" in page or "sắp bãi bỏ" in page)
        assert "Đã bãi bỏ từ" in chi.get(f"/procedures/{procedure.pk}/").content.decode() or day > today


def test_a_repeal_ahead_leaves_the_page_in_force_and_says_so(office: Office, birth: Procedure) -> None:
    day = timezone.localdate() + timedelta(days=5)
    assert repeal(office.client("chi"), birth, day).status_code == 302
    office.client("tuan").post(f"/procedures/approvals/{Approval.objects.get().pk}/approve/", {"key": "a"})
    assert versions.open_version(BIRTH, day - timedelta(days=1))
    page = Client(HTTP_HOST="localhost").get(f"/thu-tuc/{BIRTH}").content.decode()
    assert "sắp bãi bỏ" in page and "đã bãi bỏ" not in page and "3509/QĐ-UBND" in page


def test_repeal_says_what_is_open_and_a_coming_version_goes_back_to_draft(
    office: Office, draft: ProcedureVersion, birth: Procedure
) -> None:
    chi, dung, today = office.client("chi"), office.client("dung"), timezone.localdate()
    send(chi, draft, day=f"{today + timedelta(days=30):%d/%m/%Y}")
    dung.post(f"/procedures/approvals/{Approval.objects.get().pk}/approve/", {"key": "a"})
    chi.post(f"/procedures/{birth.pk}/draft/", {"version": draft.pk})
    asked = chi.get(f"/procedures/{birth.pk}/repeal/").content.decode()
    assert "bãi bỏ trước ngày đó thì bản này về lại dự thảo" in asked and "Bản 3 đang soạn" in asked
    day = today + timedelta(days=10)
    assert repeal(chi, birth, day).status_code == 302
    dung.post(f"/procedures/approvals/{Approval.objects.latest('pk').pk}/approve/", {"key": "b"})
    draft.refresh_from_db()
    assert (draft.state, draft.in_force_from) == ("draft", None)
    assert ProcedureVersion.objects.get(procedure=birth, number=1).state == "repealed"
    with pytest.raises(Refusal, match="bãi bỏ"):
        versions.open_version(BIRTH, day + timedelta(days=60))
    back = ProcedureVersion.objects.get(procedure=birth, number=3)
    assert "đã có quyết định bãi bỏ" in chi.get(f"/procedures/versions/{back.pk}/").content.decode()
    too_early = send(chi, back, day=f"{today + timedelta(days=5):%d/%m/%Y}", key="z")
    assert too_early.status_code == 422 and "phải sau ngày bắt đầu" in too_early.content.decode()
    assert send(chi, back, day=f"{day + timedelta(days=1):%d/%m/%Y}", key="y").status_code == 302


@pytest.mark.parametrize(
    ("said", "told"),
    [({"decision_number": ""}, "Chưa điền: Số quyết định bãi bỏ"), ({"day": "1.13.2026"}, "Ngày này không có"),
     ({"day": ""}, "Chưa điền: Bãi bỏ từ ngày"), ({"day": "01/01/2020"}, "Ngày này đã qua")],
)  # fmt: skip
def test_a_repeal_with_wrong_days_is_not_sent(
    office: Office, birth: Procedure, said: dict[str, str], told: str
) -> None:
    answer = repeal(office.client("chi"), birth, timezone.localdate(), **said)
    assert answer.status_code == 422 and told in answer.content.decode()
    assert not Approval.objects.exists()


# ── The national record beside ours


@pytest.fixture
def national(birth: Procedure, shared_data: Path, monday: datetime) -> ProcedureVersion:
    rows = json.loads((shared_data / "procedures" / "procedures_local.json").read_text())
    importing.import_records(
        records=[row for row in rows if row["code"] == BIRTH],
        file_name="t",
        file_sha256="",
        actor=SYSTEM,
        at=monday,
    )
    return ProcedureVersion.objects.get(procedure=birth, number=2)


def test_the_national_record_is_compared_field_by_field_and_taken_over_by_choice(
    office: Office, birth: Procedure, national: ProcedureVersion
) -> None:
    chi, dung = office.client("chi"), office.client("dung")
    ours = birth.versions.get(number=1)
    mine, theirs = snapshot.data_of(ours), snapshot.data_of(national)
    units = {unit.key: unit for unit in difference.between(mine, theirs)}
    page = chi.get(f"/procedures/{birth.pk}/national/").content.decode()
    assert page.count('name="taken"') == len(units) > 5
    assert "authority_text" in units and "summary" in units
    paper = next(
        key for key, unit in units.items() if key.startswith("paper:") and unit.lines[0].kind == "added"
    )
    gone = next(
        key for key, unit in units.items() if key.startswith("paper:") and unit.lines[0].kind == "removed"
    )
    empty = chi.post(f"/procedures/{birth.pk}/national/", {"key": "e"})
    assert empty.status_code == 422 and "Chưa chọn trường nào" in empty.content.decode()
    said = {"taken": ["authority_text", paper, gone], "key": "m"}
    assert chi.post(f"/procedures/{birth.pk}/national/", said).status_code == 302
    made = snapshot.data_of(ProcedureVersion.objects.get(procedure=birth, number=3))
    assert made.texts["authority_text"] == theirs.texts["authority_text"]
    assert made.texts["summary"] == mine.texts["summary"]
    left = {unit.key for unit in difference.between(made, theirs)}
    assert left == set(units) - {"authority_text", paper, gone} | ({"decision_number"} & left)
    assert versions.open_version(BIRTH, timezone.localdate()) == ours  # it does not count yet
    again = dung.post(f"/procedures/{birth.pk}/national/", {"taken": ["summary"], "key": "n"})
    assert again.status_code == 422 and "đang được soạn" in again.content.decode()


def test_taking_everything_makes_the_national_record(birth: Procedure, national: ProcedureVersion) -> None:
    mine, theirs = snapshot.data_of(birth.versions.get(number=1)), snapshot.data_of(national)
    units = difference.between(mine, theirs)
    assert difference.between(difference.merged(mine, theirs, {unit.key for unit in units}), theirs) == []
    assert difference.between(difference.merged(mine, theirs, set()), mine) == []
    for unit in units:  # each alone changes what it names and nothing else
        one = difference.merged(mine, theirs, {unit.key})
        changed = {found.key for found in difference.between(mine, one)}
        assert unit.key in changed
        extra = changed - {unit.key}
        assert not extra or unit.key.startswith("case:"), (unit.key, extra)


def _differing(client: Client) -> bool:
    page = client.get("/procedures/?state=national").content.decode()
    assert ("Đăng ký khai sinh" in page) == ("khác bản quốc gia" in page)
    return "Đăng ký khai sinh" in page


def test_what_differs_from_the_national_record_is_listed_until_somebody_has_compared_it(
    office: Office, birth: Procedure, national: ProcedureVersion, shared_data: Path, monday: datetime
) -> None:
    chi, tuan = office.client("chi"), office.client("tuan")
    address, card = f"/procedures/{birth.pk}/national/", f"/procedures/{birth.pk}/"
    assert (
        _differing(chi) and "Đăng ký kết hôn" not in chi.get("/procedures/?state=national").content.decode()
    )
    empty = chi.post(address, {"keep": "1", "reason": " ", "key": "a"})
    assert empty.status_code == 422 and "Ghi lý do giữ bản của ta" in empty.content.decode()
    said = {"keep": "1", "reason": "Quyết định 163 mới hơn", "key": "b"}
    assert tuan.post(address, said).status_code == 403  # reads, and does not decide
    assert [chi.post(address, said).status_code for _time in range(2)] == [302, 302]
    assert NationalReview.objects.get().reason == "Quyết định 163 mới hơn" and not _differing(chi)
    shown = tuan.get(card).content.decode()
    assert (
        "giữ bản của ta" in shown
        and "Quyết định 163 mới hơn" in shown
        and "Có bản ghi quốc gia mới" not in shown
    )
    assert Entry.objects.filter(verb="keep_ours", subject_id=str(birth.pk)).count() == 1
    # Taking something after all is a comparison as well, as long as the draft is there.
    assert chi.post(address, {"taken": ["authority_text"], "key": "c"}).status_code == 302
    draft = ProcedureVersion.objects.get(procedure=birth, number=3)
    assert NationalReview.objects.get().draft == draft and not _differing(chi)
    assert f"lấy vào bản {draft.number}" in chi.get(card).content.decode()
    chi.post(f"/procedures/versions/{draft.pk}/discard/")
    assert _differing(chi)
    # A record that has changed since asks again.
    chi.post(address, said | {"key": "d"})
    rows = json.loads((shared_data / "procedures" / "procedures_local.json").read_text())
    changed = [row | {"name": row["name"] + " (sửa đổi)"} for row in rows if row["code"] == BIRTH]
    importing.import_records(records=changed, file_name="t", file_sha256="", actor=SYSTEM, at=monday)
    assert _differing(chi)


def test_a_review_says_what_became_of_the_record(
    office: Office, birth: Procedure, national: ProcedureVersion
) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        NationalReview.objects.create(version=national, at=timezone.now())
    mine = birth.versions.get(number=1)
    with pytest.raises(Refusal, match="Tải lại trang"):  # our own text is no national record
        editing.keep_ours(
            procedure_id=birth.pk, theirs=mine.pk, reason="x", actor=office.actor("chi"), at=timezone.now()
        )
