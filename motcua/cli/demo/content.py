"""Load the demo: calendar, catalogue, workflows, agencies and people, then dossiers. Loading twice adds nothing."""

import time
from collections.abc import Callable
from datetime import date

from django.db import connection, transaction
from django.utils import timezone

from motcua.agencies.demo import load_demo_people
from motcua.agencies.models import Agency, AgencyCode, Unit
from motcua.agencies.operations import agencies as agency_operations
from motcua.base.calendars.models import Calendar
from motcua.base.calendars.operations.days import load_official_days
from motcua.base.calendars.operations.offices import open_calendar, set_hours
from motcua.cli.demo import carried, citizens, copies, devices, hall, land, late, legal, petitions, ratings
from motcua.cli.demo import dossiers as demo_dossiers
from motcua.cli.demo.accounts import password_for
from motcua.dossiers import linked
from motcua.dossiers.models import Dossier, HandlingUnit
from motcua.eforms.operations.publishing import load_shipped
from motcua.lib.actor import SYSTEM
from motcua.procedures.models import AgencyProcedure, Procedure
from motcua.procedures.operations.demo import load_demo_catalogue
from motcua.ui.routing import set_database_actor
from motcua.workflow.operations.loading import load_default_workflows, load_demo_workflows

OPENED = date(2025, 7, 1)
CALENDAR = "HAI_PHONG"

# Which division handles which sector at a commune of the demo; what is not named goes to the other one.
SOCIETY_SECTORS = ("Hộ tịch", "Chứng thực", "Bảo trợ xã hội", "Giảm nghèo")
LAND_OFFICE, TAX_OFFICE = "H24.08.1", "G12.24.6"
TAX_PART = "9.990001"  # what the tax office does inside a land dossier; no counter takes it in


def load(*, dossiers: int, say: Callable[[str], None]) -> None:
    """Bring the demo up to date; `dossiers` are made once, by the same operations the screens call."""
    started = time.monotonic()
    now = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute("set synchronous_commit = off")  # after a power cut the demo is loaded again
    with transaction.atomic():
        set_database_actor(SYSTEM)
        load_official_days(actor=SYSTEM, at=now)
        calendar = _calendar()
        load_demo_catalogue(actor=SYSTEM, at=now)
        load_shipped(actor=SYSTEM, at=now)
        load_default_workflows(actor=SYSTEM, at=now)
        accounts = load_demo_people(at=now, actor=SYSTEM, password_for=password_for)
        citizens.load(accounts, at=now)
        load_demo_workflows(actor=SYSTEM, at=now)
        legal.load(at=now)
        _assign(calendar)
    with transaction.atomic():
        set_database_actor(SYSTEM)
        groups = linked.whole(Dossier.objects.all())
        have_land = groups.filter(competent_agency=_agency(LAND_OFFICE)).count()
        have_elsewhere = carried.received_elsewhere()
        have = groups.filter(certification_visits__isnull=True).count() - have_land - have_elsewhere
    if have < dossiers:  # the first time, or the time after one that was interrupted
        demo_dossiers.load(first=have, count=dossiers, now=now)
    if dossiers:
        land.load(first=have_land, now=now)
        late.load(now=now)
        carried.load(first=have_elsewhere, now=now)
        copies.load(now=now)
        ratings.load_questions(now=now)
        hall.load(now=now)
        ratings.load(now=now)
        petitions.load(now=now)
        devices.load(now=now)
    say(f"Nội dung trình diễn sẵn sàng ({time.monotonic() - started:.1f} s).")


def _calendar() -> Calendar:
    found = Calendar.objects.filter(code=CALENDAR).first()
    if found is not None:
        return found
    now = timezone.now()
    calendar = open_calendar(code=CALENDAR, name="Giờ hành chính Hải Phòng", actor=SYSTEM, at=now)
    set_hours(
        calendar_id=calendar.pk,
        valid_from=date(2023, 1, 1),
        weeks=[demo_dossiers.WEEK],
        source="Giờ trình diễn, theo mẫu giờ hành chính 8 giờ một ngày",
        actor=SYSTEM,
        at=now,
    )
    return calendar


def _assign(calendar: Calendar) -> None:
    """Give every agency its calendar, its procedures, and its divisions their sectors."""
    now = timezone.now()
    for agency in Agency.objects.filter(calendar=None):
        agency_operations.set_calendar(agency_id=agency.pk, calendar_id=calendar.pk, actor=SYSTEM, at=now)
    land_office, tax_office = _agency(LAND_OFFICE), _agency(TAX_OFFICE)
    AgencyProcedure.objects.get_or_create(
        agency=tax_office, procedure=Procedure.objects.get(code=TAX_PART), valid_from=OPENED
    )
    for code in ("H24.12", "H24.13"):
        commune = _agency(code)
        for procedure in Procedure.objects.exclude(code=TAX_PART).select_related("sector"):
            is_land = procedure.sector is not None and procedure.sector.name.startswith("Đất đai")
            AgencyProcedure.objects.get_or_create(
                agency=commune, procedure=procedure, valid_from=OPENED, defaults={"competent": not is_land}
            )
            if is_land:
                AgencyProcedure.objects.get_or_create(
                    agency=land_office, procedure=procedure, valid_from=OPENED
                )
            _handle(commune, procedure)


def _handle(commune: Agency, procedure: Procedure) -> None:
    if procedure.sector is None:
        return
    society = procedure.sector.name in SOCIETY_SECTORS
    wanted = "Phòng Văn hóa - Xã hội" if society else "Phòng Kinh tế, Hạ tầng và Đô thị"
    unit = Unit.objects.filter(agency=commune, name=wanted).first()
    if unit is not None:
        HandlingUnit.objects.get_or_create(
            agency=commune, sector=procedure.sector, valid_from=OPENED, defaults={"unit": unit}
        )


def _agency(code: str) -> Agency:
    return AgencyCode.objects.select_related("agency").get(code=code).agency
