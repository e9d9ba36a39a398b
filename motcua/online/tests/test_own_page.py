"""What an applicant meets on the page of their own dossier: why, what next, which code, by which way the result comes."""

import io
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from motcua.applicants import acting
from motcua.applicants.models import MandateKind
from motcua.base.files.tests.corpus import pdf
from motcua.dossiers.models import Dossier
from motcua.dossiers.states import Status
from motcua.dossiers.tests.acting import attempt
from motcua.dossiers.tests.intake_world import BIRTH, COPY, World
from motcua.eforms import queries as eforms
from motcua.eforms.tests.conftest import birth, marriage
from motcua.lib.actor import SYSTEM
from motcua.lib.ids import uuid7
from motcua.online import queries
from motcua.online.models import Application
from motcua.online.operations import drafting, handing_in
from motcua.online.tests.conftest import actor_of, citizen, signed_in
from motcua.online.tests.test_applying import begun, filled, handed_in, ready
from motcua.procedures.models import RequiredDocument
from motcua.ui.routing import set_database_actor

pytestmark = [pytest.mark.django_db, pytest.mark.sql]


def page(client: Client, dossier: Dossier) -> str:
    return str(client.get(f"/ho-so-cua-toi/{dossier.code}/").content.decode())


def test_a_refused_dossier_says_why_and_is_done_again_with_all_that_was_sent(
    world: World, shipped: Any
) -> None:
    account = citizen()
    client = signed_in(account)
    dossier = handed_in(world, account, client)
    attempt(world, "refuse", "minh", dossier, timezone.now(), reason="Giấy chứng sinh mờ")
    shown = page(client, dossier)
    assert "Giấy chứng sinh mờ" in shown and "Sửa rồi nộp lại" in shown and "khiếu nại theo luật" in shown
    assert "Trả kết quả" not in shown
    address = f"/ho-so-cua-toi/{dossier.code}/nop-lai/"
    first = client.post(address, {"key": "again"})
    assert (
        first.status_code == 302 and client.post(address, {"key": "again"})["Location"] == first["Location"]
    )
    row = Application.objects.get(owner=account, state="open")
    assert first["Location"] == f"/nop-ho-so/ban/{row.pk}/"
    assert row.answer is not None and eforms.values_of(row.answer)["child_name"] == birth()["child_name"]
    assert row.contact_phone == "0912345678"
    found = queries.standing(row, actor=actor_of(account), at=timezone.now())
    assert [text for text, _url in found.faults] == ["Tờ khai chưa xong"], "all papers came along"
    filled(row, client, birth())
    again = handing_in.hand_in(application_id=row.pk, actor=actor_of(account), at=timezone.now())
    set_database_actor(SYSTEM)
    assert Dossier.objects.get(pk=again.became).status == Status.NEW
    assert Dossier.objects.get(pk=dossier.pk).status == Status.NOT_ACCEPTED


def test_only_what_ended_without_a_result_is_done_again(world: World, shipped: Any) -> None:
    account = citizen()
    client = signed_in(account)
    dossier = handed_in(world, account, client)
    gone = client.post(f"/ho-so-cua-toi/{dossier.code}/nop-lai/", {"key": "a"})
    assert (
        gone["Location"] == f"/nop-ho-so/{BIRTH}/" and not Application.objects.filter(state="open").exists()
    )
    attempt(world, "withdraw", "minh", dossier, timezone.now())
    shown = page(client, dossier)
    assert "Sửa rồi nộp lại" in shown and "Không đồng ý với kết quả" not in shown
    assert "Đã kết thúc" in client.get("/ho-so-cua-toi/").content.decode()


def test_the_code_and_how_it_comes_stand_there_always(world: World, shipped: Any) -> None:
    account = citizen()
    client = signed_in(account)
    row = ready(world, account, client)
    drafting.set_contact(
        application_id=row.pk, result_channel="post", return_address="Thôn 2, đảo Bạch Long Vĩ",
        phone="0912 345 678", email="", actor=actor_of(account), at=timezone.now(), key="post",
    )  # fmt: skip
    check = client.get(f"/nop-ho-so/ban/{row.pk}/nop/").content.decode()
    assert "Thôn 2, đảo Bạch Long Vĩ" in check and birth()["child_name"] in check
    assert f"/nop-ho-so/ban/{row.pk}/to-khai/" in check
    handing_in.hand_in(application_id=row.pk, actor=actor_of(account), at=timezone.now())
    set_database_actor(SYSTEM)
    dossier = Dossier.objects.get(channel="online")
    shown = page(client, dossier)
    assert dossier.secret in shown and "Thôn 2, đảo Bạch Long Vĩ" in shown and "0912345678" in shown
    Dossier.objects.filter(pk=dossier.pk).update(
        status=9, sub_status="granted", accepted_at=timezone.now(), finished_at=timezone.now()
    )
    shown = page(client, dossier)
    heading = "Kết quả đã có, cơ quan gửi qua bưu chính"
    assert f"<h1>{heading}</h1>" in shown and f"<title>{heading}" in shown and "đến nhận" not in shown
    for part in ("to-khai/", "giay-to/", "giay-to/1/", "giay-to/khac/", "nhan-ket-qua/", "nop/", "bo/"):
        left = client.get(f"/nop-ho-so/ban/{row.pk}/{part}")
        assert (left.status_code, left["Location"]) == (302, f"/ho-so-cua-toi/{dossier.code}/"), part


def test_a_supplement_says_what_is_true_and_a_reason_is_enough(world: World, shipped: Any) -> None:
    account = citizen()
    client = signed_in(account)
    dossier = handed_in(world, account, client)
    attempt(world, "request_supplement", "minh", dossier, timezone.now())
    mine = f"/ho-so-cua-toi/{dossier.code}/bo-sung/"
    shown = client.get(mine).content.decode()
    assert "thời hạn của hồ sơ chạy tiếp" not in shown and "tính từ lúc tiếp nhận" in shown
    assert "Không có hạn chót" in shown and "tạm dừng" not in page(client, dossier)
    item = client.get(f"{mine}1/").content.decode()
    assert "(không bắt buộc)" not in item and "Một trong hai là đủ" in item
    empty = client.post(f"{mine}1/", {"key": "a"})
    assert empty.status_code == 422 and "hoặc ghi vì sao không có" in empty.content.decode()
    assert client.post(f"{mine}1/", {"note": "Bản vẽ bị mưa ướt", "key": "b"}).status_code == 302
    assert "Bản vẽ bị mưa ướt" in client.get(mine).content.decode()
    client.post(mine, {"key": "c"})
    assert "Bản vẽ bị mưa ướt" in page(client, dossier), "what was sent is shown"


def test_a_low_log_in_is_told_at_once(world: World, shipped: Any) -> None:
    account = citizen()
    low, high = signed_in(account, level=1), signed_in(account)
    row = begun(world, account)
    for address in (f"/nop-ho-so/{BIRTH}/", f"/nop-ho-so/ban/{row.pk}/"):
        assert "Nộp hồ sơ cần tài khoản định danh mức 2" in low.get(address).content.decode()
        assert "Nộp hồ sơ cần tài khoản" not in high.get(address).content.decode()


def test_what_is_only_shown_at_the_counter_and_things_are_not_asked_for(world: World, shipped: Any) -> None:
    account = citizen()
    client, row = signed_in(account), begun(world, account)
    wanted = [
        one for one in queries.slots(row, actor=actor_of(account), on=timezone.localdate()) if one.only_shown
    ]
    assert wanted
    shown = client.get(f"/nop-ho-so/ban/{row.pk}/giay-to/{wanted[0].number}/").content.decode()
    assert "nhận lại" not in shown and "không phải gửi giấy này" in shown
    envelope = RequiredDocument.objects.create(
        version=row.variant.version, position=900, name="Phong bì dán tem, ghi sẵn địa chỉ"
    )
    papers = client.get(f"/nop-ho-so/ban/{row.pk}/giay-to/").content.decode()
    assert "Không phải gửi qua mạng" in papers and envelope.name not in papers
    found = queries.standing(row, actor=actor_of(account), at=timezone.now())
    assert not any(envelope.name in text for text, _url in found.faults)


def test_a_finished_declaration_waits_for_the_other_signer(world: World, shipped: Any) -> None:
    from motcua.eforms.models import FormDefinition

    code = FormDefinition.objects.select_related("procedure").get(code="HT-013").procedure.code
    account = citizen(marriage()["wife_personal_id"], "Nguyễn Thị Lan")
    client, row = signed_in(account), begun(world, account, code)
    assert "Chờ người khác" not in client.get(f"/nop-ho-so/ban/{row.pk}/").content.decode()
    filled(row, client, marriage())
    assert "Chờ người khác" in client.get(f"/nop-ho-so/ban/{row.pk}/").content.decode()


def test_a_business_is_not_offered_what_is_for_persons_alone(world: World) -> None:
    business = acting.ActingRole(uuid7(), "Hộ kinh doanh Lan", MandateKind.BUSINESS, uuid7())
    child = acting.ActingRole(uuid7(), "Phạm An", MandateKind.CHILD, uuid7())
    birth_of, copy = (queries.offer(code, timezone.localdate()).version for code in (BIRTH, COPY))
    assert queries.is_for(birth_of, child) and not queries.is_for(birth_of, business)
    assert queries.is_for(copy, business)


def test_what_was_sent_with_a_supplement_comes_along(world: World, shipped: Any) -> None:
    account = citizen()
    client = signed_in(account)
    dossier = handed_in(world, account, client)
    attempt(world, "request_supplement", "minh", dossier, timezone.now())
    sent = io.BytesIO(pdf(pages=4))
    sent.name = "bo sung.pdf"
    mine = f"/ho-so-cua-toi/{dossier.code}/bo-sung/"
    assert client.post(f"{mine}1/", {"file": sent, "key": "b"}).status_code == 302
    client.post(mine, {"key": "c"})
    set_database_actor(SYSTEM)
    dossier.refresh_from_db()
    attempt(world, "refuse", "minh", dossier, timezone.now())
    client.post(f"/ho-so-cua-toi/{dossier.code}/nop-lai/", {"key": "d"})
    row = Application.objects.get(owner=account, state="open")
    assert row.papers.filter(required=None, name="Bản vẽ").count() == 1, "what was sent later comes along"
