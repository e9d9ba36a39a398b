"""A paper corrected after it was handed out: a new version, the old one stays, its QR says what replaced it."""

import io
import subprocess
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pypdfium2
import pytest
import zxingcpp
from django.test import Client
from django.utils import timezone

from conftest import need
from motcua.base.audit.models import Entry
from motcua.dossiers import paper_data, paper_words, tracking
from motcua.dossiers.models import Dossier, Paper
from motcua.dossiers.operations import correction, intake, papers, pauses
from motcua.dossiers.operations.paper_correction import AlreadyReplaced, correct_paper
from motcua.dossiers.tests.intake_world import World
from motcua.dossiers.tests.lives import MONDAY, common, later, plan, take_in
from motcua.lib.refusal import Conflict, NotPermitted, Refusal
from motcua.ui.routing import set_database_actor

pytestmark = [pytest.mark.django_db, pytest.mark.sql]
WHY = "Ghi nhầm tên chủ hồ sơ"


def shown(client: Client, dossier: Dossier, paper: Paper) -> bytes:
    answer = client.get(f"/dossiers/{dossier.code}/papers/{paper.pk}.pdf")
    assert answer.status_code == 200
    return answer.content


def text_of(made: bytes) -> str:
    program = need("pdftotext", "poppler-utils")
    read = subprocess.run([program, "-layout", "-", "-"], input=made, capture_output=True, check=True)
    return " ".join(read.stdout.decode().split())


def codes_in(made: bytes) -> set[str]:
    """Return what an independent reader finds on the pages, drawn as a printer at 300 dpi draws them."""
    document = pypdfium2.PdfDocument(io.BytesIO(made))
    pictures = [page.render(scale=300 / 72).to_pil() for page in document]
    return {found.text for picture in pictures for found in zxingcpp.read_barcodes(picture)}


def slip_of(dossier: Dossier) -> Paper:
    return Paper.objects.get(dossier=dossier, form="appointment_slip", version=1)


def rename(world: World, dossier: Dossier, name: str = "Phạm Thị Hương Giáng") -> None:
    correction.correct(
        **common(world, "minh", dossier, later(minutes=5), changes={"applicant_name": name}, reason="Gõ nhầm")
    )
    dossier.refresh_from_db()


def correct(
    world: World, paper: Paper, who: str = "minh", at: datetime | None = None, **values: Any
) -> Paper:
    return correct_paper(
        **{
            "paper_id": paper.pk,
            "actor": world.actor(who),
            "at": at or later(hours=1),
            "key": uuid4().hex,
            "reason": WHY,
            "texts": {},
            **values,
        }
    )


def test_a_corrected_slip_says_what_it_replaces_and_the_old_one_stays(world: World) -> None:
    dossier = take_in(world)
    old = slip_of(dossier)
    before = old.data
    rename(world, dossier)
    new = correct(world, old)
    old.refresh_from_db()
    assert (old.data, old.version) == (before, 1)
    assert (new.version, new.replaces_id, new.correction) == (2, old.pk, WHY)
    assert new.number != old.number
    client = world.client("minh")
    text = text_of(shown(client, dossier, new))
    assert f"Bản sửa lần 1, thay bản số {old.number} ngày 06/07/2026" in text
    assert f"Lý do sửa: {WHY}" in text
    assert "Phạm Thị Hương Giáng" in text
    outdated = text_of(shown(client, dossier, old))
    assert f"KHÔNG CÒN DÙNG: đã thay bằng bản sửa lần 1, số {new.number}" in outdated
    set_database_actor(world.actor("minh"))
    assert Entry.objects.filter(subject_id=str(dossier.pk), verb="correct_paper").count() == 1
    page = client.get(f"/dossiers/{dossier.code}/").content.decode()
    assert f"đã thay bằng bản sửa số {new.number}" in page
    assert "bản sửa lần 1" in page


def test_the_old_code_says_on_the_public_page_what_replaced_it(world: World) -> None:
    dossier = take_in(world)
    old = slip_of(dossier)
    client = world.client("minh")
    scanned = next(text for text in codes_in(shown(client, dossier, old)) if "tra-cuu#" in text)
    mark = paper_words.mark_of("appointment_slip", old.number)
    assert scanned.endswith(f"#{dossier.token}.{mark}")
    token = scanned.partition("#")[2]
    public = Client(HTTP_HOST="localhost")
    assert "không còn dùng" not in public.post("/tra-cuu", {"token": token}).content.decode()
    set_database_actor(world.actor("minh"))
    rename(world, dossier)
    new = correct(world, old)
    said = public.post("/tra-cuu", {"token": token}).content.decode()
    assert "Giấy anh/chị vừa quét không còn dùng" in said
    assert f"số {old.number} ngày 06/07/2026 đã được thay" in said
    assert f"bản sửa lần 1, số {new.number}" in said
    # The new one's code, and a code of before there were marks, do not say that the scanned paper is void.
    fresh = next(text for text in codes_in(shown(client, dossier, new)) if "tra-cuu#" in text).partition("#")[
        2
    ]
    assert fresh != token
    for other in (fresh, dossier.token):
        said = public.post("/tra-cuu", {"token": other}).content.decode()
        assert "vừa quét không còn dùng" not in said
        assert f"số {old.number}" in said  # what was replaced is told all the same
    typed = public.post("/tra-cuu", {"code": dossier.code, "secret": dossier.secret}).content.decode()
    assert f"số {old.number}" in typed


def test_corrections_follow_one_another_and_the_first_code_names_the_last(world: World) -> None:
    dossier = take_in(world)
    first = slip_of(dossier)
    rename(world, dossier)
    second = correct(world, first)
    rename(world, dossier, "Phạm Thị Hương Giàng")
    third = correct(world, second, at=later(hours=3))
    assert third.version == 3
    token = f"{dossier.token}.{paper_words.mark_of('appointment_slip', first.number)}"
    found = tracking.by_token(token, address="10.1.1.1", now=timezone.now())
    assert found is not None and found.outdated is not None
    assert (found.outdated.by_number, found.outdated.by_version) == (third.number, 2)


def test_the_texts_of_a_refusal(world: World) -> None:
    minh = world.actor("minh")
    sent = intake.submit(intake=plan(world, minh), actor=minh, at=MONDAY, key=uuid4().hex)
    intake.refuse(
        **common(
            world,
            "minh",
            sent,
            later(minutes=9),
            reason="Không thuộc thẩm quyền",
            where_to_turn="Sở Xây dựng",
        )
    )
    row = Paper.objects.get(dossier=sent, form="refusal")
    new = correct(world, row, texts={"where_to_turn": "UBND phường Hải An"})
    data = paper_data.from_text(new.form, new.data or "")
    assert (data.where_to_turn, data.reason) == ("UBND phường Hải An", "Không thuộc thẩm quyền")
    made = shown(world.client("minh"), sent, new)
    assert any(text.endswith(f".{paper_words.mark_of('refusal', new.number)}") for text in codes_in(made))


def test_what_is_refused(world: World) -> None:
    dossier = take_in(world)
    old = slip_of(dossier)
    with pytest.raises(Refusal, match="không khác bản đã giao"):
        correct(world, old)
    rename(world, dossier)
    with pytest.raises(Refusal, match="lý do"):
        correct(world, old, reason="  x ")
    for nobody in ("mai", "thu", "binh"):
        with pytest.raises(Refusal):
            correct(world, old, who=nobody)
    assert Paper.objects.filter(dossier=dossier).count() == 1
    new = correct(world, old)
    with pytest.raises(AlreadyReplaced, match=new.number):
        correct(world, old)
    with pytest.raises(Conflict, match=new.number):
        papers.reprint(paper_id=old.pk, actor=world.actor("minh"), at=later(hours=2))
    assert papers.reprint(paper_id=new.pk, actor=world.actor("minh"), at=later(hours=2)).reprints == 1


def test_an_apology_is_corrected_by_a_leader_alone(world: World) -> None:
    dossier = take_in(world)
    pauses.extend(
        **common(
            world,
            "tuan",
            dossier,
            later(days=1),
            new_due_at=dossier.due_at + timedelta(days=7),
            reason="Chờ kết quả thực địa",
        )
    )
    row = Paper.objects.get(dossier=dossier, form="apology")
    with pytest.raises(NotPermitted):
        correct(world, row, texts={"reason": "Chờ ý kiến Sở"})
    new = correct(world, row, who="tuan", at=later(days=1, hours=1), texts={"reason": "Chờ ý kiến Sở"})
    before, after = (paper_data.from_text(one.form, one.data or "") for one in (row, new))
    assert after.reason == "Chờ ý kiến Sở"
    assert (after.due_at, after.new_due_at) == (before.due_at, before.new_due_at)


def test_sent_twice_it_is_one(world: World) -> None:
    dossier = take_in(world)
    old = slip_of(dossier)
    rename(world, dossier)
    key = uuid4().hex
    assert correct(world, old, key=key).pk == correct(world, old, key=key).pk
    assert Paper.objects.filter(dossier=dossier).count() == 2


def test_the_page_shows_the_difference_first(world: World) -> None:
    dossier = take_in(world)
    old = slip_of(dossier)
    rename(world, dossier)
    client, address = world.client("minh"), f"/dossiers/{dossier.code}/papers/{old.pk}/correct/"
    page = client.get(address).content.decode()
    assert "Phạm Thị Hương Giáng" in page and "Phạm Thị Hương Giang" in page
    assert client.post(address, {"reason": "", "key": uuid4().hex}).status_code == 422
    key = uuid4().hex
    assert client.post(address, {"reason": WHY, "key": key}).status_code == 302
    assert client.post(address, {"reason": WHY, "key": key}).status_code == 302
    set_database_actor(world.actor("minh"))
    assert Paper.objects.filter(dossier=dossier).count() == 2
    assert world.client("mai").get(address).status_code == 403
    assert world.client("binh").get(address).status_code == 404
