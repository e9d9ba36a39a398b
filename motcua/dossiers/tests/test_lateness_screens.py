"""What officers and applicants see of lateness: rare lists, the notice, one click, the public page."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from motcua.dossiers import listing, picks, queries, worklists
from motcua.dossiers.models import Apology, Dossier
from motcua.dossiers.operations import apology, intake, supplement, watching
from motcua.dossiers.operations.supplement import Missing
from motcua.dossiers.tests.acting import attempt
from motcua.dossiers.tests.intake_world import World
from motcua.dossiers.tests.lives import common, plan, take_in, variant_of
from motcua.dossiers.views.lists import moment_now
from motcua.lib.actor import Actor
from motcua.lib.refusal import Refusal
from motcua.procedures.models import ProcedureVariant
from motcua.procedures.queries.catalogue import required_documents

pytestmark = [pytest.mark.django_db, pytest.mark.sql]


def came_in(world: World, days: int) -> Dossier:
    at = timezone.now() - timedelta(days=days)
    dossier = take_in(world, at=at)
    attempt(world, "assign", "hoa", dossier, at + timedelta(minutes=5))
    dossier.refresh_from_db()
    return dossier


def near(world: World) -> Dossier:
    dossier = came_in(world, 14)
    soon = timezone.now() + timedelta(hours=2)
    Dossier.objects.filter(pk=dossier.pk).update(due_at=soon)
    watching.look_after(at=timezone.now())
    dossier.refresh_from_db()
    return dossier


def unanswered(world: World, on_expiry: str) -> Dossier:
    ProcedureVariant.objects.filter(pk=variant_of().pk).update(
        answer_within_value=3, answer_within_unit="working_day", on_expiry=on_expiry
    )
    dossier = came_in(world, 20)
    attempt(world, "request_supplement", "hoa", dossier, timezone.now() - timedelta(days=19))
    watching.look_after(at=timezone.now())
    dossier.refresh_from_db()
    return dossier


def keys_with(actor: Actor, dossier: Dossier) -> set[str]:
    """The lists that show the dossier; each count agrees with its list."""
    moment, found = moment_now(), set()
    counts = worklists.counts(actor, moment)
    for one in worklists.lists_of(actor):
        items = listing.page(one, actor, moment, size=500).items
        assert counts[one.key] == len(items), one.key
        if dossier.pk in {item.dossier_id for item in items}:
            found.add(one.key)
    return found


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_near_date_stands_in_its_own_list_and_goes_with_one_click(world: World) -> None:
    dossier = near(world)
    assert "apology" in keys_with(world.actor("hoa"), dossier)
    client = world.client("hoa")
    assert "?list=apology" in page(client, "/")
    shown = page(client, f"/dossiers/{dossier.code}/")
    assert "văn bản xin lỗi phải gửi" in shown and "do/wave_off/" in shown and "do/propose_apology/" in shown
    given = {"seen": dossier.version, "key": uuid4().hex}
    assert client.post(f"/dossiers/{dossier.code}/do/wave_off/", given).status_code == 302
    again = client.post(f"/dossiers/{dossier.code}/do/wave_off/", given)
    assert again.status_code == 302
    assert queries.history(dossier).filter(verb="wave_off").count() == 1
    assert "apology" not in keys_with(world.actor("hoa"), dossier)
    assert "?list=apology" not in page(client, "/")


def test_a_proposal_stands_on_the_leaders_list_and_fills_the_form(world: World) -> None:
    dossier = near(world)
    row = Apology.objects.get(dossier=dossier)
    client = world.client("hoa")
    form = page(client, f"/dossiers/{dossier.code}/do/propose_apology/")
    assert f'value="{timezone.localtime(row.new_due_at):%d/%m/%Y}"' in form
    given: dict[str, Any] = {
        "seen": dossier.version, "key": uuid4().hex, "new_day": f"{timezone.localtime(row.new_due_at):%d/%m/%Y}",
    }  # fmt: skip
    assert client.post(f"/dossiers/{dossier.code}/do/propose_apology/", given).status_code == 422
    given |= {"key": uuid4().hex, "reason": "Chờ kết quả thực địa"}
    assert client.post(f"/dossiers/{dossier.code}/do/propose_apology/", given).status_code == 302
    assert keys_with(world.actor("tuan"), dossier) >= {"agency-apologies", "agency"}
    leader = world.client("tuan")
    assert "1 văn bản xin lỗi chờ anh/chị duyệt" in page(leader, "/")
    assert "Xin lỗi chờ duyệt (1)" in page(leader, "/?list=agency")
    back = {"seen": dossier.version, "key": uuid4().hex, "reason": "Ghi rõ thực địa ở đâu"}
    assert leader.post(f"/dossiers/{dossier.code}/do/return_apology/", back).status_code == 302
    assert "agency-apologies" not in keys_with(world.actor("tuan"), dossier)
    shown = page(client, f"/dossiers/{dossier.code}/")
    assert "Lãnh đạo trả lại đề nghị" in shown and "Ghi rõ thực địa ở đâu" in shown
    assert "Chờ kết quả thực địa" in page(client, f"/dossiers/{dossier.code}/do/propose_apology/")
    given["key"] = uuid4().hex
    assert client.post(f"/dossiers/{dossier.code}/do/propose_apology/", given).status_code == 302
    assert "Lãnh đạo trả lại" not in page(client, f"/dossiers/{dossier.code}/")
    assert "Chờ kết quả thực địa" in page(leader, f"/dossiers/{dossier.code}/do/extend/")
    given["key"] = uuid4().hex
    assert leader.post(f"/dossiers/{dossier.code}/do/extend/", given).status_code == 302
    assert "agency-apologies" not in keys_with(world.actor("tuan"), dossier)
    dossier.refresh_from_db()
    assert dossier.extended_at is not None


def test_silent_lateness_stands_before_holder_and_leader(world: World) -> None:
    dossier = came_in(world, 40)
    watching.look_after(at=timezone.now())
    assert keys_with(world.actor("hoa"), dossier) >= {"unsaid", "late"}
    assert "agency-unsaid" in keys_with(world.actor("tuan"), dossier)
    assert "1 hồ sơ của cơ quan quá hạn mà chưa xin lỗi" in page(world.client("tuan"), "/")
    assert "Quá hạn, chưa xin lỗi (1)" in page(world.client("tuan"), "/?list=agency")
    assert "mà chưa xin lỗi" in page(world.client("hoa"), f"/dossiers/{dossier.code}/")
    assert keys_with(world.actor("binh"), dossier) == set()


@pytest.mark.parametrize(
    ("on_expiry", "verb"), [("close", "stop"), ("refuse", "refuse_unanswered"), ("", "go_on_without")]
)
def test_an_unanswered_request_stands_on_the_leaders_list_with_its_reason(
    world: World, on_expiry: str, verb: str
) -> None:
    dossier = unanswered(world, on_expiry)
    assert "agency-expired" in keys_with(world.actor("tuan"), dossier)
    leader = world.client("tuan")
    assert "Hết hạn bổ sung từ" in page(leader, f"/dossiers/{dossier.code}/")
    form = page(leader, f"/dossiers/{dossier.code}/do/{verb}/")
    if verb != "go_on_without":
        assert "mà chưa nhận được: Bản vẽ." in form
    given = {"seen": dossier.version, "key": uuid4().hex, "reason": "Hết hạn bổ sung"}
    assert leader.post(f"/dossiers/{dossier.code}/do/{verb}/", given).status_code == 302
    assert "agency-expired" not in keys_with(world.actor("tuan"), dossier)


def test_what_came_by_post_is_ranked_and_counted_by_the_answer_that_is_due(world: World) -> None:
    minh, now = world.actor("minh"), timezone.now()
    fresh, old = (
        intake.submit(intake=plan(world, minh, channel="post"), actor=minh, at=at, key=uuid4().hex)
        for at in (now, now - timedelta(days=6))
    )
    client = world.client("minh")
    lines = client.get("/?list=new").context["lines"]
    assert [line.code for line in lines] == [old.code, fresh.code]
    assert lines[0].bar.state == "late" and lines[1].bar.state != "late"
    assert keys_with(minh, old) == {"new", "new-late"} and keys_with(minh, fresh) == {"new"}
    assert "Trả lời tiếp nhận trước" in page(client, f"/dossiers/{old.code}/")


def track(dossier: Dossier) -> str:
    answer = Client(HTTP_HOST="localhost").post("/tra-cuu", {"code": dossier.code, "secret": dossier.secret})
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_applicant_reads_it_in_plain_words(world: World) -> None:
    minh, now = world.actor("minh"), timezone.now()
    late = came_in(world, 40)
    assert "Hồ sơ đã quá ngày hẹn" in track(late)
    gone = unanswered(world, "close")
    assert "Đã hết hạn bổ sung từ" in track(gone) and "có thể bị dừng" in track(gone)
    attempt(world, "extend", "tuan", late, now, new_due_at=_closing(late))
    assert "Cơ quan xin lỗi anh/chị" in track(late) and "Chờ kết quả thực địa" in track(late)
    posted = intake.submit(
        intake=plan(world, minh, channel="post"), actor=minh, at=now - timedelta(days=6), key=uuid4().hex
    )
    assert "nhưng chưa trả lời" in track(posted)


def _closing(dossier: Dossier) -> Any:
    from motcua.dossiers import clock

    calendar = clock.calendar_of(dossier)
    return calendar.closing(calendar.roll_forward(timezone.localdate() + timedelta(days=20)))


def test_who_waved_it_off_may_still_propose_it(world: World) -> None:
    dossier = near(world)
    apology.wave_off(**common(world, "hoa", dossier, timezone.now()))
    client = world.client("hoa")
    shown = page(client, f"/dossiers/{dossier.code}/")
    assert "văn bản xin lỗi phải gửi" not in shown and "do/wave_off/" not in shown
    day = f"{timezone.localtime(_closing(dossier)):%d/%m/%Y}"
    given = {"seen": dossier.version, "key": uuid4().hex, "new_day": day, "reason": "Chờ đo đạc"}
    assert client.post(f"/dossiers/{dossier.code}/do/propose_apology/", given).status_code == 302
    assert "agency-apologies" in keys_with(world.actor("tuan"), dossier)


def test_a_proposal_that_comes_after_the_leader_decided_is_told_so_and_kept(world: World) -> None:
    dossier = near(world)
    attempt(world, "extend", "tuan", dossier, timezone.now(), new_due_at=_closing(dossier))
    given = {"seen": dossier.version, "key": uuid4().hex, "new_day": "1/2/2027", "reason": "Chờ đo đạc"}
    answer = world.client("hoa").post(f"/dossiers/{dossier.code}/do/propose_apology/", given)
    assert answer.status_code == 409
    assert "Chờ đo đạc" in answer.content.decode()


def test_the_form_says_until_when_more_may_be_asked_for_and_takes_as_many_papers_as_it_needs(
    world: World,
) -> None:
    dossier = came_in(world, 1)
    client, address = world.client("hoa"), f"/dossiers/{dossier.code}/do/request_supplement/"
    ProcedureVariant.objects.filter(pk=variant_of().pk).update(ask_within_value=None, ask_within_unit="")
    assert "cho yêu cầu bổ sung đến" not in page(client, address)
    ProcedureVariant.objects.filter(pk=variant_of().pk).update(
        ask_within_value=7, ask_within_unit="working_day"
    )
    form = page(client, address)
    assert "Thủ tục này cho yêu cầu bổ sung đến" in form and "second_reason" not in form
    asked = {f"name{n}": f"Giấy tờ thứ {n}" for n in range(1, 9)}
    given = {"seen": dossier.version, "key": uuid4().hex, **asked}
    given |= {f"reason{n}": "Chưa nộp" for n in range(1, 9)}
    assert client.post(address, given).status_code == 302
    assert [item["name"] for item in dossier.supplements.get().items] == list(asked.values())


def test_a_supplement_has_the_procedures_date_or_the_officers_or_plainly_none(world: World) -> None:
    variant = ProcedureVariant.objects.filter(pk=variant_of().pk)
    variant.update(answer_within_value=5, answer_within_unit="working_day")
    dossier = came_in(world, 1)
    client, address = world.client("hoa"), f"/dossiers/{dossier.code}/do/request_supplement/"
    form = page(client, address)
    assert "Người nộp có hạn bổ sung đến" in form and "answer_on" not in form
    assert "Thời hạn không chạy trong lúc chờ" in form
    variant.update(answer_within_value=None, answer_within_unit="")
    assert "Thủ tục không quy định hạn" in page(client, address)
    given = {"seen": dossier.version, "key": uuid4().hex, "name1": "Bản vẽ", "reason1": "Thiếu mặt cắt"}
    today = timezone.localdate()
    bad = client.post(address, given | {"answer_on": f"{today:%d/%m/%Y}"})
    assert bad.status_code == 422 and "Hạn bổ sung phải sau hôm nay" in bad.content.decode()
    with transaction.atomic():
        assert client.post(address, given).status_code == 302
        assert "không có hạn" in page(client, f"/dossiers/{dossier.code}/")
        transaction.set_rollback(True)
    chosen = today + timedelta(days=14)
    assert client.post(address, given | {"answer_on": f"{chosen:%d/%m/%Y}"}).status_code == 302
    asked = dossier.supplements.get()
    assert asked.answer_by and asked.answer_by.date() >= chosen
    dossier.refresh_from_db()
    assert dossier.answer_due_at == asked.answer_by
    other, now = came_in(world, 1), timezone.now()
    with pytest.raises(Refusal, match="Hạn bổ sung đã qua"):
        supplement.request_supplement(
            **common(world, "hoa", other, now), items=[Missing("A", "B")], answer_by=now
        )


def test_the_form_says_that_the_day_for_asking_is_over(world: World) -> None:
    ProcedureVariant.objects.filter(pk=variant_of().pk).update(
        ask_within_value=2, ask_within_unit="working_day"
    )
    dossier = came_in(world, 10)
    client, address = world.client("hoa"), f"/dossiers/{dossier.code}/do/request_supplement/"
    assert "Hạn yêu cầu bổ sung của thủ tục đã qua" in page(client, address)
    given = {"seen": dossier.version, "key": uuid4().hex, "name1": "Bản vẽ", "reason1": "Thiếu mặt cắt"}
    answer = client.post(address, given)
    said = answer.content.decode()
    assert answer.status_code == 422 and "Sau đó chỉ lãnh đạo được ra" in said and "Thiếu mặt cắt" in said


def test_what_the_case_asks_for_and_was_not_handed_in_can_be_ticked(world: World) -> None:
    dossier = came_in(world, 1)
    offered = picks.papers_to_ask(dossier)
    handed_in = list(dossier.documents.order_by("position").values_list("name", flat=True))
    wanted = [one.name for one in required_documents(dossier.variant) if one.must_submit]
    assert offered == list(dict.fromkeys([*handed_in, *wanted])) and len(offered) > len(handed_in)
