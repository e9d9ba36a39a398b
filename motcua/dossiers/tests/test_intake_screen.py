"""The intake page from outside: what is typed is kept, judged at once, and becomes one dossier."""

import json
import re
import unicodedata
from io import BytesIO
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from PIL import Image

from motcua.applicants.models import Applicant, Person
from motcua.dossiers.models import Dossier, DossierFile, Draft, Paper, SupplementRequest
from motcua.dossiers.states import Status
from motcua.dossiers.tests.intake_world import (
    BIRTH,
    CARD,
    COPY,
    NUMBER,
    World,
)
from motcua.lib.actor import SYSTEM
from motcua.procedures.models import ProcedureVariant, ProcedureVersion, RequiredDocument
from motcua.ui.routing import set_database_actor

PERSON = {
    "kind": "person",
    "id_kind": "number",
    "personal_id": NUMBER,
    "full_name": "Phạm Thị Hương Giang",
    "birth": "14/02/1985",
    "sex": "female",
    "address": "Tổ 4, đặc khu Bạch Long Vĩ",
    "phone": "0912 345 678",
    "result_channel": "counter",
}


def begin(client: Client) -> str:
    """Press F2; return the address of the draft's page."""
    response = client.get("/intake/")
    assert response.status_code == 302
    return str(response["Location"])


def draft_of(page: str) -> Draft:
    set_database_actor(SYSTEM)
    return Draft.objects.get(pk=UUID(page.split("/")[2]))


def content(page: str) -> dict[str, Any]:
    return json.loads(draft_of(page).content)


def papers(code: str) -> dict[str, str]:
    """All papers the procedure always asks for, one original each or shown."""
    wanted = RequiredDocument.objects.filter(version__procedure__code=code, always=True, is_note=False)
    return {f"paper-r{row.pk}-{'originals' if row.must_submit else 'shown'}": "1" for row in wanted}


def full(code: str = BIRTH, **changed: str) -> dict[str, str]:
    return {**PERSON, **papers(code), "procedure": code, "act": "accept", **changed}


def text(response: Any) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


def errors(response: Any) -> list[str]:
    """The faults of the summary, in order."""
    assert response.status_code == 422, text(response)[:3000]
    box = re.search(r'class="mc-errors".*?</div>', text(response))
    assert box
    return [re.sub(r"<[^>]+>", "", one) for one in re.findall(r"<li>(.*?)</li>", box[0])]


# ── Drafts


def test_f2_twice_is_one_empty_draft(minh: Client) -> None:
    assert begin(minh) == begin(minh)


def test_a_field_is_saved_and_stands_there_after_a_restart_of_the_browser(minh: Client, world: World) -> None:
    page = begin(minh)
    answer = minh.post(f"{page}save", {"field": "full_name", "full_name": "Phạm Thị Lan"})
    assert (answer.status_code, answer.json()["saved"]) == (200, True)
    assert 'value="Phạm Thị Lan"' in text(world.client("minh").get(page))
    assert begin(minh) != page
    assert "Phạm Thị Lan" in text(minh.get("/intake/drafts/"))


def test_a_box_that_is_unticked_is_saved_as_empty(minh: Client) -> None:
    page = begin(minh)
    minh.post(f"{page}save", {"field": "other", "other": "on"})
    minh.post(f"{page}save", {"field": "other"})
    assert content(page)["other"] == ""


@pytest.mark.parametrize("name", ["_cards", "_files", "dossier", "paper-r1-size", ""])
def test_only_fields_of_the_page_are_saved(minh: Client, name: str) -> None:
    page = begin(minh)
    answer = minh.post(f"{page}save", {"field": name, name or "x": "1"})
    assert (answer.status_code, content(page)) == (400, {})


def test_a_value_of_a_novel_is_refused_and_said(minh: Client) -> None:
    page = begin(minh)
    answer = minh.post(f"{page}save", {"field": "summary", "summary": "a" * 5000})
    assert answer.status_code == 409 and "quá dài" in answer.json()["message"]


@pytest.mark.parametrize("path", ["", "save", "card", "known", "case", "done/"])
def test_another_officers_draft_does_not_exist(minh: Client, world: World, path: str) -> None:
    page = begin(minh)
    minh.post(f"{page}save", {"field": "full_name", "full_name": "Phạm Thị Lan"})
    binh = world.client("binh")
    data = {"field": "full_name", "full_name": "Kẻ khác", "text": CARD, "by": "personal_id"}
    for address in (f"{page}{path}", f"/intake/{uuid4()}/{path}"):
        answer = binh.get(address, data) if path in {"case", "done/"} else binh.post(address, data)
        assert answer.status_code == 404
    assert content(page) == {"full_name": "Phạm Thị Lan"}
    assert "Phạm Thị Lan" not in text(binh.get("/intake/drafts/"))


def test_a_draft_can_be_thrown_away_by_its_officer_only(minh: Client, world: World) -> None:
    page = begin(minh)
    minh.post(f"{page}save", {"field": "full_name", "full_name": "Phạm Thị Lan"})
    assert world.client("binh").post(f"{page}discard").status_code == 404
    answer = minh.post(f"{page}discard", follow=True)
    assert "Đã bỏ bản nháp." in text(answer) and "Phạm Thị Lan" not in text(answer)
    assert minh.get(page).status_code == 404


def test_what_became_a_dossier_is_not_thrown_away(minh: Client) -> None:
    page = begin(minh)
    minh.post(page, full())
    assert "đã thành hồ sơ" in text(minh.post(f"{page}discard", follow=True))
    assert draft_of(page).dossier_id is not None


@pytest.mark.parametrize("name", ["mai", "hoa", "tuan"])
def test_only_receivers_take_in(world: World, db: None, name: str) -> None:
    assert world.client(name).get("/intake/").status_code == 403


def test_visitors_are_sent_to_the_door_and_back(db: None) -> None:
    answer = Client(HTTP_HOST="canbo.localhost").get("/intake/")
    assert answer.status_code == 302 and "next=/intake/" in answer["Location"]


# ── The card


def test_a_card_fills_the_draft(minh: Client) -> None:
    page = begin(minh)
    answer = minh.post(f"{page}card", {"text": CARD}).json()
    assert answer["fields"] == {
        "id_kind": "number",
        "personal_id": NUMBER,
        "full_name": "Phạm Thị Hương Giang",
        "birth": "14/02/1985",
        "sex": "female",
        "address": "Tổ 4, đặc khu Bạch Long Vĩ, Hải Phòng",
    }
    assert {name: content(page)[name] for name in ("full_name", "birth")} == {
        "full_name": "Phạm Thị Hương Giang",
        "birth": "14/02/1985",
    }
    assert CARD not in draft_of(page).content


def test_the_card_of_2024_with_more_fields_reads_the_same(minh: Client) -> None:
    page = begin(minh)
    answer = minh.post(f"{page}card", {"text": CARD + "|Nguyễn Văn Cha|Trần Thị Mẹ"}).json()
    assert answer["fields"]["full_name"] == "Phạm Thị Hương Giang"
    assert "Cha" not in draft_of(page).content


def test_decomposed_letters_are_composed(minh: Client) -> None:
    page = begin(minh)
    minh.post(f"{page}card", {"text": unicodedata.normalize("NFD", CARD)})
    assert content(page)["full_name"] == "Phạm Thị Hương Giang"


@pytest.mark.parametrize(
    ("card", "said"),
    [
        ("xin chào", "Đây không phải mã QR"),
        ("031185000017||Phạm Thị Lan|14021985", "chỉ có 4 trong 7 mục"),
        (CARD.replace("14021985", "31021985"), "Ngày sinh"),
        ("<script>alert(1)</script>", "ký tự lạ"),
        ("9" * 5000, "quá dài"),
    ],
)
def test_a_broken_card_says_what_to_do_and_changes_nothing(minh: Client, card: str, said: str) -> None:
    page = begin(minh)
    answer = minh.post(f"{page}card", {"text": card})
    assert answer.status_code == 422 and said in " ".join(answer.json()["problems"])
    assert content(page) == {}


def test_a_number_that_contradicts_the_birth_year_warns_and_is_taken(minh: Client) -> None:
    page = begin(minh)
    answer = minh.post(f"{page}card", {"text": CARD.replace("14021985", "14021990")}).json()
    assert any("1985" in one and "1990" in one for one in answer["warnings"])
    minh.post(page, full(birth="14/02/1990"))
    assert draft_of(page).dossier_id is not None


def test_a_returning_applicant_is_recognised_and_the_phone_is_there(minh: Client) -> None:
    first = begin(minh)
    minh.post(first, full())
    page = begin(minh)
    assert page != first
    answer = minh.post(f"{page}card", {"text": CARD}).json()
    assert answer["fields"]["phone"] == "0912345678" and "đã nộp hồ sơ" in " ".join(answer["notes"])
    typed = minh.post(f"{page}known", {"by": "personal_id", "text": NUMBER}).json()
    assert (typed["known"], typed["fields"]["full_name"]) == (True, "Phạm Thị Hương Giang")
    stranger = minh.post(f"{page}known", {"by": "personal_id", "text": "031085000099"}).json()
    assert (stranger["known"], stranger["fields"]) == (False, {"sex": "male"})


# ── The procedure


def options(client: Client, typed: str) -> list[str]:
    return [one["value"] for one in client.get("/intake/procedures", {"q": typed}).json()["options"]]


@pytest.mark.parametrize("typed", ["1.001193", "dkks", "DKKS", "khai sinh", "khai snih", "Đăng ký khai sinh"])
def test_the_procedure_is_found_however_it_is_typed(minh: Client, typed: str) -> None:
    assert options(minh, typed)[0] == BIRTH


def test_choosing_a_procedure_brings_cases_papers_and_promise(minh: Client) -> None:
    page = begin(minh)
    answer = text(minh.get(f"{page}case", {"procedure": f"{BIRTH} Đăng ký khai sinh"}))
    for part in ("intake-variants", "intake-papers", "intake-promise", "intake-ask"):
        assert f'id="{part}"' in answer
    assert "Giấy chứng sinh" in answer and "Phải xác minh" in answer and "Vì sao hẹn ngày này" in answer
    assert content(page) == {}


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Chọn thủ tục"),
        ("9.999999", "Không có thủ tục mã 9.999999"),
        ("zzzz qqqq", "Không có thủ tục nào"),
        ("đăng ký", "Có nhiều thủ tục"),
    ],
)
def test_a_procedure_that_is_none_is_said_beside_its_field(minh: Client, typed: str, said: str) -> None:
    found = errors(minh.post(begin(minh), full(procedure=typed)))
    assert len(found) == 1 and said in found[0]


def test_a_repealed_procedure_takes_no_new_dossier(minh: Client) -> None:
    day = timezone.localdate()
    ProcedureVersion.objects.filter(procedure__code=COPY).update(
        state="repealed", in_force_to=day, repeal_decision_number="12/QĐ-UBND"
    )
    found = errors(minh.post(begin(minh), full(COPY)))
    assert len(found) == 1 and "bãi bỏ" in found[0] and "12/QĐ-UBND" in found[0]
    assert COPY not in options(minh, COPY)


# ── Taking in


def test_the_whole_of_it(minh: Client, world: World) -> None:
    page = begin(minh)
    minh.post(f"{page}card", {"text": CARD})
    answer = minh.post(page, full(address=content(page)["address"]))
    assert (answer.status_code, answer["Location"]) == (302, f"{page}done/")
    dossier = Dossier.objects.get(pk=draft_of(page).dossier_id)
    assert re.fullmatch(r"H24\.12-\d{6}-0001", dossier.code)
    assert dossier.applicant_id == dossier.submitter_id
    assert dossier.contact_phone == "0912 345 678"
    assert dossier.competent_agency_id == world.home.pk
    person = Person.objects.get(applicant=dossier.applicant_id)
    assert (person.personal_id, person.phone, person.birth_year, person.sex) == (
        NUMBER,
        "0912345678",
        1985,
        "female",
    )
    handed = list(dossier.documents.values_list("originals", "shown_only").order_by("position"))
    assert handed == [(1, False), (1, False), (0, True)]
    assert draft_of(page).content == "{}"


def test_the_same_draft_posted_twice_is_one_dossier(minh: Client) -> None:
    page = begin(minh)
    first, second = minh.post(page, full()), minh.post(page, full())
    assert first["Location"] == second["Location"]
    set_database_actor(SYSTEM)
    assert Dossier.objects.count() == 1
    assert minh.get(page)["Location"] == f"{page}done/"


def test_the_page_with_script_gets_the_address_instead_of_a_redirect(minh: Client) -> None:
    page = begin(minh)
    answer = minh.post(page, full(), headers={"X-Motcua-Script": "1"})
    assert answer.json() == {"to": f"{page}done/"}


def test_all_faults_at_once_and_nothing_typed_is_lost(minh: Client) -> None:
    page = begin(minh)
    answer = minh.post(
        page,
        {
            "kind": "person", "id_kind": "number", "personal_id": "12345", "full_name": "Lan 3", "birth": "31/2/1990",
            "procedure": "9.999999", "phone": "12", "result_channel": "post", "copies": "0", "summary": "xin 2 bản",
            "act": "accept",
        },
    )  # fmt: skip
    found = errors(answer)
    for said in ("Ngày sinh", "9.999999", "điện thoại", "bưu chính", "Số bộ"):
        assert any(said in one for one in found), (said, found)
    for kept in ("Lan 3", "31/2/1990", "9.999999", "xin 2 bản"):
        assert f'value="{kept}"' in text(answer)
    assert content(page)["summary"] == "xin 2 bản"
    assert "<title>Lỗi:" in text(answer)


def test_a_novel_in_a_field_is_a_fault_not_a_crash(minh: Client) -> None:
    found = errors(minh.post(begin(minh), full(summary="a" * 9000, full_name="b" * 9000)))
    assert len(found) == 2


def test_a_number_of_another_person_is_refused_beside_the_name(minh: Client) -> None:
    minh.post(begin(minh), full())
    page = begin(minh)
    found = errors(minh.post(page, full(full_name="Lê Văn Khác")))
    assert len(found) == 1 and "Phạm Thị Hương Giang" in found[0]
    set_database_actor(SYSTEM)
    assert Dossier.objects.count() == 1 and draft_of(page).dossier_id is None


def test_missing_papers_stop_acceptance_until_the_officer_says_why(minh: Client) -> None:
    page = begin(minh)
    data = full()
    data.pop(next(name for name in data if name.endswith("-originals")))
    found = errors(minh.post(page, data))
    assert len(found) == 1 and "Tờ khai đăng ký khai sinh" in found[0]
    assert minh.post(page, {**data, "missing_ok": "on"}).status_code == 302


def test_no_paper_at_all_is_never_taken_in(minh: Client) -> None:
    data = {name: value for name, value in full().items() if not name.startswith("paper-")}
    found = errors(minh.post(begin(minh), {**data, "missing_ok": "on"}))
    assert found == ["Chưa đánh dấu giấy tờ nào. Bấm A nếu đủ cả, hoặc đánh dấu từng giấy tờ."]


def test_a_count_that_is_none_is_said(minh: Client) -> None:
    data = full()
    name = next(name for name in data if name.endswith("-originals"))
    assert any("0 đến 99" in one for one in errors(minh.post(begin(minh), {**data, name: "hai"})))


def test_an_organization_with_somebody_who_brings_the_papers(minh: Client) -> None:
    page = begin(minh)
    data = full(
        kind="organization", tax_code="0100109106", org_name="Công ty TNHH Biển Xanh", other="on",
        other_id_kind="number", other_personal_id=NUMBER, other_full_name="Phạm Thị Hương Giang",
        represents="on", authority="Giấy ủy quyền số 3 ngày 2/11/2026",
    )  # fmt: skip
    assert minh.post(page, data).status_code == 302
    dossier = Dossier.objects.select_related("applicant__organization").get(pk=draft_of(page).dossier_id)
    assert dossier.applicant_name == "Công ty TNHH Biển Xanh"
    assert dossier.submitter_id == dossier.representative_id != dossier.applicant_id
    assert dossier.authority == "Giấy ủy quyền số 3 ngày 2/11/2026"


def test_a_representative_needs_proof(minh: Client) -> None:
    data = full(other="on", other_id_kind="none", other_full_name="Lê Văn Con", represents="on")
    found = errors(minh.post(begin(minh), data))
    assert len(found) == 2 and "không có giấy tờ" in found[0] and "ủy quyền" in found[1]


def test_somebody_without_any_paper(minh: Client) -> None:
    data = full(id_kind="none", personal_id="", no_paper_reason="Trẻ em chưa có giấy tờ", birth="2019")
    page = begin(minh)
    assert minh.post(page, data).status_code == 302
    person = Applicant.objects.get(pk=Dossier.objects.get(pk=draft_of(page).dossier_id).applicant_id).person
    assert person is not None and (person.birth_date, person.birth_year) == (None, 2019)


def test_the_second_case_and_an_extra_paper(minh: Client) -> None:
    case = ProcedureVariant.objects.get(version__procedure__code=BIRTH, name="Phải xác minh")
    page = begin(minh)
    extra = {"paper-x1-name": "Giấy nhận con", "paper-x1-certified": "2", "paper-x2-name": "  "}
    assert minh.post(page, full(variant=str(case.pk), copies="2", **extra)).status_code == 302
    dossier = Dossier.objects.get(pk=draft_of(page).dossier_id)
    assert (dossier.variant_id, dossier.copies) == (case.pk, 2)
    last = dossier.documents.order_by("-position").first()
    assert last is not None and (last.name, last.certified, last.required_id) == ("Giấy nhận con", 2, None)


def test_the_done_page_shows_code_due_date_and_prints(minh: Client) -> None:
    page = begin(minh)
    minh.post(page, full())
    dossier = Dossier.objects.get(pk=draft_of(page).dossier_id)
    answer = text(minh.get(f"{page}done/"))
    assert dossier.code in answer and "Hẹn trả" in answer and "Vì sao hẹn ngày này" in answer
    assert "<svg" in answer and dossier.token not in answer and NUMBER not in answer


def test_the_slip_is_printed_at_once(minh: Client) -> None:
    page = begin(minh)
    minh.post(page, full())
    dossier = Dossier.objects.get(pk=draft_of(page).dossier_id)
    slip = Paper.objects.get(dossier=dossier)
    address = f"/dossiers/{dossier.code}/papers/{slip.pk}.pdf"
    assert f'href="{address}" data-print="now"' in text(minh.get(f"{page}done/"))
    assert minh.get(address).content.startswith(b"%PDF-")


# ── Other ways out


def test_refusing_in_writing(minh: Client) -> None:
    page = begin(minh)
    found = errors(minh.post(page, full(act="refuse")))
    assert len(found) == 1 and "lý do" in found[0].lower()
    reason = {"refuse_reason": "Không thuộc thẩm quyền", "where_to_turn": "UBND phường Hải An"}
    assert minh.post(page, full(act="refuse", **reason)).status_code == 302
    dossier = Dossier.objects.get(pk=draft_of(page).dossier_id)
    assert dossier.status == Status.NOT_ACCEPTED and dossier.accepted_at is None
    assert Paper.objects.get(dossier=dossier).form == "refusal"
    assert "Đã từ chối tiếp nhận" in text(minh.get(f"{page}done/"))


def test_asking_for_what_is_missing(minh: Client) -> None:
    page = begin(minh)
    data = full(act="request_supplement")
    missing = next(name for name in data if name.endswith("-originals"))
    data.pop(missing)
    key = missing.rsplit("-", 1)[0]
    errors(minh.post(page, data))
    found = errors(minh.post(page, {**data, f"{key}-ask": "1"}))
    assert len(found) == 1 and "lý do" in found[0]
    assert minh.post(page, {**data, f"{key}-ask": "1", f"{key}-why": "Chưa nộp"}).status_code == 302
    dossier = Dossier.objects.get(pk=draft_of(page).dossier_id)
    asked = SupplementRequest.objects.get(dossier=dossier)
    assert asked.items == [{"name": "Tờ khai đăng ký khai sinh", "reason": "Chưa nộp"}]
    assert (dossier.status, dossier.sub_status) == (Status.AWAITING_SUPPLEMENT, "before_acceptance")


# ── Without script


def test_a_plain_post_reads_the_card_and_brings_the_papers(minh: Client) -> None:
    page = begin(minh)
    answer = text(minh.post(page, {"kind": "person", "card": CARD, "procedure": "dkks", "act": "save"}))
    assert 'value="Phạm Thị Hương Giang"' in answer and "Giấy chứng sinh" in answer
    assert "mc-errors" not in answer
    found = errors(minh.post(page, full(card="xin chào")))
    assert len(found) == 1 and "Đây không phải mã QR" in found[0]


# ── Speed


def queries(client: Client, address: str, **data: str) -> int:
    with CaptureQueriesContext(connection) as found:
        assert client.get(address, data).status_code == 200
    return len(found)


def test_what_a_keystroke_waits_for_asks_little(minh: Client) -> None:
    """UX3: one round trip, and few queries in it; more drafts and papers ask no more."""
    page = begin(minh)
    case = {"procedure": BIRTH}
    minh.post(f"{page}save", {"field": "personal_id", "personal_id": NUMBER})  # one more: papers of before
    assert queries(minh, "/intake/procedures", q="dkks") <= 10
    few = queries(minh, f"{page}case", **case)
    minh.post(page, {**full(), "act": "save", **{f"paper-x{n}-name": f"Giấy {n}" for n in range(1, 15)}})
    for _ in range(3):
        minh.post(f"{begin(minh)}save", {"field": "full_name", "full_name": "Nguyễn Văn Dở"})
    assert queries(minh, f"{page}case", **case) == few <= 21
    one = queries(minh, "/intake/drafts/")
    minh.post(f"{begin(minh)}save", {"field": "full_name", "full_name": "Nguyễn Văn Dở"})
    assert queries(minh, "/intake/drafts/") == one


# ── Scans of papers


def picture(colour: str = "white") -> BytesIO:
    made = BytesIO()
    Image.new("RGB", (60, 80), colour).save(made, "PNG")
    made.seek(0)
    made.name = "giấy chứng sinh.png"
    return made


def first_paper() -> str:
    row = RequiredDocument.objects.filter(version__procedure__code=BIRTH, always=True).order_by("position")[0]
    return f"r{row.pk}"


def test_a_scan_hangs_on_its_paper_after_acceptance(minh: Client) -> None:
    page, row = begin(minh), first_paper()
    answer = minh.post(f"{page}files/{row}", {"file": picture()})
    assert answer.status_code == 200 and "giấy chứng sinh.png" in text(answer)
    (fact,) = content(page)["_files"][row]
    shown = minh.get(f"{page}look/{fact['id']}/1")
    assert shown["Content-Type"] == "image/png"
    assert "giấy chứng sinh.png" in text(minh.get(f"{page}case", {"procedure": BIRTH}))
    minh.post(page, full())
    file = DossierFile.objects.get(dossier=draft_of(page).dossier_id)
    assert (str(file.stored_id), file.purpose, file.document.position) == (fact["id"], "document", 1)


def test_a_dropped_scan_is_not_taken_along(minh: Client) -> None:
    page, row = begin(minh), first_paper()
    minh.post(f"{page}files/{row}", {"file": picture("red")})
    minh.post(f"{page}files/{row}", {"file": picture("blue")})
    red, blue = content(page)["_files"][row]
    assert minh.post(f"{page}files/{row}/{red['id']}/drop").status_code == 200
    assert minh.get(f"{page}look/{red['id']}/1").status_code == 404
    minh.post(page, full())
    assert [str(one.stored_id) for one in DossierFile.objects.all()] == [blue["id"]]


@pytest.mark.parametrize(
    ("name", "octets", "said"),
    [
        ("rong.pdf", b"", "rỗng"),
        ("giay.pdf", b"MZ\x90\x00 chuong trinh", "chưa được nhận"),
        ("giay.png", b"%PDF-1.7\n", "giay.png"),
    ],
)
def test_a_file_that_lies_is_refused_with_its_reason(
    minh: Client, name: str, octets: bytes, said: str
) -> None:
    page = begin(minh)
    file = BytesIO(octets)
    file.name = name
    answer = minh.post(f"{page}files/{first_paper()}", {"file": file})
    assert answer.status_code == 422 and said in answer.json()["message"]
    assert content(page) == {}


def test_another_officer_neither_adds_nor_sees_scans(minh: Client, world: World) -> None:
    page, row = begin(minh), first_paper()
    minh.post(f"{page}files/{row}", {"file": picture()})
    (fact,) = content(page)["_files"][row]
    binh = world.client("binh")
    assert binh.get(f"{page}look/{fact['id']}/1").status_code == 404
    assert binh.post(f"{page}files/{row}", {"file": picture()}).status_code == 404
    assert binh.post(f"{page}files/{row}/{fact['id']}/drop").status_code == 404
    assert minh.post(f"{page}files/r1-x", {"file": picture()}).status_code == 404
