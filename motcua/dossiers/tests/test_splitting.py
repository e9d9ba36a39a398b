"""Separator sheets from the printer through a scanner's pictures and back: looked at, split, hung on their lines."""

import hashlib
import io
import json
from uuid import uuid4

import img2pdf
import pypdf
import pypdfium2
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image, ImageDraw, ImageFilter

from motcua.base.files import operations as files
from motcua.base.files import queries as stored_files
from motcua.dossiers import queries, separators
from motcua.dossiers.models import Dossier, DossierDocument, DossierFile, Draft
from motcua.dossiers.operations import attachments, splitting
from motcua.dossiers.operations.splitting import PartIn
from motcua.dossiers.separators import Part
from motcua.dossiers.tests.intake_world import World
from motcua.dossiers.tests.lives import LONG, MONDAY, take_in
from motcua.dossiers.tests.test_intake_screen import full
from motcua.lib.actor import SYSTEM
from motcua.lib.refusal import Conflict, NotFound, NotPermitted, Refusal
from motcua.ui.routing import set_database_actor

pytestmark = [pytest.mark.django_db, pytest.mark.sql]


# ── Pure


@pytest.mark.parametrize(
    ("codes", "parts"),
    [
        ([[], []], [Part((1, 2))]),
        ([["MC1:D:H24.12-1:2"], [], []], [Part((2, 3), 2)]),
        ([[], ["MC1:D:H24.12-1:1"], [], ["MC1:K:77"], []], [Part((1,)), Part((3,), 1), Part((5,), 2)]),
        ([["MC1:D:H24.12-9:1"], []], [Part((2,), None, "MC1:D:H24.12-9:1")]),
        ([["MC1:D:H24.12-1:9"], []], [Part((2,), None, "MC1:D:H24.12-1:9")]),
        ([["MC1:K:5"], [], ["MC1:x"], []], [Part((2,), None, "MC1:K:5"), Part((4,), None, "MC1:x")]),
        ([["MC1:K:77"], ["MC1:K:77"], ["https://a"]], [Part((3,), 2)]),
        ([["MC1:K:77"]], []),
    ],
)
def test_pages_are_split_at_separators(codes: list[list[str]], parts: list[Part]) -> None:
    found = separators.parts_of(codes, code="H24.12-1", positions=frozenset({1, 2}), kinds={77: 2})
    assert found == parts


# ── From paper and back


def scanned(pdf: bytes, *, turn: float = 1.5) -> list[Image.Image]:
    """What a scanner makes of printed pages: grey, a little turned, a little blurred, 150 dots an inch."""
    pages = pypdfium2.PdfDocument(pdf)
    return [
        page.render(scale=150 / 72)
        .to_pil()
        .convert("L")
        .rotate(turn, fillcolor=250)
        .filter(ImageFilter.GaussianBlur(0.8))
        for page in pages
    ]


def paper(text: str) -> Image.Image:
    page = Image.new("L", (1240, 1754), 250)
    ImageDraw.Draw(page).text((200, 300), text, fill=20, font_size=60)
    return page


def as_pdf(pages: list[Image.Image]) -> bytes:
    pictures = []
    for page in pages:
        buffer = io.BytesIO()
        page.save(buffer, "JPEG", quality=70)
        pictures.append(buffer.getvalue())
    made = img2pdf.convert(pictures)
    assert isinstance(made, bytes)
    return made


def hang(world: World, dossier: Dossier, content: bytes) -> DossierFile:
    minh = world.actor("minh")
    stored = files.store(
        stream=io.BytesIO(content), filename="Bản quét.pdf", actor=minh, at=MONDAY, purpose="dossier",
        agency_id=dossier.home_agency_id,
    )  # fmt: skip
    return attachments.attach(
        dossier_id=dossier.pk, actor=minh, at=MONDAY, key=uuid4().hex, stored=stored, purpose="other"
    )


@pytest.fixture
def dossier(world: World, db: None) -> Dossier:
    return take_in(world)


@pytest.fixture
def client(world: World, db: None) -> Client:
    return world.client("minh")


@pytest.fixture
def scan(world: World, dossier: Dossier, client: Client) -> DossierFile:
    sheets = scanned(client.get(f"/dossiers/{dossier.code}/separators.pdf").content)
    set_database_actor(SYSTEM)
    assert len(sheets) == 2
    return hang(world, dossier, as_pdf([sheets[0], paper("A1"), paper("A2"), sheets[1], paper("B1")]))


def parts(dossier: Dossier) -> tuple[PartIn, ...]:
    first, second = DossierDocument.objects.filter(dossier=dossier).order_by("position")
    return PartIn((2, 3), first.pk), PartIn((5,), second.pk)


def test_printed_scanned_looked_at_and_split(client: Client, dossier: Dossier, scan: DossierFile) -> None:
    address = f"/dossiers/{dossier.code}/files/{scan.pk}/split/"
    page = client.get(address).content.decode()
    set_database_actor(SYSTEM)
    first, second = DossierDocument.objects.filter(dossier=dossier).order_by("position")
    assert 'name="pages-1" value="2,3"' in page and 'name="pages-2" value="5"' in page
    assert (
        f'<option value="{first.pk}" selected>' in page and f'<option value="{second.pk}" selected>' in page
    )
    assert DossierFile.objects.filter(dossier=dossier).count() == 1, "looking writes nothing"
    before = stored_files.open_content(scan.stored).read()
    sent = {"key": "s1", "pages-1": "2,3", "line-1": str(first.pk), "pages-2": "5", "line-2": str(second.pk)}
    for _time in range(2):
        assert client.post(address, sent).status_code == 302
        set_database_actor(SYSTEM)
    made = {row.document_id: row for row in DossierFile.objects.filter(dossier=dossier).exclude(pk=scan.pk)}
    assert {row.stored.pages for row in made.values()} == {1, 2} and made[first.pk].stored.pages == 2
    assert made[second.pk].stored.original_name == f"{second.name}.pdf"
    scan.refresh_from_db()
    after = stored_files.open_content(scan.stored).read()
    assert after == before and hashlib.sha256(after).hexdigest() == scan.stored.sha256
    part = pypdf.PdfReader(stored_files.open_content(made[first.pk].stored))
    assert len(part.pages) == 2
    response = client.post(address, sent | {"key": "s2"})
    assert response.status_code == 422 and "đã được tách" in response.content.decode()
    set_database_actor(SYSTEM)
    history = client.get(f"/dossiers/{dossier.code}/").content.decode()
    set_database_actor(SYSTEM)
    assert "Tách tệp quét thành 2 phần" in history


def test_a_sheet_of_another_dossier_is_named_and_asked_about(
    world: World, client: Client, dossier: Dossier
) -> None:
    other = take_in(world)
    sheet = scanned(client.get(f"/dossiers/{other.code}/separators.pdf").content, turn=-2)[0]
    set_database_actor(SYSTEM)
    scan = hang(world, dossier, as_pdf([paper("A"), sheet, paper("B")]))
    page = client.get(f"/dossiers/{dossier.code}/files/{scan.pk}/split/").content.decode()
    set_database_actor(SYSTEM)
    assert f"Tờ phân cách của hồ sơ {other.code}." in page and "MC1:" not in page
    assert "selected" not in page.split("<form", 1)[1].split('name="pages-1"')[1].split("</table>")[0]


def test_sheets_by_kind_serve_every_dossier(world: World, client: Client) -> None:
    from motcua.dossiers.operations.intake import PaperIn
    from motcua.dossiers.tests.lives import variant_of
    from motcua.procedures.queries.catalogue import required_documents

    wanted = required_documents(variant_of())[:2]
    papers = tuple(PaperIn(row.name, required_id=row.pk, originals=1) for row in wanted)
    first, other = take_in(world, papers=papers), take_in(world, papers=papers)
    sheets = scanned(client.get(f"/dossiers/{first.code}/separators.pdf?kinds=1").content)
    set_database_actor(SYSTEM)
    scan = hang(world, other, as_pdf([sheets[1], paper("A"), sheets[0], paper("B")]))
    page = client.get(f"/dossiers/{other.code}/files/{scan.pk}/split/").content.decode()
    set_database_actor(SYSTEM)
    lines = list(DossierDocument.objects.filter(dossier=other).order_by("position"))
    chosen = [part.split('"')[0] for part in page.split('<option value="')[1:] if " selected" in part[:60]]
    assert chosen == [str(lines[1].pk), str(lines[0].pk)]


def test_without_separators_the_page_says_so(world: World, client: Client, dossier: Dossier) -> None:
    scan = hang(world, dossier, as_pdf([paper("A"), paper("B")]))
    page = client.get(f"/dossiers/{dossier.code}/files/{scan.pk}/split/").content.decode()
    set_database_actor(SYSTEM)
    assert "Không thấy tờ phân cách nào" in page and 'value="1,2"' in page


def test_a_picture_is_not_split(world: World, client: Client, dossier: Dossier) -> None:
    buffer = io.BytesIO()
    paper("A").save(buffer, "JPEG")
    minh = world.actor("minh")
    stored = files.store(
        stream=io.BytesIO(buffer.getvalue()), filename="a.jpg", actor=minh, at=MONDAY, purpose="dossier",
        agency_id=dossier.home_agency_id,
    )  # fmt: skip
    row = attachments.attach(
        dossier_id=dossier.pk, actor=minh, at=MONDAY, key=uuid4().hex, stored=stored, purpose="other"
    )
    page = client.get(f"/dossiers/{dossier.code}/files/{row.pk}/split/").content.decode()
    set_database_actor(SYSTEM)
    assert "Chỉ tách được tệp PDF" in page


def test_what_does_not_fit_together_splits_nothing(world: World, dossier: Dossier, scan: DossierFile) -> None:
    stranger = DossierDocument.objects.filter(dossier=take_in(world)).first()
    common = {"dossier_id": dossier.pk, "file_id": scan.pk, "actor": world.actor("minh"), "at": MONDAY}
    assert stranger is not None
    for bad in (
        (), (PartIn((2,), None), PartIn((2, 3), None)), (PartIn((9,), None),), (PartIn((0,), None),),
        (PartIn((2,), stranger.pk),),
    ):  # fmt: skip
        with pytest.raises(Refusal):
            splitting.split(parts=bad, key=uuid4().hex, **common)
    assert DossierFile.objects.filter(dossier=dossier).count() == 1
    assert not queries.history(dossier).filter(verb="split").exists()


def test_others_split_nothing(world: World, dossier: Dossier, scan: DossierFile) -> None:
    common = {"dossier_id": dossier.pk, "file_id": scan.pk, "parts": parts(dossier), "at": MONDAY}
    with pytest.raises(NotFound):
        splitting.split(actor=world.actor("binh"), key=uuid4().hex, **common)
    with pytest.raises(NotPermitted):
        splitting.split(actor=world.actor("thu"), key=uuid4().hex, **common)


def test_split_once_whatever_the_key(world: World, dossier: Dossier, scan: DossierFile) -> None:
    common = {
        "dossier_id": dossier.pk, "file_id": scan.pk, "parts": parts(dossier), "actor": world.actor("minh"), "at": MONDAY,
    }  # fmt: skip
    assert len(splitting.split(key="one", **common)) == 2 and len(splitting.split(key="one", **common)) == 2
    with pytest.raises(Conflict, match="đã được tách"):
        splitting.split(key="two", **common)
    assert DossierFile.objects.filter(dossier=dossier).count() == 3


# ── On a draft at the counter, before there is a dossier


@pytest.fixture
def stack(world: World, client: Client) -> tuple[str, str, list[str]]:
    """A draft with a stack scanned on its first line: its page, the split's address, the first two lines' keys."""
    from motcua.dossiers.operations.intake import PaperIn as Line
    from motcua.dossiers.tests.lives import variant_of
    from motcua.procedures.queries.catalogue import required_documents

    wanted = list(required_documents(variant_of())[:2])
    lines = tuple(Line(row.name, required_id=row.pk, originals=1) for row in wanted)
    printed = client.get(f"/dossiers/{take_in(world, papers=lines).code}/separators.pdf?kinds=1")
    sheets = scanned(printed.content)
    set_database_actor(SYSTEM)
    keys = [f"r{row.pk}" for row in wanted]
    page = str(client.get("/intake/")["Location"])
    client.post(f"{page}save", {"field": "procedure", "procedure": LONG})
    content = as_pdf([sheets[1], paper("A1"), paper("A2"), sheets[0], paper("B1")])
    answer = client.post(
        f"{page}files/{keys[0]}",
        {"file": SimpleUploadedFile("tap.pdf", content, content_type="application/pdf")},
    )
    assert answer.status_code == 200, answer.content
    set_database_actor(SYSTEM)
    held = json.loads(Draft.objects.get(pk=page.split("/")[2]).content)["_files"][keys[0]]
    return page, f"{page}files/{keys[0]}/{held[0]['id']}/split/", keys


def held(page: str) -> dict[str, list[str]]:
    set_database_actor(SYSTEM)
    found = json.loads(Draft.objects.get(pk=page.split("/")[2]).content)["_files"]
    return {row: [one["pages"] for one in kept] for row, kept in found.items() if kept}


def test_a_stack_of_a_draft_is_split_before_acceptance(
    world: World, client: Client, stack: tuple[str, str, list[str]]
) -> None:
    page, address, keys = stack
    assert "Tách theo tờ phân cách" in client.get(page).content.decode()
    shown = client.get(address).content.decode()
    assert 'name="pages-1" value="2,3"' in shown and 'name="pages-2" value="5"' in shown
    assert f'<option value="{keys[1]}" selected>' in shown and f'<option value="{keys[0]}" selected>' in shown
    assert held(page) == {keys[0]: [5]}, "looking writes nothing"
    sent = {"pages-1": "2,3", "line-1": keys[1], "pages-2": "5", "line-2": keys[0]}
    for _time in range(2):
        answer = client.post(address, sent)
        assert answer.status_code == 302 and answer["Location"] == page
        assert held(page) == {keys[0]: [1], keys[1]: [2], "scans": [5]}
    assert "Bản quét đã tách" in client.get(page).content.decode()
    set_database_actor(SYSTEM)
    answer = client.post(page, {**full(LONG), "act": "accept"})
    assert answer.status_code == 302, answer.content.decode()[-3000:]
    set_database_actor(SYSTEM)
    files_of = DossierFile.objects.filter(dossier=Draft.objects.get(pk=page.split("/")[2]).dossier_id)
    by_line = {row.document.required_id if row.document else None: row.stored.pages for row in files_of}
    assert by_line == {int(keys[0][1:]): 1, int(keys[1][1:]): 2, None: 5}


def test_what_does_not_fit_splits_no_draft(
    client: Client, world: World, stack: tuple[str, str, list[str]]
) -> None:
    page, address, keys = stack
    before = held(page)
    for bad in (
        {}, {"pages-1": "2", "line-1": "r1x"}, {"pages-1": "9", "line-1": keys[0]}, {"pages-1": "a", "line-1": keys[0]},
        {"pages-1": "2,3", "line-1": keys[0], "pages-2": "3", "line-2": keys[1]}, {"pages-1": "2", "line-1": "r999999"},
    ):  # fmt: skip
        assert client.post(address, bad).status_code == 422, bad
        assert held(page) == before
    assert client.get(address.replace("/split/", "x/split/")).status_code == 404
    assert client.get(f"{page}files/{keys[0]}/{uuid4()}/split/").status_code == 404
    set_database_actor(SYSTEM)
    assert world.client("binh").get(address).status_code == 404
