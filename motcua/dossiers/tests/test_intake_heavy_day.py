"""A heavy day at the counter: intakes held beside each other, returning applicants, papers used again."""

import json
from datetime import timedelta
from io import BytesIO
from typing import Any
from uuid import UUID

import psycopg
import pypdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone
from PIL import Image

from motcua.applicants.models import Applicant, LookUp
from motcua.base.files.models import StoredFile
from motcua.base.files.operations import reject
from motcua.cli.run import pytest_plugin
from motcua.dossiers import draft_queries, known_people
from motcua.dossiers.models import AccessLog, Dossier, DossierDocument, DossierFile, Draft, KnownName
from motcua.dossiers.operations import drafts
from motcua.dossiers.queries import history
from motcua.dossiers.tests import committed
from motcua.dossiers.tests.intake_world import BIRTH, CARD, COPY, NUMBER, World
from motcua.dossiers.tests.lives import take_in
from motcua.dossiers.tests.test_intake_screen import begin, content, draft_of, errors, full, text
from motcua.lib import paper_age
from motcua.lib.actor import SYSTEM
from motcua.lib.refusal import Conflict, NotFound
from motcua.procedures.models import RequiredDocument
from motcua.ui.routing import set_database_actor

NOBODY = {"options": [], "more": ""}


def take(client: Client, **changed: str) -> Dossier:
    page = begin(client)
    response = client.post(page, full(**changed))
    assert response.status_code == 302, text(response)[-3000:]
    dossier = draft_of(page).dossier
    assert dossier is not None
    return dossier


def typed(client: Client, page: str, **values: str) -> None:
    for name, value in values.items():
        assert client.post(f"{page}save", {"field": name, name: value}).status_code == 200


# ── Held beside each other


def hold(client: Client, page: str, **values: str) -> str:
    answer = client.post(page, {"act": "hold", **values})
    assert (answer.status_code, answer["Location"]) == (302, "/intake/")
    return begin(client)


def test_one_is_held_and_another_begun(minh: Client) -> None:
    first = begin(minh)
    second = hold(minh, first, full_name="Phạm Thị Lan", procedure=BIRTH)
    assert second != first and draft_of(first).held_at is not None
    strip = text(minh.get(second))
    assert 'data-key="Alt+1"' in strip and "Phạm Thị Lan" in strip and "0 phút" in strip
    assert 'value="Phạm Thị Lan"' in text(minh.get(first))
    assert draft_of(first).held_at is None  # taken up again
    assert "Đang giữ" not in text(minh.get(second))


def test_what_was_typed_last_is_held_too(minh: Client) -> None:
    first = begin(minh)
    hold(minh, first, full_name="Phạm Thị Lan", **{"paper-x1-name": "Giấy khác", "paper-x1-copies": "2"})
    assert content(first)["paper-x1-copies"] == "2"


def test_an_empty_one_is_not_held(minh: Client) -> None:
    first = begin(minh)
    assert hold(minh, first) != first
    assert draft_of(first).held_at is None


def test_the_last_one_held_comes_first_and_yesterdays_are_there(minh: Client, world: World) -> None:
    old, new = begin(minh), ""
    new = hold(minh, old, full_name="Người Hôm Qua")
    third = hold(minh, new, full_name="Người Hôm Nay")
    set_database_actor(SYSTEM)
    Draft.objects.filter(pk=UUID(old.split("/")[2])).update(held_at=timezone.now() - timedelta(days=1))
    page = text(minh.get(third))
    assert page.index("Người Hôm Nay") < page.index("Người Hôm Qua") and "từ " in page
    everything = text(minh.get("/intake/drafts/"))
    assert everything.count("đang giữ") == 2
    assert "Người Hôm Nay" not in text(world.client("binh").get("/intake/drafts/"))


def test_holding_twice_and_holding_what_is_finished(minh: Client) -> None:
    page = begin(minh)
    minh.post(page, {"act": "hold", "full_name": "Phạm Thị Lan"})
    since = draft_of(page).held_at
    minh.post(page, {"act": "hold", "full_name": "Phạm Thị Lan"})
    assert draft_of(page).held_at == since
    minh.post(page, full())
    answer = minh.post(page, {"act": "hold"})
    assert answer["Location"] == f"{page}done/"


def test_only_ones_own_are_held(minh: Client, world: World) -> None:
    page = begin(minh)
    assert world.client("binh").post(page, {"act": "hold", "full_name": "Kẻ khác"}).status_code == 404
    with pytest.raises(NotFound):
        drafts.hold(draft_id=draft_of(page).pk, actor=world.actor("binh"), at=timezone.now())


# ── Two tabs, two machines


def opened(client: Client, page: str) -> str:
    """Open the page as a person does; return its mark."""
    client.get(page)
    return draft_of(page).page


def test_of_two_tabs_the_later_one_writes_and_the_other_is_told(minh: Client, world: World) -> None:
    page = begin(minh)
    first = opened(minh, page)
    assert begin(world.client("minh")) == page  # F2 on a second machine: the same empty draft
    second = opened(world.client("minh"), page)
    assert (
        minh.post(f"{page}save?page={second}", {"field": "full_name", "full_name": "Ở máy hai"}).status_code
        == 200
    )
    answer = minh.post(f"{page}save?page={first}", {"field": "full_name", "full_name": "Ở máy một"})
    assert answer.status_code == 409 and "mở ở thẻ khác" in answer.json()["message"]
    card = minh.post(f"{page}card?page={first}", {"text": CARD})
    assert card.status_code == 409 and "mở ở thẻ khác" in card.json()["problems"][0]
    sent = minh.post(f"{page}?page={first}", full(), headers={"X-Motcua-Script": "1"})
    assert sent.status_code == 409 and "mở ở thẻ khác" in sent.json()["message"]
    assert content(page)["full_name"] == "Ở máy hai"
    set_database_actor(SYSTEM)
    assert not Dossier.objects.exists()


def test_the_pages_own_script_does_not_take_the_page_away(minh: Client) -> None:
    page = begin(minh)
    mark = opened(minh, page)
    assert f"?page={mark}" in text(minh.get(f"{page}?page={mark}"))
    assert draft_of(page).page == mark


def test_a_page_that_was_reloaded_writes_again(minh: Client) -> None:
    page = begin(minh)
    opened(minh, page)
    mark = opened(minh, page)
    assert minh.post(f"{page}save?page={mark}", {"field": "full_name", "full_name": "A"}).status_code == 200


# ── Returning applicants


def look_up(client: Client, page: str, wanted: str, kind: str = "person") -> dict[str, Any]:
    answer = client.post(f"{page}people", {"text": wanted, "kind": kind})
    assert answer.status_code == 200
    set_database_actor(SYSTEM)
    return answer.json()


PEOPLE = (
    ("001085000018", "Nguyễn Văn Án", "0912000001"),
    ("001085000019", "Nguyễn Văn An", "0912000002"),
    ("001085000020", "Nguyễn Văn Anh", "0912000003"),
    ("001185000021", "Lê Nguyễn Vân An", "0912000003"),
)


@pytest.fixture
def regulars(minh: Client) -> dict[str, Dossier]:
    """People who applied here before."""
    found = {}
    for number, name, phone in PEOPLE:
        sex = "female" if number[3] == "1" else "male"
        found[name] = take(
            minh, personal_id=number, full_name=name, birth="1985", sex=sex, phone=phone
        )  # fmt: skip
    return found


def names(answer: dict[str, Any]) -> list[str]:
    return [one["label"] for one in answer["options"]]


def test_names_are_found_without_marks_the_exact_one_first(
    minh: Client, regulars: dict[str, Dossier]
) -> None:
    page = begin(minh)
    assert names(look_up(minh, page, "nguyen van an"))[:3] != []
    assert names(look_up(minh, page, "Nguyễn Văn An"))[0] == "Nguyễn Văn An"
    assert names(look_up(minh, page, "Nguyễn Văn Án"))[0] == "Nguyễn Văn Án"
    folded = names(look_up(minh, page, "nguyen van an"))
    assert set(folded[:2]) == {"Nguyễn Văn An", "Nguyễn Văn Án"} and folded[2] == "Nguyễn Văn Anh"
    assert folded[3] == "Lê Nguyễn Vân An"  # a later word begins so
    assert look_up(minh, page, "n") == NOBODY


def test_no_more_is_shown_than_is_needed_to_choose(minh: Client, regulars: dict[str, Dossier]) -> None:
    page = begin(minh)
    answer = look_up(minh, page, "nguyen van an")
    shown = json.dumps(answer, ensure_ascii=False)
    assert "số …0019" in shown and "ĐT …002" in shown and "1985" in shown and "hồ sơ gần nhất" in shown
    for number, _name, phone in PEOPLE:
        assert number not in shown and phone not in shown


def test_a_telephone_leads_to_all_who_share_it(minh: Client, regulars: dict[str, Dossier]) -> None:
    page = begin(minh)
    assert set(names(look_up(minh, page, "0912 000 003"))) == {"Nguyễn Văn Anh", "Lê Nguyễn Vân An"}
    assert look_up(minh, page, "0912000009") == NOBODY


def test_another_agencys_people_are_found_by_their_whole_number_only(
    world: World, minh: Client, regulars: dict[str, Dossier]
) -> None:
    binh = world.client("binh")
    page = begin(binh)
    assert look_up(binh, page, "nguyen van an") == NOBODY
    assert look_up(binh, page, "0912000002") == NOBODY
    assert names(look_up(binh, page, "001085000019")) == ["Nguyễn Văn An"]
    wanted = str(regulars["Nguyễn Văn An"].applicant_id)
    assert binh.post(f"{page}choose", {"applicant": wanted, "text": "nguyen van an"}).status_code == 404
    assert binh.post(f"{page}choose", {"applicant": wanted, "text": "0912000002"}).status_code == 404
    assert binh.post(f"{page}choose", {"applicant": wanted, "text": "001085000020"}).status_code == 404
    answer = binh.post(f"{page}choose", {"applicant": wanted, "text": "001085000019"})
    assert answer.json()["fields"]["full_name"] == "Nguyễn Văn An"


def test_choosing_fills_and_keeps_the_person(minh: Client, regulars: dict[str, Dossier]) -> None:
    page = begin(minh)
    wanted = str(regulars["Nguyễn Văn An"].applicant_id)
    fields = minh.post(f"{page}choose", {"applicant": wanted, "text": "nguyen van an"}).json()["fields"]
    assert (fields["personal_id"], fields["phone"], fields["id_kind"]) == (
        "001085000019",
        "0912000002",
        "number",
    )
    assert content(page)["personal_id"] == "001085000019"
    other = minh.post(f"{page}choose", {"applicant": wanted, "party": "other"}).json()["fields"]
    assert other["other_personal_id"] == "001085000019"
    assert minh.post(f"{page}choose", {"applicant": "x"}).status_code == 404


def test_organizations_are_found_by_name(minh: Client) -> None:
    page = begin(minh)
    minh.post(page, full(kind="organization", tax_code="0100109106", org_name="Công ty Biển Xanh"))
    again = begin(minh)
    assert names(look_up(minh, again, "bien xanh", "organization")) == ["Công ty Biển Xanh"]
    assert names(look_up(minh, again, "0100109106", "organization")) == ["Công ty Biển Xanh"]
    assert look_up(minh, again, "bien xanh") == NOBODY
    wanted = str(Applicant.objects.get(kind="organization").pk)
    fields = minh.post(f"{again}choose", {"applicant": wanted}).json()["fields"]
    assert (fields["tax_code"], fields["org_name"]) == ("0100109106", "Công ty Biển Xanh")


def test_every_look_up_leaves_a_line(minh: Client, world: World, regulars: dict[str, Dossier]) -> None:
    page = begin(minh)
    LookUp.objects.count()
    an = regulars["Nguyễn Văn An"].applicant_id
    before = set(LookUp.objects.values_list("pk", flat=True))
    look_up(minh, page, "Nguyễn Văn An")
    look_up(minh, page, "0912000002")
    minh.post(f"{page}known", {"by": "personal_id", "text": "001085000019"})
    minh.post(f"{page}choose", {"applicant": str(an)})
    look_up(minh, page, "không ai")
    rows = LookUp.objects.exclude(pk__in=before).order_by("id")
    assert [row.how for row in rows] == ["name", "phone", "number", "chosen", "name"]
    assert all(an in row.shown for row in list(rows)[:4]) and rows[4].shown == []
    assert {row.account_id for row in rows} == {world.accounts["minh"].pk}


@pytest.mark.sql
@pytest.mark.parametrize(
    "statement", ["update applicants_lookup set how = 'name'", "delete from applicants_lookup"]
)
def test_lines_of_look_ups_are_never_changed(
    minh: Client, regulars: dict[str, Dossier], statement: str
) -> None:
    look_up(minh, begin(minh), "nguyen")
    with pytest.raises(Exception, match="append-only|permission denied"), transaction.atomic():
        connection.cursor().execute(statement)


@pytest.mark.sql
def test_the_second_wall_keeps_names_of_other_agencies(world: World, minh: Client, regulars: Any) -> None:
    with transaction.atomic():
        set_database_actor(world.actor("binh"))
        assert not KnownName.objects.exists()
        assert not LookUp.objects.filter(agency_id=world.home.pk).exists()
        set_database_actor(world.actor("minh"))
        assert KnownName.objects.exists()
    set_database_actor(SYSTEM)


@pytest.mark.sql
def test_a_name_is_read_in_the_order_of_its_index(django_db_setup: None, django_db_blocker: Any) -> None:
    """With 150,000 names of one agency the look-up reads the first ones that begin so, and no more.

    In a database of its own: only the tables' owner has statistics made, and of what is committed.
    """
    with committed.database(django_db_blocker) as name:
        crowded = committed.build()
        with committed.acting(SYSTEM):
            applicant = take_in(crowded).applicant_id
        with psycopg.connect(pytest_plugin.cluster.admin(name).url(), autocommit=True) as owner:
            owner.execute(
                "insert into dossiers_knownname (home_agency_id, applicant_id, words) select %s, %s,"
                " 'nguyen van ' || md5(n::text) from generate_series(1, 150000) n", [crowded.home.pk, applicant],
            )  # fmt: skip
            owner.execute("analyze dossiers_knownname")
        start = "nguyen van a"
        with committed.acting(crowded.actor("minh")), connection.cursor() as cursor:
            cursor.execute(
                f"explain (analyze, buffers, format json) {known_people._BY_NAME}",
                [[crowded.home.pk], start, start + known_people._END, known_people._CANDIDATES],
            )
            plan = cursor.fetchone()[0][0]
    read = plan["Plan"]["Shared Hit Blocks"] + plan["Plan"]["Shared Read Blocks"]
    assert read < 300, json.dumps(plan)  # of about 2,000 that the names fill


def test_whoever_may_not_take_in_looks_nobody_up(world: World, minh: Client) -> None:
    page = begin(minh)
    for name in ("mai", "hoa", "tuan"):
        assert world.client(name).post(f"{page}people", {"text": "nguyen"}).status_code == 403
    assert world.client("binh").post(f"{page}people", {"text": "nguyen"}).status_code == 404


def test_drafts_are_listed_held_first(minh: Client, world: World) -> None:
    first = begin(minh)
    second = hold(minh, first, full_name="Giữ")
    typed(minh, second, full_name="Đang gõ")
    listed = draft_queries.mine(world.actor("minh"))
    assert [one.name for one in listed] == ["Giữ", "Đang gõ"]


def test_a_stale_page_cannot_hold(minh: Client, world: World) -> None:
    page = begin(minh)
    first = opened(minh, page)
    opened(minh, page)
    with pytest.raises(Conflict):
        drafts.hold(draft_id=draft_of(page).pk, actor=world.actor("minh"), at=timezone.now(), page=first)


# ── Papers used again


def png(shade: int = 0) -> SimpleUploadedFile:
    kept = BytesIO()
    Image.new("RGB", (60, 40), (shade, 90, 90)).save(kept, "PNG")
    return SimpleUploadedFile("quet.png", kept.getvalue(), "image/png")


def wanted(place: int = 0) -> RequiredDocument:
    """A paper that the birth registration always asks for, to be handed in."""
    rows = RequiredDocument.objects.filter(
        version__procedure__code=BIRTH, always=True, is_note=False, must_submit=True
    )
    return rows.order_by("position")[place]


@pytest.fixture
def earlier(minh: Client) -> DossierDocument:
    """A paper with a scan in an earlier dossier of the person on the card."""
    page, row = begin(minh), wanted()
    assert minh.post(f"{page}files/r{row.pk}", {"file": png()}).status_code == 200
    assert minh.post(page, full()).status_code == 302
    set_database_actor(SYSTEM)
    return DossierDocument.objects.get(required=row)


def offered(client: Client, page: str) -> str:
    return text(client.get(f"{page}case", {"procedure": BIRTH}))


def reuse(paper: DossierDocument, **changed: str) -> dict[str, str]:
    """The form with `paper` taken over for the first paper and nothing handed in for it."""
    data = full(**changed)
    data.pop(f"paper-r{wanted().pk}-originals")
    return {**data, f"paper-r{wanted().pk}-reuse": str(paper.pk)}


def test_an_earlier_paper_is_offered_at_its_line(minh: Client, earlier: DossierDocument) -> None:
    page = begin(minh)
    assert "mc-reuse" not in offered(minh, page)  # nobody is named yet
    typed(minh, page, personal_id=NUMBER)
    shown = offered(minh, page)
    assert shown.count("mc-reuse") == 1 and earlier.dossier.code in shown and str(earlier.pk) in shown


def test_taken_over_it_is_a_use_of_its_own_with_the_citizens_word(
    minh: Client, world: World, earlier: DossierDocument
) -> None:
    page = begin(minh)
    assert minh.post(page, reuse(earlier)).status_code == 302
    dossier = draft_of(page).dossier
    assert dossier is not None
    row = dossier.documents.get(reused_from=earlier)
    assert (row.originals, row.plain_copies, row.shown_only) == (0, 0, False)
    assert earlier.dossier.code in row.note and "đồng ý" in row.note
    files = [DossierFile.objects.get(document=one).stored for one in (earlier, row)]
    assert files[0].pk != files[1].pk and files[0].sha256 == files[1].sha256
    said = [one for one in history(dossier) if one.verb == "reuse_paper"]
    assert [(one.payload["from"], one.payload["agreed"]) for one in said] == [(earlier.dossier.code, True)]
    assert AccessLog.objects.filter(dossier=earlier.dossier, reason__contains=dossier.code).count() == 1
    assert "Dùng lại" in text(minh.get(f"/dossiers/{dossier.code}/"))


def test_what_is_handed_in_goes_before_what_was_there(minh: Client, earlier: DossierDocument) -> None:
    page = begin(minh)
    minh.post(page, reuse(earlier) | {f"paper-r{wanted().pk}-originals": "1"})
    set_database_actor(SYSTEM)
    assert not DossierDocument.objects.filter(reused_from__isnull=False).exists()


def test_the_same_press_twice_takes_it_over_once(minh: Client, earlier: DossierDocument) -> None:
    page = begin(minh)
    before = StoredFile.objects.count()
    assert [minh.post(page, reuse(earlier)).status_code for _press in range(2)] == [302, 302]
    set_database_actor(SYSTEM)
    assert StoredFile.objects.count() == before + 1


def test_another_persons_paper_is_not_taken_over(minh: Client, earlier: DossierDocument) -> None:
    page = begin(minh)
    data = reuse(earlier, personal_id="001085000018", full_name="Nguyễn Văn Án", birth="1985", sex="male")
    found = errors(minh.post(page, data))
    assert len(found) == 1 and "không phải của chủ hồ sơ này" in found[0]
    set_database_actor(SYSTEM)
    assert Dossier.objects.count() == 1


def test_a_dossier_the_officer_may_not_see_lends_nothing(world: World, earlier: DossierDocument) -> None:
    binh = world.client("binh")
    page = begin(binh)
    typed(binh, page, personal_id=NUMBER)
    assert "mc-reuse" not in offered(binh, page)
    assert "không phải của chủ hồ sơ này" in errors(binh.post(page, reuse(earlier)))[0]


def test_a_rejected_scan_is_not_offered(minh: Client, world: World, earlier: DossierDocument) -> None:
    stored = DossierFile.objects.get(document=earlier).stored
    reject(file_id=stored.pk, actor=SYSTEM, at=timezone.now(), reason="mã độc")
    page = begin(minh)
    typed(minh, page, personal_id=NUMBER)
    assert "mc-reuse" not in offered(minh, page)
    assert len(errors(minh.post(page, reuse(earlier)))) == 1


@pytest.mark.parametrize(("days", "still"), [(170, True), (190, False)])
def test_a_paper_that_may_be_six_months_old(
    minh: Client, earlier: DossierDocument, days: int, still: bool
) -> None:
    RequiredDocument.objects.filter(pk=wanted().pk).update(hint="được cấp không quá 06 tháng")
    at = timezone.now() - timedelta(days=days)
    Dossier.objects.filter(pk=earlier.dossier_id).update(submitted_at=at, accepted_at=at)
    page = begin(minh)
    typed(minh, page, personal_id=NUMBER)
    assert ("mc-reuse" in offered(minh, page)) is still


@pytest.mark.parametrize(
    ("said", "days"),
    [
        ("Phiếu lý lịch tư pháp được cấp không quá 06 tháng tính đến ngày nộp", 180),
        ("02 ảnh 4x6 chụp trong thời gian 06 (sáu) tháng", 180),
        ("có giá trị trong thời hạn 90 ngày", 90),
        ("Cơ quan trả lời trong thời hạn 05 ngày làm việc", None),
        ("Tờ khai", None),
    ],
)
def test_how_old_a_paper_may_be(said: str, days: int | None) -> None:
    assert paper_age.most_days(said) == days


# ── One applicant with many dossiers; the same procedure again


def following(client: Client, page: str, what: str) -> str:
    answer = client.post(f"{page}{what}")
    assert answer.status_code == 302
    set_database_actor(SYSTEM)
    return str(answer["Location"])


def test_one_applicant_with_several_procedures(minh: Client, world: World) -> None:
    page = begin(minh)
    minh.post(page, full())
    assert "Các hồ sơ của người này" not in text(minh.get(f"{page}done/"))
    second = following(minh, page, "same-person")
    kept = content(second)
    assert (kept["personal_id"], kept["full_name"], kept["phone"]) == (
        NUMBER,
        "Phạm Thị Hương Giang",
        "0912 345 678",
    )
    assert following(minh, page, "same-person") == second  # pressed twice
    assert minh.post(second, full(COPY)).status_code == 302
    third = following(minh, second, "same-person")
    assert minh.post(third, full(COPY)).status_code == 302
    set_database_actor(SYSTEM)
    batch = {draft_of(one).batch for one in (page, second, third)}
    assert len(batch) == 1 and None not in batch
    address = f"/intake/batch/{batch.pop()}/"
    codes = [one.code for one in Dossier.objects.order_by("book_number")]
    listed = text(minh.get(address))
    assert len(codes) == 3 and all(code in listed for code in codes)
    assert address in text(minh.get(f"{third}done/"))
    printed = pypdf.PdfReader(BytesIO(minh.get(f"{address}slips.pdf").content))
    said = "".join(one.extract_text() for one in printed.pages)
    assert all(code in said for code in codes)
    assert world.client("binh").get(address).status_code == 404


def test_the_same_procedure_for_the_next_person(minh: Client, world: World) -> None:
    page = begin(minh)
    minh.post(page, full())
    second = following(minh, page, "same-procedure")
    kept = content(second)
    assert kept["procedure"].startswith(BIRTH) and "personal_id" not in kept
    assert draft_of(second).batch is None and "mc-paper" in text(minh.get(second))
    assert minh.post(f"{second}same-person").status_code == 404  # not finished yet
    assert world.client("binh").post(f"{page}same-procedure").status_code == 404


def test_procedures_used_last_come_first(minh: Client) -> None:
    def offered_for(text: str) -> list[str]:
        return [one["value"] for one in minh.get("/intake/procedures", {"q": text}).json()["options"]]

    assert offered_for("") == []
    take(minh)
    page = begin(minh)
    minh.post(page, full(COPY))
    assert offered_for("") == [COPY, BIRTH]
    assert offered_for("dk")[0] == BIRTH
