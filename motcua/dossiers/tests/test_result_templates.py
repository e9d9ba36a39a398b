"""Agencies' templates of results: drafted, looked at, published for a day, filled for a dossier by whoever may."""

import io
import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from motcua.agencies.models import Position
from motcua.agencies.roles import Role
from motcua.applicants.models import Person
from motcua.base.audit.models import Entry
from motcua.base.files.tests.documents import KIND, docx, papers_table, text_of
from motcua.dossiers import result_templates
from motcua.dossiers.models import AccessLog, Dossier, Result, ResultTemplate
from motcua.dossiers.operations import result_templates as operations
from motcua.dossiers.operations.acts import NotAllowedNow
from motcua.dossiers.tests.acting import attempt
from motcua.dossiers.tests.intake_world import World
from motcua.dossiers.tests.lives import LONG, MONDAY, take_in
from motcua.lib.actor import SYSTEM, Actor
from motcua.lib.refusal import Conflict, NotFound, NotPermitted, Refusal
from motcua.procedures.models import ResultType
from motcua.ui.routing import set_database_actor

pytestmark = [pytest.mark.django_db, pytest.mark.sql]
TODAY = MONDAY.date()
PLAIN = docx("Kính gửi {{ ho_ten }}")
TO_LEADER = {"choice": "Trình kết quả"}


@pytest.fixture
def chi(world: World) -> Actor:
    """The business administrator of the special zone."""
    return admin(world, "minh", world.home.pk)


def admin(world: World, name: str, agency: int) -> Actor:
    return Actor(
        kind="officer", account_id=world.accounts[name].pk, position_id=world.positions[name], agency_id=agency,
        roles=frozenset({"business_admin"}), agencies=frozenset({agency}), name="Chi",
    )  # fmt: skip


def save(actor: Actor, data: bytes = PLAIN, **values: Any) -> ResultTemplate:
    return operations.save_draft(
        **{
            "agency_id": actor.agency_id or 0, "kind": "granted", "procedure": "", "result": "", "actor": actor,
            "stream": io.BytesIO(data), "filename": "mẫu.docx", "at": MONDAY, "key": uuid4().hex, **values,
        }
    )  # fmt: skip


def publish(actor: Actor, draft: ResultTemplate, **values: Any) -> ResultTemplate:
    return operations.publish(
        **{
            "template_id": draft.pk, "valid_from": TODAY, "seen": result_templates.digest(draft), "actor": actor,
            "at": MONDAY, "key": uuid4().hex, **values,
        }
    )  # fmt: skip


def proposed(world: World) -> Dossier:
    """A dossier with its specialist, who is to propose."""
    dossier = take_in(world)
    attempt(world, "assign", "hoa", dossier, MONDAY)
    return dossier


def approved(world: World) -> Dossier:
    """A dossier whose result waits for its number."""
    dossier = proposed(world)
    attempt(world, "propose", "hoa", dossier, MONDAY, content="Đủ <điều kiện> & đúng.", **TO_LEADER)
    attempt(world, "propose", "hoa", dossier, MONDAY, content="")
    attempt(world, "approve", "tuan", dossier, MONDAY)
    return dossier


def compose(world: World, dossier: Dossier, name: str = "thu", kind: str = "granted", **values: Any) -> str:
    dossier.refresh_from_db()
    _name, made = operations.compose(
        **{"dossier": dossier, "kind": kind, "actor": world.actor(name), "at": MONDAY, **values}
    )
    return text_of(made)


# ── The draft of a result


def test_the_clerk_gets_the_result_filled_and_history_says_so(world: World, chi: Actor) -> None:
    every = docx(*(f"{name}={{{{ {name} }}}}" for name in result_templates.NAMES), rows=papers_table())
    publish(chi, save(chi, every))
    dossier = approved(world)
    said = dict(line.split("=", 1) for line in compose(world, dossier).split("\n") if "=" in line)
    assert set(said) == set(result_templates.NAMES)
    assert said["ho_ten"] == "Phạm Thị Hương Giang" and said["so_giay_to"] == "031185000017"
    assert said["ma_ho_so"] == dossier.code and said["noi_dung"] == "Đủ <điều kiện> & đúng."
    assert said["nguoi_ky"] == "Ngô Quang Tuấn" and said["ngay_ky"] == "ngày 06 tháng 7 năm 2026"
    assert said["co_quan"] == world.home.name and said["so_ket_qua"] == "………"
    assert "1|Đơn đề nghị|1" in compose(world, dossier) and "2|Thẻ căn cước|xem tại quầy" in compose(
        world, dossier
    )
    entries = Entry.objects.filter(subject_id=str(dossier.pk), verb="compose_result")
    assert entries.count() == 3 and entries[0].payload["file"] == "mẫu.docx"
    assert AccessLog.objects.filter(dossier=dossier, reason__contains="mẫu.docx").count() == 3


def test_hostile_applicants_stay_text(world: World, chi: Actor) -> None:
    publish(chi, save(chi))
    dossier = approved(world)
    name = "</w:t> & {{ 7*7 }} {_{ <b>Lê\u202e"
    Person.objects.filter(personal_id__isnull=False).update(full_name=name)
    assert f"Kính gửi {name[:-1]}" in compose(world, dossier)


def test_the_specialist_drafts_by_kind_while_proposing(world: World, chi: Actor) -> None:
    publish(chi, save(chi))
    publish(chi, save(chi, docx("Từ chối {{ ho_ten }}"), kind="refused"))
    dossier = proposed(world)
    assert "Kính gửi" in compose(world, dossier, "hoa")
    assert "Từ chối" in compose(world, dossier, "hoa", "refused")


def test_the_most_special_template_is_taken(world: World, chi: Actor) -> None:
    dossier = approved(world)
    result = Result.objects.get(dossier=dossier)
    names = list(
        ResultType.objects.filter(version=dossier.procedure_version_id).values_list("name", flat=True)
    )
    assert result.name in names
    publish(chi, save(chi, docx("chung {{ ho_ten }}")))
    assert "chung" in compose(world, dossier)
    publish(chi, save(chi, docx("riêng {{ ho_ten }}"), procedure=LONG))
    assert "riêng" in compose(world, dossier)
    publish(chi, save(chi, docx("đúng loại {{ ho_ten }}"), procedure=LONG, result=result.name.upper()))
    assert "đúng loại" in compose(world, dossier)
    publish(chi, save(chi, docx("thủ tục khác"), procedure="2.000815"))
    assert "đúng loại" in compose(world, dossier)


def test_a_version_holds_from_its_day_and_the_old_one_stays(world: World, chi: Actor) -> None:
    old = publish(chi, save(chi, docx("bản cũ")))
    publish(chi, save(chi, docx("bản mới")), valid_from=TODAY + timedelta(days=1))
    dossier = approved(world)
    assert "bản cũ" in compose(world, dossier)
    assert "bản mới" in compose(world, dossier, at=MONDAY + timedelta(days=1))
    assert "bản cũ" in text_of(bytes(ResultTemplate.objects.get(pk=old.pk).content))


def test_who_may_take_a_draft_out(world: World, chi: Actor) -> None:
    publish(chi, save(chi))
    dossier = approved(world)
    for name in ("minh", "hoa", "tuan", "mai"):
        with pytest.raises(NotPermitted):
            compose(world, dossier, name)
    with pytest.raises(NotFound):
        compose(world, dossier, "binh")  # another commune
    with pytest.raises(NotFound):
        compose(world, dossier, kind="refused")  # not what was approved
    attempt(world, "issue", "thu", dossier, MONDAY)
    with pytest.raises((NotAllowedNow, NotPermitted)):
        compose(world, dossier)
    assert not Entry.objects.filter(verb="compose_result").exists()


def test_a_result_that_is_not_approved_cannot_be_drafted_by_the_clerk(world: World, chi: Actor) -> None:
    publish(chi, save(chi))
    dossier = proposed(world)
    with pytest.raises(NotPermitted):
        compose(world, dossier)


def test_without_a_template_it_says_whom_to_ask(world: World, chi: Actor) -> None:
    save(chi)  # a draft is not in use
    with pytest.raises(NotFound, match="quản trị nghiệp vụ"):
        compose(world, approved(world))


# ── Drafts and versions


def test_what_saving_refuses(world: World, chi: Actor) -> None:
    for values, field in (
        ({"kind": "x"}, "kind"), ({"procedure": "9.999999"}, "procedure"), ({"result": "Giấy phép"}, "procedure"),
        ({"procedure": LONG, "result": "Không có loại này"}, "result"), ({"data": docx("{{ la }}")}, "file"),
    ):  # fmt: skip
        with pytest.raises(Refusal) as refused:
            save(chi, **values)
        assert refused.value.field == field
    assert not ResultTemplate.objects.exists()


def test_a_second_upload_takes_the_place_of_the_draft(world: World, chi: Actor) -> None:
    first = save(chi, docx("một"))
    second = save(chi, docx("hai {{ ho_ten }}"))
    assert first.pk == second.pk and ResultTemplate.objects.get().names == ["ho_ten"]
    assert save(chi, kind="refused").pk != first.pk


def test_what_publishing_refuses(world: World, chi: Actor) -> None:
    draft = save(chi)
    for day in (TODAY - timedelta(days=1), TODAY + timedelta(days=400)):
        with pytest.raises(Refusal, match="từ hôm nay"):
            publish(chi, draft, valid_from=day)
    seen = result_templates.digest(draft)
    changed = save(chi, docx("khác"))  # another administrator, after this one looked
    with pytest.raises(Conflict, match="người khác thay"):
        publish(chi, changed, seen=seen)
    publish(chi, changed)
    with pytest.raises(Conflict, match="Không còn bản nháp"):
        publish(chi, changed)
    again = save(chi, docx("khác nữa"))
    with pytest.raises(Refusal, match="đã có một bản"):
        publish(chi, again)
    operations.discard_draft(template_id=again.pk, actor=chi, at=MONDAY)
    with pytest.raises(Conflict):
        operations.discard_draft(template_id=again.pk, actor=chi, at=MONDAY)
    same = save(chi, bytes(changed.content))
    with pytest.raises(Refusal, match="không có gì để ban hành"):
        publish(chi, same, valid_from=TODAY + timedelta(days=1))
    with pytest.raises(Conflict):
        operations.discard_draft(template_id=changed.pk, actor=chi, at=MONDAY)  # published ones stay


def test_who_may_keep_templates(world: World, chi: Actor) -> None:
    draft = save(chi)
    for name in ("minh", "tuan", "hoa"):
        with pytest.raises(NotPermitted):
            save(world.actor(name))
    other = admin(world, "binh", world.neighbour.pk)
    with pytest.raises(NotPermitted):
        save(other, agency_id=world.home.pk)
    with pytest.raises(Conflict):
        publish(other, draft)
    with pytest.raises(Conflict):
        operations.discard_draft(template_id=draft.pk, actor=other, at=MONDAY)
    with pytest.raises(NotFound):
        result_templates.get_for(other, draft.pk)
    assert result_templates.page_of(world.neighbour.pk) == []
    publish(other, save(other, docx("phường bên")))
    with pytest.raises(NotFound):
        compose(world, approved(world))  # a neighbour's template is no template of ours


def test_sent_twice_it_is_one(world: World, chi: Actor) -> None:
    key = uuid4().hex
    assert save(chi, key=key).pk == save(chi, key=key).pk
    with pytest.raises(Conflict):
        save(chi, docx("khác"), key=key)
    draft, key = ResultTemplate.objects.get(), uuid4().hex
    assert publish(chi, draft, key=key).pk == publish(chi, draft, key=key).pk
    verbs = list(
        Entry.objects.filter(subject_kind="result_template").order_by("seq").values_list("verb", flat=True)
    )
    assert verbs == ["draft_result_template", "publish_result_template"]


def test_differences_name_fields_gained_and_lost(world: World, chi: Actor) -> None:
    old = publish(chi, save(chi, docx("{{ ho_ten }} {{ co_quan }}")))
    new = save(chi, docx("{{ ho_ten }} {{ ngay_ky }}"))
    assert result_templates.differences(old, new) == (["ngay_ky"], ["co_quan"])


# ── The pages


@pytest.fixture
def site(world: World) -> Any:
    Position.objects.filter(pk=world.positions["minh"]).update(roles=[Role.RECEIVER, Role.BUSINESS_ADMIN])
    return world.client("minh")


def get(site: Any, address: str, status: int = 200) -> Any:
    answer = site.get(address)
    set_database_actor(SYSTEM)
    assert answer.status_code == status, answer.content[:300]
    return answer


def send(site: Any, address: str, **data: Any) -> Any:
    answer = site.post(address, data)
    set_database_actor(SYSTEM)
    return answer


def test_from_the_file_to_the_act(world: World, site: Any) -> None:
    bad = send(
        site, "/result-templates/new/", kind="granted", key="k1", procedure=LONG,
        file=SimpleUploadedFile("mẫu.docx", docx("{{ ho_ten|upper }}"), KIND),
    )  # fmt: skip
    text = bad.content.decode()
    assert (
        bad.status_code == 422
        and "ho_ten|upper" in text
        and "{{ ngay_ky }}" in text
        and f'value="{LONG}"' in text
    )
    made = send(
        site, "/result-templates/new/", kind="granted", key="k1",
        file=SimpleUploadedFile("mẫu.docx", PLAIN, KIND),
    )  # fmt: skip
    assert made.status_code == 302
    address = made["Location"]
    page = get(site, address).content.decode()
    assert "ho_ten" in page and "chưa hồ sơ nào dùng" in page
    assert "Kính gửi Nguyễn Văn Ví Dụ" in text_of(get(site, f"{address}preview.docx").content)
    assert get(site, f"{address}original.docx").content == PLAIN
    form = dict(re.findall(r'name="(seen|key|valid_from)" value="([^"]*)"', page))
    if "valid_from" not in form:
        found = re.search(r'value="(\d\d/\d\d/\d{4})"', page)
        assert found
        form["valid_from"] = found[1]
    assert send(site, address, **{**form, "seen": "x"}).status_code == 422
    assert send(site, address, **form).status_code == 302
    assert send(site, address, **form).status_code == 302  # a second press is the same
    assert "mẫu.docx" in get(site, "/result-templates/").content.decode()
    dossier = approved_now(world)
    clerk = world.client("thu")
    act = get(clerk, f"/dossiers/{dossier.code}/do/issue/").content.decode()
    assert f"/dossiers/{dossier.code}/draft-result/granted.docx" in act
    answer = get(clerk, f"/dossiers/{dossier.code}/draft-result/granted.docx")
    assert answer["Content-Type"] == KIND and "attachment" in answer["Content-Disposition"]
    assert "Kính gửi Phạm Thị Hương Giang" in text_of(answer.content)
    history = get(clerk, f"/dossiers/{dossier.code}/").content.decode()
    assert "Soạn kết quả từ mẫu “mẫu.docx”" in history
    get(world.client("mai"), f"/dossiers/{dossier.code}/draft-result/granted.docx", 403)


def approved_now(world: World) -> Dossier:
    from django.utils import timezone

    now = timezone.now()
    dossier = take_in(world, at=now)
    attempt(world, "assign", "hoa", dossier, now)
    attempt(world, "propose", "hoa", dossier, now, **TO_LEADER)
    attempt(world, "propose", "hoa", dossier, now)
    attempt(world, "approve", "tuan", dossier, now)
    return dossier


def test_the_list_costs_the_same_for_one_and_for_many(world: World, chi: Actor, site: Any) -> None:
    def cost(address: str) -> int:
        get(site, address)
        with CaptureQueriesContext(connection) as seen:
            get(site, address)
        quiet = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT")
        return sum(1 for one in seen.captured_queries if not one["sql"].startswith(quiet))

    publish(chi, save(chi))
    one = cost("/result-templates/")
    rows = [
        ResultTemplate(
            agency=world.home, slot=f"granted/0/{number}", kind="granted", file_name="m.docx", content=PLAIN,
            sha256="0" * 64, names=[], drafted_at=MONDAY, published_at=MONDAY, valid_from=TODAY,
        )
        for number in range(70)
    ]  # fmt: skip
    ResultTemplate.objects.bulk_create(rows)
    assert cost("/result-templates/") == one < 13
    first = get(site, "/result-templates/").content.decode()
    older = re.search(r"\?before=\d+", first)
    assert older and first.count("m.docx") == 30
    assert get(site, f"/result-templates/{older[0]}").content.decode().count("m.docx") == 30


def test_another_agencys_pages_do_not_exist(world: World, site: Any) -> None:
    other = admin(world, "binh", world.neighbour.pk)
    draft = save(other)
    for part in ("", "preview.docx", "original.docx"):
        get(site, f"/result-templates/{draft.pk}/{part}", 404)
    assert send(site, f"/result-templates/{draft.pk}/discard/").status_code == 404
    assert ResultTemplate.objects.filter(pk=draft.pk).exists()
