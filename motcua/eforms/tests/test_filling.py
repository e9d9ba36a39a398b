"""Filling in before a browser without script: saved at every step, two devices, links, co-signers, paper."""

import io
import re
from datetime import timedelta
from typing import Any

import pypdf
import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import timezone

from motcua.eforms import papers, queries
from motcua.eforms.engine import answers, schema
from motcua.eforms.models import FormAnswer, FormDefinition, State
from motcua.eforms.operations import answering, publishing, signing
from motcua.eforms.tests.conftest import ON, birth, form, marriage, posted
from motcua.lib.actor import PUBLIC, SYSTEM
from motcua.lib.refusal import Conflict, NotFound, NotPermitted, Refusal

BY: dict[str, Any] = {"actor": PUBLIC}


def begin(definition: FormDefinition, values: dict[str, Any] | None = None) -> tuple[FormAnswer, str]:
    answer = answering.begin(definition_id=definition.pk, at=timezone.now(), key="", values=values, **BY)
    return answer, answer.links.get().token


def save(
    answer: FormAnswer, section: str = "", page: str = "one", seen: int | None = None, **said: Any
) -> answering.Saved:
    data = {name: [str(text)] for name, text in posted(said).items()}
    return answering.save(
        answer_id=answer.pk, section=section, posted=data, seen=answer.revision if seen is None else seen, page=page,
        at=timezone.now(), **BY,
    )  # fmt: skip


# ── A journey


def test_a_declaration_from_the_procedure_to_paper(
    everything: dict[str, FormDefinition], client: Client
) -> None:
    page = client.get("/thu-tuc/1.001193")
    assert 'href="/to-khai/moi/1.001193/"' in page.content.decode()
    start = client.get("/to-khai/moi/1.001193/")
    assert start.status_code == 200 and not FormAnswer.objects.exists()  # looking writes nothing
    begun = client.post("/to-khai/moi/1.001193/", {"form": everything["HT-001"].pk, "key": "k1"})
    again = client.post("/to-khai/moi/1.001193/", {"form": everything["HT-001"].pk, "key": "k1"})
    address = begun["Location"]
    assert again["Location"] == address and FormAnswer.objects.count() == 1  # a second press is the same act
    whole = birth()
    for number, section in enumerate(form("HT-001").sections, start=1):
        shown = client.get(f"{address}?phan={number}")
        assert shown.status_code == 200 and shown["Referrer-Policy"] == "no-referrer"
        keys = {field.key for field in section.fields}
        said = posted({key: value for key, value in whole.items() if key in keys})
        revision = re.search(r'name="ban" value="(\d+)"', shown.content.decode())
        assert revision
        done = client.post(address, said | {"phan": number, "ban": revision[1], "trang": "x", "lam": "tiep"})
        assert done.status_code == 302, re.findall(r"mc-errors.*?</div>", done.content.decode(), re.S)
    assert done["Location"].endswith("/xem/")
    read_over = client.get(done["Location"])
    text = read_over.content.decode()
    assert "Trần Gia Bảo" in text and "Còn thiếu" not in text
    finished = client.post(done["Location"], {"lam": "xong", "key": "k2"}, follow=True)
    answer = FormAnswer.objects.get()
    assert answer.state == State.FINISHED and answer.mark in finished.content.decode()
    paper = client.get(f"{address}to-khai.pdf")
    words = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(paper.content)).pages)
    assert answer.mark in words and "6. Họ, chữ đệm, tên: Trần Gia Bảo" in " ".join(words.split())
    assert "NHÁP" not in words and queries.by_mark(answer.mark.lower().replace("-", " ")) == [answer]


def test_faults_stand_at_their_fields_and_nothing_typed_is_lost(
    published: dict[str, FormDefinition], client: Client
) -> None:
    _answer, token = begin(published["HT-001"])
    bad = {"requester_name": "Lan <b>7", "requester_paper.number": "#x", "requester_paper.issued_on.day": "31",
           "requester_paper.issued_on.month": "2", "requester_paper.issued_on.year": "2020"}  # fmt: skip
    page = client.post(f"/to-khai/{token}/", bad | {"phan": 1, "lam": "tiep"})
    text = page.content.decode()
    assert page.status_code == 422 and "<title>Lỗi:" in text and 'href="#f-requester_name"' in text
    assert 'value="Lan &lt;b&gt;7"' in text and 'value="31"' in text and "<b>7" not in text
    later = client.get(f"/to-khai/{token}/?phan=1").content.decode()  # another day, another device
    assert 'value="Lan &lt;b&gt;7"' in later and 'value="31"' in later and "mc-errors" not in later
    assert "f-requester_name" in client.get(f"/to-khai/{token}/?phan=1&loi=1").content.decode()
    links = client.get(f"/to-khai/{token}/xem/").content.decode()
    assert "?phan=1&amp;loi=1#f-requester_paper-issued_on-day" in links
    assert links.index("Người mẹ</h2><ul>") > links.index(
        "issued_on-day"
    )  # by part: mother and father ask the same
    pressed = client.post(f"/to-khai/{token}/xem/", {"lam": "xong", "key": "too early"})
    said = pressed.content.decode()
    assert pressed.status_code == 422 and "?phan=1&amp;loi=1#f-requester_paper-issued_on-day" in said
    assert 'href="#/to-khai' not in said


def test_rows_come_and_go_by_plain_buttons(published: dict[str, FormDefinition], client: Client) -> None:
    rows = next(one for one in published.values() if one.code == "HKD")
    answer, token = begin(rows)
    number = [one.key for one in form("HKD").sections].index("members") + 1
    at = f"/to-khai/{token}/"
    client.post(at, {"phan": number, "members.0.name": "Trần Văn Hùng", "lam": "them-members"})
    client.post(at, {"phan": number, "members.1.name": "Trần Thị Hoa", "lam": "them-members"})
    client.post(at, {"phan": number, "lam": "bo-members.0"})
    answer.refresh_from_db()
    assert [row.get("name") for row in queries.values_of(answer)["members"]] == ["Trần Thị Hoa", None]
    assert client.post(at, {"phan": number, "lam": "them-nothing"}).status_code == 404


@pytest.mark.parametrize(
    "path", ["", "?phan=99", "?phan=-1", "?phan=tat-ca", "?phan=x&loi=1", "xem/", "to-khai.pdf"]
)
def test_odd_addresses_answer(published: dict[str, FormDefinition], client: Client, path: str) -> None:
    _answer, token = begin(published["HT-013"])
    assert client.get(f"/to-khai/{token}/{path}").status_code == 200
    assert client.get(f"/to-khai/{token[:-1]}x/{path}").status_code == 404


# ── Saving


def test_each_field_is_saved_as_it_is_typed(published: dict[str, FormDefinition], client: Client) -> None:
    answer, token = begin(published["HT-001"])
    at = f"/to-khai/{token}/luu?ban=0&trang=a"
    assert client.post(at, {"field": "child_born.day", "child_born.day": "5"}).status_code == 200
    assert client.post(at, {"field": "child_born.month", "child_born.month": "11"}).status_code == 200
    assert client.post(at, {"field": "child_born.year", "child_born.year": "2026"}).status_code == 200
    answer.refresh_from_db()
    assert queries.values_of(answer)["child_born"] == "2026-11-05"
    assert client.post(at, {"field": "nobody", "nobody": "1"}).status_code == 400
    assert (
        client.post(
            f"/to-khai/{token}/luu?ban=0&trang=b", {"field": "child_born.day", "child_born.day": "6"}
        ).status_code
        == 409
    )


def test_a_second_device_is_told_and_nothing_is_lost(
    published: dict[str, FormDefinition], client: Client
) -> None:
    answer, token = begin(published["HT-001"])
    assert not save(answer, "child", "phone", 0, child_name="Trần Gia Bảo").conflicts
    at = f"/to-khai/{token}/"
    page = client.post(
        at, {"phan": 2, "ban": 0, "trang": "pc", "child_name": "Trần Bảo", "child_sex": "male", "lam": "tiep"}
    )
    text = page.content.decode()
    assert page.status_code == 409 and "Máy khác vừa lưu: Trần Gia Bảo" in text and 'value="Trần Bảo"' in text
    answer.refresh_from_db()
    values = queries.values_of(answer)
    assert (
        values["child_name"] == "Trần Gia Bảo" and values["child_sex"] == "male"
    )  # what nobody else touched is saved
    revision = re.search(r'name="ban" value="(\d+)"', text)
    assert revision
    client.post(
        at, {"phan": 2, "ban": revision[1], "trang": "pc2", "child_name": "Trần Bảo", "lam": "luu-lai"}
    )
    answer.refresh_from_db()
    assert queries.values_of(answer)["child_name"] == "Trần Bảo"  # saved again, knowing


def test_saving_the_same_changes_nothing_and_a_changed_value_loses_its_source(
    published: dict[str, FormDefinition],
) -> None:
    answer, _token = begin(published["HT-001"], {"requester_name": "Nguyễn Thị Lan"})
    FormAnswer.objects.filter(pk=answer.pk).update(sources={"requester_name": "thẻ căn cước"})
    assert save(answer, "requester", requester_name="Nguyễn Thị Lan").answer.revision == 0
    changed = save(answer, "requester", requester_name="Nguyễn Lan").answer
    assert changed.revision == 1 and changed.sources == {}


def test_an_answer_keeps_its_form_when_a_new_one_comes(published: dict[str, FormDefinition]) -> None:
    old = published["HT-001"]
    answer, _token = begin(old)
    stored = {**old.schema, "title": "Tờ khai mới"}
    tomorrow = timezone.localdate() + timedelta(days=1)
    make: dict[str, Any] = {
        "procedure_id": old.procedure_id,
        "case": "",
        "source": "x",
        "actor": SYSTEM,
        "at": timezone.now(),
    }
    new = publishing.publish(schema=stored, in_force_from=tomorrow, key="a", **make)
    old.refresh_from_db()
    assert old.in_force_to == tomorrow and new.number == 2
    assert queries.definition_on("1.001193", timezone.localdate()) == old
    assert (
        queries.definition_on("1.001193", tomorrow)
        == new
        == queries.definition_on("1.001193", tomorrow, case="Lạ")
    )
    assert queries.form(queries.answer(answer.pk).definition).title == form("HT-001").title
    with pytest.raises(Conflict):
        publishing.publish(schema=stored, in_force_from=tomorrow, key="b", **make)
    with pytest.raises(Refusal, match="còn lỗi"):
        publishing.publish(schema={}, in_force_from=tomorrow, key="c", **make)
    with pytest.raises(NotPermitted):
        publishing.publish(schema=stored, in_force_from=tomorrow, key="d", **(make | {"actor": PUBLIC}))
    with pytest.raises(Conflict):
        answering.begin(definition_id=new.pk, at=timezone.now(), key="", **BY)


def test_the_database_holds_what_was_published_and_handed_in(published: dict[str, FormDefinition]) -> None:
    answer, _token = begin(published["HT-001"], birth())
    for sql in (
        f"update eforms_formdefinition set title = 'x' where id = {published['HT-001'].pk}",
        "delete from eforms_formdefinition",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
    answering.finish(answer_id=answer.pk, at=timezone.now(), key="", **BY)
    answering.hand_in(answer_id=answer.pk, at=timezone.now(), key="", **BY)
    with pytest.raises(Conflict):
        save(answer, child_name="Khác")
    with pytest.raises(DatabaseError), transaction.atomic():
        FormAnswer.objects.filter(pk=answer.pk).update(mark="x")


def test_contents_are_not_readable_in_the_table(published: dict[str, FormDefinition]) -> None:
    answer, token = begin(published["HT-001"], birth())
    with connection.cursor() as cursor:
        cursor.execute(
            'select "values"::text, (select token::text from eforms_resumelink limit 1) from eforms_formanswer'
        )
        kept = str(cursor.fetchone())
    assert "031190001234" not in kept and token not in kept and "Lan" not in kept
    assert queries.values_of(queries.answer(answer.pk))["child_name"] == "Trần Gia Bảo"


def test_too_much_is_refused_and_old_answers_go(published: dict[str, FormDefinition]) -> None:
    answer, token = begin(published["HT-001"])
    with pytest.raises(Refusal, match="quá dài"):
        answering._text({"content": "x" * answers.BIGGEST})
    later = timezone.now() + timedelta(days=31)
    with pytest.raises(NotFound):
        queries.link_of(token, later)
    assert answering.sweep(at=later) == 1 and not FormAnswer.objects.filter(pk=answer.pk).exists()


def test_a_new_link_closes_the_old_one(published: dict[str, FormDefinition], client: Client) -> None:
    _answer, token = begin(published["HT-001"])
    moved = client.post(f"/to-khai/{token}/xem/", {"lam": "lien-ket", "key": "n"})
    assert client.get(f"/to-khai/{token}/xem/").status_code == 404
    assert client.get(moved["Location"]).status_code == 200


# ── Co-signers


def test_both_spouses_confirm_the_same_content(published: dict[str, FormDefinition], client: Client) -> None:
    answer, token = begin(published["HT-013"], marriage())
    over = f"/to-khai/{token}/xem/"
    client.post(over, {"lam": "xong", "key": "f1"})
    assert not queries.standing(queries.answer(answer.pk)).complete
    with pytest.raises(Refusal):
        answering.hand_in(answer_id=answer.pk, at=timezone.now(), key="", **BY)
    for signer in ("wife", "husband"):
        client.post(over, {"lam": f"moi-{signer}", "key": f"i-{signer}"})
        row = answer.confirmations.get(signer=signer)
        page = client.get(f"/cung-xac-nhan/{row.token}/").content.decode()
        digest = re.search(r'name="noi-dung" value="(\w+)"', page)
        assert digest and "Trần Văn Hùng" in page
        assert (
            client.post(
                f"/cung-xac-nhan/{row.token}/", {"noi-dung": "0" * 64, "key": "w" + signer, "lien-ket": "1"}
            ).status_code
            == 409
        )
        assert (
            client.post(
                f"/cung-xac-nhan/{row.token}/", {"noi-dung": digest[1], "key": signer, "lien-ket": "1"}
            ).status_code
            == 302
        )
    assert queries.standing(queries.answer(answer.pk)).complete
    paper = papers.declaration(queries.standing(queries.answer(answer.pk)))
    assert "đã xác nhận lúc" in "".join(
        one.extract_text() for one in pypdf.PdfReader(io.BytesIO(paper)).pages
    )
    # A change afterwards asks both again.
    save(queries.answer(answer.pk), "husband", husband_marriages="2")
    found = queries.standing(queries.answer(answer.pk))
    assert not found.complete and all(one.stale for one in found.asked)
    assert "Người khai đang sửa" in client.get(f"/cung-xac-nhan/{row.token}/").content.decode()
    # Back to what they read: what they said holds again.
    save(queries.answer(answer.pk), "husband", husband_marriages="1")
    client.post(over, {"lam": "xong", "key": "f2"})
    assert queries.standing(queries.answer(answer.pk)).complete
    client.post(over, {"lam": "thu-wife", "key": "r"})
    assert not queries.standing(queries.answer(answer.pk)).complete
    assert client.get(f"/cung-xac-nhan/{answer.confirmations.get(signer='wife').token}/").status_code == 404
    with pytest.raises(NotFound):
        signing.invite(answer_id=answer.pk, signer="nobody", at=timezone.now(), key="", **BY)


# ── Paper


HOSTILE = ['#import "x": *', "$x$ *b* _i_ `c` <l> @r // c", "<script>alert(1)</script>", "\u202egnốgn\u202c\u200b", "W" * 300,
           "{{ x }} {% y %}", "= Đầu", "漢😀", "\\u{41} #sys.inputs.data", "a\x00\x07b"]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_in_every_field_prints_as_text(text: str) -> None:
    for code in ("HT-001", "HKD"):
        whole = form(code)
        values: dict[str, Any] = {}
        for section in whole.sections:
            said: dict[str, Any] = {
                one.key: {part.key: text for part in one.parts} if one.parts else text
                for one in section.fields
            }
            values |= {section.key: [said, said]} if section.rows else said
        assert answers.check(whole, values, on=ON)
        digest = answers.digest("x", answers.clean(whole, values, on=ON))
        made = papers.render_sheet(papers.sheet(whole, values, digest=digest, at=timezone.now(), on=ON))
        reader = pypdf.PdfReader(io.BytesIO(made))
        words = "".join(page.extract_text() for page in reader.pages)
        assert whole.title.upper() in " ".join(words.split()) and answers.mark(digest) in words
        if text.isascii() and text.isprintable() and len(text) < 40:
            assert "".join(text.split()) in "".join(words.split())


def test_the_code_on_paper_says_the_mark(published: dict[str, FormDefinition]) -> None:
    import pypdfium2
    import zxingcpp

    answer, _token = begin(published["HT-001"], birth())
    answering.finish(answer_id=answer.pk, at=timezone.now(), key="", **BY)
    found = queries.standing(queries.answer(answer.pk))
    document = pypdfium2.PdfDocument(papers.declaration(found))
    read = [one.text for page in document for one in zxingcpp.read_barcodes(page.render(scale=3).to_pil())]
    assert read == [found.answer.mark]


# ── Administrators


def test_an_administrator_sees_and_tries_a_form(
    published: dict[str, FormDefinition], staff: Client, an_officer: Any
) -> None:
    an_officer("business_admin")
    one = published["HT-001"]
    assert one.title in staff.get(f"/procedures/{one.procedure_id}/form/").content.decode()
    at = f"/procedures/{one.procedure_id}/form/{one.pk}/"
    assert staff.post(at, {"lam": "thu"}).status_code == 422
    right = staff.post(at, posted(birth()) | {"lam": "thu"})
    assert right.status_code == 200 and "Đủ và đúng" in right.content.decode()
    assert staff.post(at, posted(birth()) | {"lam": "in"}).content.startswith(b"%PDF")
    assert not FormAnswer.objects.exists()
    assert staff.get(f"/procedures/{published['HT-013'].procedure_id}/form/{one.pk}/").status_code == 404
    an_officer("specialist")
    assert staff.get(at).status_code == 403


def test_every_demo_procedure_has_its_form(everything: dict[str, FormDefinition]) -> None:
    assert len(everything) == 17
    for code, one in everything.items():
        one.refresh_from_db()  # as the database gives it back
        assert queries.form(one) == form(code) and one.schema == schema.schema_of(form(code))
    assert publishing.load_shipped(actor=SYSTEM, at=timezone.now()) == []
