"""One procedure for a list of people: the sheet read and tried, then taken in a few lines at a time."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.agencies.models import Position
from motcua.applicants.operations import find_or_register_person
from motcua.base.audit.operations import record
from motcua.base.files import sheets
from motcua.base.retention.operations import swept
from motcua.base.retention.queries import keep
from motcua.dossiers import intake_reading, people_list, permissions
from motcua.dossiers.intake_choice import Choice, is_offered
from motcua.dossiers.models import Dossier, ListRow, PeopleList
from motcua.dossiers.operations import intake
from motcua.dossiers.operations.intake import Intake, PaperIn
from motcua.lib.actor import Actor
from motcua.lib.refusal import Conflict, NotFound, Refusal
from motcua.procedures.models import ProcedureVariant
from motcua.procedures.models.words import Channel
from motcua.ui import dates

AT_ONCE = 10  # lines in one transaction: other counters of the agency wait for its numbers meanwhile
_SUBJECT = "people_list"


@dataclass(frozen=True)
class Progress:
    """How far a list is: lines that became dossiers, that wait, that were refused just now."""

    done: int
    waiting: int
    refused: int


@transaction.atomic
def upload(
    *, stream: BinaryIO, filename: str, choice: Choice, actor: Actor, at: datetime
) -> tuple[PeopleList, bool]:  # fmt: skip
    """Read a sheet for one case of one procedure; return its list, and whether it is new.

    The same file for the same case again leads to the list that was made of it. Refuses what `sheets.read_sheet`
    refuses, and a case that the counter does not receive.
    """
    permissions.require("submit", permissions.Case(actor, None))
    if not is_offered(choice.variant, Channel.IN_PERSON):
        raise Refusal(_("Trường hợp này không nhận tại quầy."), field="procedure")
    read = sheets.read_sheet(stream=stream, filename=filename)
    same = PeopleList.objects.filter(
        home_agency_id=actor.agency_id or 0, variant=choice.variant, sha256=read.sha256, given_up_at=None
    )
    known = same.first()
    if known is not None:
        return known, False
    rows = [people_list.line_of(row, read.unsaved.get(row.number, frozenset())) for row in read.rows]
    place = people_list.head_of(rows)
    headers = [text[:120] for _kind, text in rows[place][1]]
    lines = rows[place + 1 :]
    try:
        with transaction.atomic():
            made = PeopleList.objects.create(
                home_agency_id=actor.agency_id or 0, competent_agency=choice.agency, variant=choice.variant,
                account_id=actor.account_id or 0, file_name=read.name, sha256=read.sha256, sheet=read.sheet,
                headers=headers, columns=people_list.guess(headers), remarks=_remarks(read, place), uploaded_at=at,
            )  # fmt: skip
    except IntegrityError:  # the same file a second time at the same instant
        return same.get(), False
    _try(made, lines, read.merged.keys(), day_of=at)
    record(
        actor=actor, verb="list.upload", subject_kind=_SUBJECT, subject_id=made.pk, at=at,
        agency_id=made.home_agency_id, payload={"lines": len(lines), "variant": choice.variant.pk},
    )  # fmt: skip
    return made, True


def _remarks(read: sheets.SheetRead, head: int) -> list[str]:
    said = read.remarks
    if head:
        said.append(_("Bỏ qua %(n)s dòng phía trên dòng tên cột.") % {"n": head})
    return said


def _try(
    people: PeopleList, lines: Sequence[tuple[int, people_list.Cells]], merged: Collection[int], *,
    day_of: datetime,
) -> None:  # fmt: skip
    """Write every line with what is wrong with it."""
    day, columns, headers = timezone.localdate(day_of), people.columns, people.headers
    between = people_list.together(lines, columns, headers)
    rows = []
    for number, cells in lines:
        problems = people_list.problems_of(number, cells, columns, headers, day=day)
        if number in between:
            problems.append(between[number])
        if number in merged:
            text = _("dòng có ô gộp. Bỏ gộp ô (Merge & Center) và điền đủ từng dòng.")
            problems.append(people_list.Problem(str(number), "", text))
        rows.append(ListRow(
            home_agency_id=people.home_agency_id, people=people, number=number, good=not problems,
            cells=json.dumps(cells, ensure_ascii=False),
            problems=json.dumps(people_list.as_json(problems), ensure_ascii=False) if problems else "",
        ))  # fmt: skip
    ListRow.objects.bulk_create(rows, batch_size=500)


def _locked(list_id: UUID, actor: Actor) -> PeopleList:
    """Lock a list of the actor's own agency: two officers take its lines in one after the other."""
    permissions.require("submit", permissions.Case(actor, None))
    found = (
        PeopleList.objects.select_for_update().filter(pk=list_id, home_agency_id=actor.agency_id or 0).first()
    )
    if found is None:
        raise NotFound(_("Không có danh sách này ở cơ quan anh/chị."))
    if found.given_up_at is not None:
        raise Conflict(_("Danh sách này đã bỏ. Gửi lại tệp nếu cần."))
    return found


@transaction.atomic
def name_columns(
    *, list_id: UUID, columns: Mapping[str, int], actor: Actor, at: datetime, variant_id: int | None = None
) -> PeopleList:  # fmt: skip
    """Say anew which column is what, and which case it is; try every line again.

    Refuses once a line has become a dossier, and a case that another list of the same file stands for.
    """
    people = _locked(list_id, actor)
    if people.rows.filter(became__isnull=False).exists():
        raise Conflict(
            _("Đã có dòng thành hồ sơ nên không đổi cột được nữa. Bỏ phần còn lại và gửi tệp khác.")
        )
    known = {name: place for name, place in columns.items() if name in people_list.FIELDS and 0 <= place < 60}
    lines = [(row.number, json.loads(row.cells or "[]")) for row in people.rows.order_by("number")]
    marked = {
        row.number for row in people.rows.all() if '"heading": ""' in (row.problems or "")
    }  # what merged cells make of a line stays whichever column is what
    people.rows.all().delete()
    people.columns = known
    case = ProcedureVariant.objects.filter(pk=variant_id or 0, version_id=people.variant.version_id).first()
    if case is not None and is_offered(case, Channel.IN_PERSON):
        people.variant = case
    try:
        with transaction.atomic():
            people.save(update_fields=["columns", "variant"])
    except IntegrityError:
        raise Conflict(_("Tệp này đã có một danh sách khác cho trường hợp đó.")) from None
    _try(people, lines, marked, day_of=at)
    return people


@transaction.atomic
def take_in_some(
    *, list_id: UUID, papers_checked: bool, actor: Actor, at: datetime, most: int = AT_ONCE
) -> Progress:  # fmt: skip
    """Take the next good lines in as dossiers, each with numbers of its own; return how far the list is.

    A line is taken in once, whoever asks and however often. One that is refused now (somebody changed a name
    meanwhile) keeps its reason and takes no number. Refuses before the officer has checked the papers.
    """
    people = _locked(list_id, actor)
    if not papers_checked:
        raise Refusal(
            _("Xác nhận đã kiểm đủ giấy tờ bắt buộc của từng người rồi mới tiếp nhận."), field="papers"
        )
    lacks = people_list.lacking(people.columns)
    if lacks:
        raise Refusal(
            _("Chưa biết cột nào là: %(names)s. Chọn cột rồi làm lại.") % {"names": ", ".join(lacks)}
        )
    waiting = people.rows.filter(good=True, became=None)
    variant = ProcedureVariant.objects.select_related("version__procedure").get(pk=people.variant_id)
    papers = _papers(variant)
    refused = 0
    for row in waiting.select_for_update().order_by("number")[:most]:
        refused += not _take_in(row, people, papers, actor, at)
    done = people.rows.filter(became__isnull=False).count()
    return Progress(done, waiting.count(), refused)


def _take_in(
    row: ListRow, people: PeopleList, papers: tuple[PaperIn, ...], actor: Actor, at: datetime
) -> bool:  # fmt: skip
    values = people_list.values_of(json.loads(row.cells or "[]"), people.columns)
    try:
        with transaction.atomic():
            row.became = _dossier(row, values, people, papers, actor, at)
    except Refusal as refusal:
        problem = people_list.Problem(str(row.number), "", refusal.message)
        row.good, row.problems = False, json.dumps(people_list.as_json([problem]), ensure_ascii=False)
        row.save(update_fields=["good", "problems"])
        return False
    row.cells, row.problems = "[]", ""
    row.save(update_fields=["became", "cells", "problems"])
    return True


def _dossier(
    row: ListRow, values: Mapping[str, str], people: PeopleList, papers: tuple[PaperIn, ...], actor: Actor, at: datetime
) -> Dossier:  # fmt: skip
    facts = intake_reading.person_facts(values, "", phone=values["phone"])
    applicant = find_or_register_person(facts=facts, actor=actor, at=at).applicant
    point = Position.objects.filter(pk=actor.position_id or 0).values_list("point_id", flat=True).first()
    plan = Intake(
        variant_id=people.variant_id, channel=Channel.IN_PERSON.value, applicant_id=applicant.pk,
        submitter_id=applicant.pk, papers=papers, competent_agency_id=people.competent_agency_id,
        summary=values["summary"], contact_phone=values["phone"], point_id=point,
    )  # fmt: skip
    return intake.accept_at_counter(intake=plan, actor=actor, at=at, key=f"list:{row.pk}")


def _papers(variant: ProcedureVariant) -> tuple[PaperIn, ...]:
    """What the catalogue asks of everybody, as handed in or shown."""
    return tuple(
        PaperIn(
            name=row.name, required_id=row.required.pk if row.required else None,
            originals=row.asked.get("originals", 0), plain_copies=row.asked.get("copies", 0),
            shown_only=bool(row.asked.get("shown")),
        )
        for row in intake_reading.paper_rows(variant, {}, {})
        if row.must
    )  # fmt: skip


@transaction.atomic
def give_up(*, list_id: UUID, actor: Actor, at: datetime) -> PeopleList:
    """Drop what is left of a list: its lines are emptied, dossiers stay, the same file may come again."""
    people = _locked(list_id, actor)
    _empty(people, at)
    record(
        actor=actor, verb="list.give_up", subject_kind=_SUBJECT, subject_id=people.pk, at=at,
        agency_id=people.home_agency_id, payload={"done": people.rows.filter(became__isnull=False).count()},
    )  # fmt: skip
    return people


def _empty(people: PeopleList, at: datetime) -> None:
    people.rows.filter(became=None).delete()
    people.given_up_at = at
    people.save(update_fields=["given_up_at"])


def sweep(*, at: datetime) -> int:
    """Empty what nobody took in for as long as lists are kept; return of how many."""
    old = _old(at - keep("lists"))
    for people in old:
        _empty(people, at)
    return swept("lists", len(old), at=at)


def untouched_since(before: datetime) -> int:
    """Return how many lists with lines that nobody took in came before `before`."""
    return _old(before).count()


def _old(before: datetime) -> QuerySet[PeopleList]:
    return PeopleList.objects.filter(uploaded_at__lt=before, given_up_at=None, rows__became=None).distinct()


def said_before(people: PeopleList) -> str:
    """What to tell whoever sends a file that came already."""
    return _("Tệp này đã nhận ngày %(day)s cho cùng thủ tục. Đây là danh sách đã làm từ tệp đó.") % {
        "day": dates.day(people.uploaded_at)
    }
