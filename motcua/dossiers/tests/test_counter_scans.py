"""Scans at the counter come to the line they were asked for, for who asked, once; labels say when there is no printer."""

import io
import json
from typing import Any
from uuid import uuid4

import pypdf
import pytest
from django.test import Client
from django.utils import timezone
from PIL import Image

from motcua.agencies.models import ShopKind
from motcua.agencies.operations import places
from motcua.counters.models import Device, StationJob
from motcua.counters.operations import devices, halls, staffing, stations
from motcua.dossiers.models import DossierDocument, DossierFile, Draft
from motcua.dossiers.tests.intake_world import BIRTH, OPENED, World
from motcua.dossiers.tests.lives import take_in
from motcua.lib.actor import SYSTEM
from motcua.ui.routing import set_database_actor

pytestmark = pytest.mark.django_db


@pytest.fixture
def station(world: World, db: None) -> Device:
    """A station at the counter where Minh sits."""
    at = timezone.now()
    common: dict[str, Any] = {"opened_on": OPENED, "actor": SYSTEM, "at": at}
    shop = places.open_shop(agency_id=world.home.pk, name="Trung tâm", kind=ShopKind.COMMUNE_CENTRE, **common)
    point = places.open_point(shop_id=shop.pk, name="Sảnh", address="Số 1", **common)
    counter = places.open_counter(point_id=point.pk, number=1, **common)
    hall = halls.open_hall(point_id=point.pk, actor=SYSTEM, at=at, key="")
    staffing.sign_on(counter_id=counter.pk, actor=world.actor("minh"), at=at, key="")
    made = devices.pair(
        hall_id=hall.pk, kind="station", name="Trạm", code=devices.ask("t" * 43, at), counter_id=counter.pk,
        actor=SYSTEM, at=at, key="",
    )  # fmt: skip
    stations.alive(made, can=["print", "scan"], at=at)
    return made


def scanned(station: Device) -> None:
    """Do what the station does with its next job."""
    set_database_actor(SYSTEM)
    now = timezone.now()
    taken = stations.take(station=station, can=["scan"], at=now)
    assert taken is not None
    buffer = io.BytesIO()
    Image.new("L", (300, 400), 240).save(buffer, "JPEG")
    stations.receive(
        job_id=taken.job.pk,
        lease=taken.lease,
        station=station,
        stream=io.BytesIO(buffer.getvalue()),
        name="a.jpg",
        at=now,
    )


def begin(client: Client) -> tuple[str, str]:
    """A draft with a procedure: its page, and the key of its first line."""
    page = str(client.get("/intake/")["Location"])
    client.post(f"{page}save", {"field": "procedure", "procedure": BIRTH})
    text = client.get(page).content.decode()
    set_database_actor(SYSTEM)
    return page, text.split('data-row="')[1].split('"')[0]


def held(page: str) -> dict[str, Any]:
    set_database_actor(SYSTEM)
    kept = json.loads(Draft.objects.get(pk=page.split("/")[2]).content).get("_files", {})
    return {row: len(files) for row, files in kept.items()}


def test_without_a_station_nothing_is_offered(world: World, minh: Client) -> None:
    page, row = begin(minh)
    assert "data-station" not in minh.get(page).content.decode()
    answer = minh.post(f"{page}scan/{row}/")
    assert answer.status_code == 422 and "máy tính ở quầy" in answer.json()["message"]
    set_database_actor(SYSTEM)
    dossier = take_in(world)
    assert minh.post(f"/dossiers/{dossier.code}/label/").status_code == 422
    (label,) = pypdf.PdfReader(io.BytesIO(minh.get(f"/dossiers/{dossier.code}/label.pdf").content)).pages
    assert round(float(label.mediabox.width) * 25.4 / 72) == 72


def test_pages_come_to_their_line_once(world: World, minh: Client, station: Device) -> None:
    page, row = begin(minh)
    assert f'data-station="{page}scan/{row}/"' in minh.get(page).content.decode()
    part = minh.get(f"{page}case?procedure={BIRTH}&scan=").content.decode()
    assert f'data-station="{page}scan/{row}/"' in part, "also where the procedure is chosen later"
    started = minh.post(f"{page}scan/{row}/", {"key": "one"}).json()
    assert minh.post(f"{page}scan/{row}/", {"key": "one"}).json() == started, "the same press is one scan"
    assert minh.get(started["job"]).json()["state"] == "waiting"
    assert minh.post(started["take"]).status_code == 422 and held(page) == {}
    assert "data-station-job" in minh.get(page).content.decode(), "a page opened anew goes on waiting"
    scanned(station)
    assert minh.get(started["job"]).json() == {
        "state": "done",
        "words": "Đã quét xong.",
        "open": False,
        "choices": [],
    }
    other = started["take"].replace(f"/{row}/", "/x1/")
    assert minh.post(other).status_code == 404 and held(page) == {}, "asked for another line"
    for _time in range(2):
        assert "a.jpg" in minh.post(started["take"]).content.decode()
        assert held(page) == {row: 1}
    assert "data-station-job" not in minh.get(page).content.decode()


def test_a_job_is_only_its_officers(world: World, minh: Client, station: Device) -> None:
    page, row = begin(minh)
    started = minh.post(f"{page}scan/{row}/").json()
    for name in ("mai", "binh"):
        set_database_actor(SYSTEM)
        assert world.client(name).get(started["job"]).status_code == 404
        assert world.client(name).post(started["job"], {"answer": "withdraw"}).status_code == 404
    assert minh.post(started["job"], {"answer": "withdraw", "key": "w"}).json()["state"] == "failed"
    set_database_actor(SYSTEM)
    assert StationJob.objects.get().problem == "withdrawn"
    assert minh.get(f"/stations/jobs/{uuid4()}/").status_code == 404


def test_a_paper_of_a_dossier_is_scanned(world: World, minh: Client, station: Device) -> None:
    dossier = take_in(world)
    paper = DossierDocument.objects.filter(dossier=dossier).first()
    assert paper is not None
    address = f"/dossiers/{dossier.code}/scan/"
    text = minh.get(f"/dossiers/{dossier.code}/").content.decode()
    assert f"{address}?paper={paper.pk}" in text and text.count("data-scan-how") == 1
    assert minh.post(f"{address}?paper={uuid4()}").status_code == 404
    for line, document in ((f"?paper={paper.pk}", paper.pk), ("", None)):
        started = minh.post(address + line).json()
        scanned(station)
        for _time in range(2):
            assert "a.jpg" in minh.post(started["take"]).content.decode()
        set_database_actor(SYSTEM)
        assert DossierFile.objects.filter(dossier=dossier, document_id=document).count() == 1


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ({}, (300, True, False, False)),
        ({"resolution": "200", "duplex": "0", "colour": "1", "glass": "1"}, (200, False, True, True)),
        ({"resolution": "400", "duplex": "x", "colour": "yes"}, (400, False, False, False)),
        ({"resolution": "٣٠٠", "glass": "on"}, (300, True, False, False)),
    ],
)
def test_how_it_is_scanned(
    world: World, minh: Client, station: Device, said: dict[str, str], kept: tuple[int, bool, bool, bool]
) -> None:
    flags = {"duplex": True, "colour": True, "feeder": True, "glass": True}
    stations.alive(
        station, can=["scan"], scanner={"resolutions": [200, 300, 400], **flags}, at=timezone.now()
    )
    page, row = begin(minh)
    assert "mặt kính, một trang" in minh.get(page).content.decode()
    minh.post(f"{page}scan/{row}/", {"key": "a", **said})
    set_database_actor(SYSTEM)
    facts = StationJob.objects.get().facts
    assert tuple(facts[name] for name in ("resolution", "duplex", "colour", "glass")) == kept


def test_a_resolution_that_no_scanner_has_is_refused(world: World, minh: Client, station: Device) -> None:
    page, row = begin(minh)
    answer = minh.post(f"{page}scan/{row}/", {"key": "a", "resolution": "9600"})
    assert answer.status_code == 422 and "dpi" in answer.json()["message"]


def test_a_label_is_asked_for(world: World, minh: Client, station: Device) -> None:
    dossier = take_in(world)
    started = minh.post(f"/dossiers/{dossier.code}/label/", {"key": "one"}).json()
    set_database_actor(SYSTEM)
    job = StationJob.objects.get()
    assert (job.subject_kind, job.subject_id, job.facts["code"]) == ("label", dossier.code, dossier.code)
    assert dossier.applicant_name not in json.dumps(job.facts, ensure_ascii=False), "no name on a folder"
    taken = stations.take(station=station, can=["print"], at=timezone.now())
    assert taken is not None
    stations.fail(
        job_id=job.pk, lease=taken.lease, station=station, problem="printer", unsure=True, at=timezone.now()
    )
    said = minh.get(started["job"]).json()
    assert said["open"] and [one[0] for one in said["choices"]] == ["came_out", "again"]
    assert minh.post(started["job"], {"answer": "came_out", "key": "a"}).json()["state"] == "done"
