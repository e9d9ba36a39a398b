"""The pages of moving in: try out, correct columns, bring in by the job, again, take back."""

import re
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from motcua.agencies.models import Unit
from motcua.agencies.operations import people
from motcua.agencies.roles import Role
from motcua.base.audit.models import Entry
from motcua.base.notifications import queries as messages
from motcua.dossiers.models import Dossier
from motcua.dossiers.tests.intake_world import STAFF, World, logged_in
from motcua.lib.actor import SYSTEM
from motcua.lib.refusal import Conflict, NotPermitted
from motcua.moving import jobs
from motcua.moving.models import ColumnMap, Move, MovedDossier, MoveState
from motcua.moving.operations import moves
from motcua.moving.tests import files

pytestmark = pytest.mark.sql


@pytest.fixture
def client(world: World, db: None) -> Client:
    unit = Unit.objects.get(agency=world.home, kind="clerical")
    position, _link = people.invite_officer(
        login_name="quantri", full_name="Quản Trị", unit_id=unit.pk, title="Quản trị", roles=[Role.SYSTEM_ADMIN],
        actor=SYSTEM, at=timezone.now(),
    )  # fmt: skip
    world.accounts["quantri"], world.positions["quantri"] = position.account, position.pk
    return logged_in(Client(HTTP_HOST=STAFF), position.account)


def upload(client: Client, data: bytes, name: str = "ho-so.xlsx", **more: str) -> Any:
    form = {
        "kind": "dossiers",
        "system": "Một cửa cũ",
        "file": SimpleUploadedFile(name, data),
        "key": uuid4().hex,
    }
    return client.post("/moving/new/", form | more)


def staged(client: Client, world: World, rows: list[Any]) -> Move:
    answer = upload(client, files.workbook(rows), agency=str(world.home.pk))
    assert answer.status_code == 302, answer.content.decode()[-2000:]
    return Move.objects.get(pk=answer["Location"].strip("/").split("/")[-1])


def test_a_file_is_tried_out_corrected_and_brought_in(client: Client, world: World) -> None:
    before = Dossier.objects.count()
    move = staged(client, world, [files.row(1), files.row(2), files.row(3, procedure="9.9")])
    assert Dossier.objects.count() == before and move.report["ready"] == 2 and "Giang" not in str(move.report)
    page = client.get(f"/moving/{move.pk}/").content.decode()
    assert "Đọc thử xong, chưa ghi gì" in page and "Danh mục thủ tục" in page
    said = {name: str(column) for name, column in move.columns.items()} | {"key": uuid4().hex}
    wrong = client.post(f"/moving/{move.pk}/", said | {"due": said["accepted"]}, follow=True).content.decode()
    assert "Chưa rõ cột" in wrong
    client.post(f"/moving/{move.pk}/", said | {"save_map": "Một cửa Hải An"})
    assert ColumnMap.objects.get().headings["due"] == "Ngày hẹn trả"
    for _click in range(2):
        assert client.post(f"/moving/{move.pk}/start/").status_code == 302
    assert Move.objects.get(pk=move.pk).state == MoveState.RUNNING
    jobs.run.func(str(move.pk))
    jobs.run.func(str(move.pk))  # the second click's job finds nothing left to do
    move.refresh_from_db()
    assert (move.state, move.content, move.report["new"], move.report["equal"]) == (
        MoveState.DONE,
        "",
        2,
        True,
    )
    news = messages.of_account(move.made_by_id or 0)
    assert [one.link for one in news] == [f"/moving/{move.pk}/"] and "Dòng mới: 2" in (news[0].body or "")
    assert "bằng nhau" in client.get(f"/moving/{move.pk}/").content.decode()
    entry = Entry.objects.filter(verb="move_in").first()
    assert entry is not None and entry.actor_name == "Quản Trị"
    listed = client.get(f"/moving/{move.pk}/troubles.csv").content.decode("utf-8-sig")
    assert listed.splitlines()[1].startswith("4,Tên TTHC,")


def test_a_kept_map_reads_the_next_file_and_bad_files_are_said_on_the_form(
    client: Client, world: World
) -> None:
    headings = {"old_code": "Ô A", "procedure": "Ô B", "status": "Ô C", "applicant": "Ô D", "accepted": "Ô F"}
    ColumnMap.objects.create(kind="dossiers", name="Lạ", headings=headings, changed_at=timezone.now())
    strange = ("Ô A", "Ô B", "Ô C", "Ô D", "Số CCCD", "Ô F", "Hạn", "Ai", "Đâu", "SĐT")
    data = files.workbook([files.row(1)], heading=strange)
    answer = upload(client, data, agency=str(world.home.pk), column_map="Lạ")
    move = Move.objects.get(pk=answer["Location"].strip("/").split("/")[-1])
    assert move.report["ready"] == 1
    old = upload(client, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old", "ho-so.xls")
    assert old.status_code == 422 and "lưu thành .xlsx" in old.content.decode()
    assert upload(client, b"").status_code == 422


def test_a_file_is_taken_back_before_it_runs_and_its_rows_are_forgotten(client: Client, world: World) -> None:
    move = staged(client, world, [files.row(1)])
    assert client.post(f"/moving/{move.pk}/cancel/").status_code == 302
    move.refresh_from_db()
    assert (move.state, move.content) == (MoveState.CANCELLED, "")
    with pytest.raises(Conflict):
        moves.start(move_id=move.pk, actor=SYSTEM, at=timezone.now())
    assert not MovedDossier.objects.exists()


def test_nobody_else_moves_anything(client: Client, world: World) -> None:
    move = staged(client, world, [files.row(1)])
    for name in ("minh", "hoa", "tuan"):
        other = world.client(name)
        assert other.get("/moving/").status_code == other.get(f"/moving/{move.pk}/").status_code == 403
        with pytest.raises(NotPermitted):
            moves.start(move_id=move.pk, actor=world.actor(name), at=timezone.now())
    assert not re.search(
        "031[0-9]{9}", str(Entry.objects.filter(subject_kind="move").values_list("payload", flat=True))
    )
