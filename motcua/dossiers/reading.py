"""Everything one officer's page on one dossier needs, read once, in a number of queries that never grows."""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from motcua.agencies.roles import Role
from motcua.applicants.models import Applicant
from motcua.base.audit.models import Entry, OperationKey
from motcua.base.calendars.queries import working_calendar
from motcua.counters import scan_page, station_queries
from motcua.counters.models import StationJob
from motcua.dossiers import (
    clock,
    contents,
    hall_tickets,
    held,
    history_words,
    lateness,
    offers,
    paper_corrections,
    paper_words,
    permissions,
    queries,
    related,
    route,
    rows,
    states,
    words,
)
from motcua.dossiers.models import (
    Apology,
    Consultation,
    Dossier,
    DossierDocument,
    DossierFile,
    Holding,
    Note,
    Paper,
    Pause,
    Result,
    SupplementRequest,
    Task,
)
from motcua.dossiers.offers import Desk, Offer
from motcua.dossiers.parts import Part, parts_of, worker
from motcua.dossiers.permissions import Case
from motcua.lib import due
from motcua.lib.actor import Actor
from motcua.lib.working_time import WorkingCalendar
from motcua.ui.components import HistoryItem, Station, TimeBar
from motcua.workflow.engine import Definition, StepKind
from motcua.workflow.queries import definition_of


@dataclass(frozen=True)
class PrintedPaper:
    """An issued paper with the title people know it by, what took its place, and whether it may be corrected."""

    row: Paper
    title: str
    newer: Paper | None = None
    correctable: bool = False


@dataclass(frozen=True)
class Document:
    """A paper of the dossier with the files that show it."""

    row: DossierDocument
    files: list[DossierFile]


@dataclass(frozen=True)
class Sheet:
    """One dossier as one officer sees it at one moment. Parts are read when first asked for."""

    dossier: Dossier
    actor: Actor
    now: datetime

    @cached_property
    def definition(self) -> Definition:
        return definition_of(self.dossier.workflow_version_id)

    @cached_property
    def calendar(self) -> WorkingCalendar:
        return working_calendar(self.dossier.calendar_id)

    @cached_property
    def tasks(self) -> list[Task]:
        """Every step so far, in order."""
        return contents.tasks_of(self.dossier)

    @cached_property
    def open_tasks(self) -> list[Task]:
        return sorted((one for one in self.tasks if one.ended_at is None), key=lambda one: not one.is_owner)

    @cached_property
    def owner(self) -> Task | None:
        return next((one for one in self.open_tasks if one.is_owner), None)

    @cached_property
    def result(self) -> Result | None:
        return contents.result_of(self.dossier)

    @cached_property
    def desk(self) -> Desk:
        return self.desk_of(self.actor)

    def desk_of(self, actor: Actor) -> Desk:
        """The desk of the officer, or of somebody they stand in for."""
        return offers.desk_of(
            Case(actor, self.dossier, tuple(self.open_tasks)), self.definition, self.result,
            tuple(self.children), apology=self.apology, now=self.now,
        )  # fmt: skip

    @cached_property
    def others(self) -> tuple[Actor, ...]:
        """In whose place the officer may work on this dossier today."""
        return tuple(one for one in self.actor.in_place_of if permissions.covers(one, self.dossier))

    @cached_property
    def offers(self) -> list[Offer]:
        found = offers.offers(self.desk)
        if self.others:
            more = [offers.offers(self.desk_of(one)) for one in self.others]
            found = offers.with_others(found, more, self.others)
        several = sum(one.verb == "answer" for one in found) > 1
        return [self._with_question(one) if several and one.verb == "answer" else one for one in found]

    def _with_question(self, offer: Offer) -> Offer:
        """Opinions asked of one desk all have the same name: what was asked tells them apart."""
        assert offer.task is not None
        task = offer.task.pk
        asked = next((one.question for one in self.consultations if one.task_id == task), "")
        return (
            replace(offer, label=f"{words.ACTIONS['answer']}: {Truncator(asked).chars(48)}")
            if asked
            else offer
        )

    def desk_behind(self, offer: Offer) -> Desk:
        """The desk a button belongs to, looked at from the step that the button is about."""
        desk = self.desk if offer.actor is None else self.desk_of(offer.actor)
        return desk.on(offer.task) if offer.step is not None and offer.task is not None else desk

    @cached_property
    def attacher(self) -> Actor | None:
        """In whose right the officer may hang files on the dossier now; None for nobody's."""
        tasks = tuple(self.open_tasks)
        who = (self.actor, *self.others)
        return next((one for one in who if permissions.may("attach", Case(one, self.dossier, tasks))), None)

    def said(self, position_id: int, at: datetime) -> str:
        """Who did something as a stand-in, with in whose place; "" where the holder did it."""
        return self._stood_in.get((position_id, at), "")

    @cached_property
    def _stood_in(self) -> dict[tuple[int | None, datetime], str]:
        stood = (one for one in self.entries if one.on_behalf_of is not None)
        return {(one.position_id, one.at): f"{one.actor_name} {one.actor_title}" for one in stood}

    def offer(self, verb: str, step: int | None = None) -> Offer | None:
        """Return the button of `verb` if it is offered now, for the step of that number where one is named."""
        found = [one for one in self.offers if one.verb == verb]
        if step is None:
            return next((one for one in found if one.step is None), found[0] if found else None)
        return next((one for one in found if one.task is not None and one.task.number == step), None)

    @cached_property
    def may_attach(self) -> bool:
        if self.dossier.state in states.FINAL:
            return False
        return self.attacher is not None

    @cached_property
    def came_with(self) -> list[hall_tickets.Came]:
        """With which numbers of the hall people came for it."""
        return hall_tickets.of_dossier(self.dossier)

    @cached_property
    def here(self) -> station_queries.Here:
        """What stands at the counter where the officer sits."""
        return station_queries.here(self.actor, self.now)

    @property
    def scan_how(self) -> str:
        """The choices of how to scan at that counter, as HTML; "" where nothing scans there."""
        return scan_page.how(self.here.scans)

    @cached_property
    def scans_under_way(self) -> dict[str, StationJob]:
        """Scans for this dossier that the officer asked for and that are not taken yet, by paper."""
        if not self.here.scans:
            return {}
        return station_queries.under_way(self.actor, "dossier", str(self.dossier.pk), self.now)

    @cached_property
    def pauses(self) -> list[Pause]:
        return clock.pauses_of(self.dossier)

    @cached_property
    def bar(self) -> TimeBar | None:
        dossier = self.dossier
        if dossier.status == states.Status.NEW and dossier.answer_due_at is not None:
            left = due.time_left(self.calendar, self.now, dossier.answer_due_at)
            return rows.answer_bar(dossier.answer_due_at, left)
        return rows.bar_of(dossier, self.calendar, self.pauses, now=self.now)

    @cached_property
    def stands(self) -> str:
        """What to say where no clock runs: how a finished dossier stood to its date."""
        dossier = self.dossier
        if dossier.finished_at is None or dossier.due_at is None:
            return rows.stands(dossier) if dossier.finished_at is None else ""
        verdict = due.judge(self.calendar, dossier.due_at, dossier.finished_at)
        if verdict.status is due.Status.LATE:
            late = verdict.working_days_late
            if not late:
                return _("xong quá hạn trong ngày")
            return ngettext("xong quá hạn %(n)s ngày làm việc", "xong quá hạn %(n)s ngày làm việc", late) % {
                "n": late
            }
        return _("xong trước hạn") if verdict.status is due.Status.EARLY else _("xong đúng hạn")

    @cached_property
    def stations(self) -> list[Station]:
        stops = [
            route.Stop(
                step_key=one.step_key, step_name=one.step_name, unit=worker(one, self.children),
                started_at=one.started_at, due_at=one.due_at, ended_at=one.ended_at, is_owner=one.is_owner,
            )
            for one in self.tasks
        ]  # fmt: skip
        returned = self.dossier.status == states.Status.RETURNED
        ended = self.dossier.state in states.FINAL and not returned
        over = str(words.LEGAL[self.dossier.status, self.dossier.sub_status]) if ended else ""
        late = self.bar is not None and self.bar.state == "late"
        paused = self.dossier.paused_at is not None
        line = route.stations(self.definition, stops, returned=returned, over=over, late=late, paused=paused)
        if self.dossier.parent_id is not None and line[-1].door:
            line[-1] = replace(line[-1], name=_("Gửi kết quả về hồ sơ gốc"))
        return line

    @cached_property
    def files(self) -> list[DossierFile]:
        return contents.files_of(self.dossier)

    @cached_property
    def documents(self) -> list[Document]:
        by_paper: dict[Any, list[DossierFile]] = {}
        for one in self.files:
            by_paper.setdefault(one.document_id, []).append(one)
        papers = contents.documents_of(self.dossier)
        return [Document(row, by_paper.get(row.pk, [])) for row in papers]

    @cached_property
    def loose_files(self) -> list[DossierFile]:
        """Files that belong to no single paper: opinions, results, scans not sorted yet."""
        return [one for one in self.files if one.document_id is None]

    @cached_property
    def parties(self) -> dict[Any, Applicant]:
        return {one.pk: one for one in contents.parties_of(self.dossier)}

    @cached_property
    def consultations(self) -> list[Consultation]:
        return contents.consultations_of(self.dossier)

    @cached_property
    def supplements(self) -> list[SupplementRequest]:
        return contents.supplements_of(self.dossier)

    @cached_property
    def waiting_request(self) -> SupplementRequest | None:
        """The request that the dossier waits for now."""
        if self.dossier.status != states.Status.AWAITING_SUPPLEMENT:
            return None
        return next((one for one in reversed(self.supplements) if one.received_at is None), None)

    @cached_property
    def unanswered(self) -> bool:
        """The applicant's own deadline has passed: it is ours to decide."""
        request = self.waiting_request
        return request is not None and request.answer_by is not None and request.answer_by < self.now

    @cached_property
    def apology(self) -> Apology | None:
        """What the system prepared for the date in force; read only where there can be one."""
        dossier = self.dossier
        if dossier.due_at is None or dossier.extended_at is not None or dossier.state not in states.RUNNING:
            return None
        if not lateness.may_be_near(dossier.due_at, self.now):
            return None
        return contents.apology_of(dossier)

    @cached_property
    def sent_back(self) -> str:
        """What the leader wants changed in the proposed apology; "" where nothing was given back."""
        row = self.apology
        if row is None or row.state != "prepared" or row.proposed_at is None:
            return ""
        back = (one for one in reversed(self.entries) if one.verb == "return_apology")
        last = next(back, None)
        return str(last.payload["reason"]) if last is not None and last.at >= row.proposed_at else ""

    @cached_property
    def notes(self) -> list[Note]:
        """What colleagues noted; asked only where there is something."""
        return contents.notes_of(self.dossier) if getattr(self.dossier, "has_notes", True) else []

    @cached_property
    def related(self) -> list[related.Related]:
        """What stands beside it; asked only where there is something."""
        if not getattr(self.dossier, "has_related", True):
            return []
        return related.of_dossier(self.dossier, self.actor, now=self.now)

    @cached_property
    def holdings(self) -> list[Holding]:
        """What is held of the dossier on paper now."""
        return [one for one in held.of_dossier(self.dossier) if one.until is None]

    @cached_property
    def papers(self) -> list[PrintedPaper]:
        rows = contents.papers_of(self.dossier)
        newer = {one.replaces_id: one for one in rows if one.replaces_id is not None}
        case = Case(self.actor, self.dossier)
        return [
            PrintedPaper(
                row, paper_words.title(row.form), newer.get(row.pk),
                row.pk not in newer and permissions.may(paper_corrections.verb_of(row), case),
            )
            for row in rows
        ]  # fmt: skip

    @cached_property
    def entries(self) -> list[Entry]:
        return queries.whole_history(self.dossier)

    @cached_property
    def history(self) -> list[HistoryItem]:
        return history_words.items(self.entries, self.definition)

    @cached_property
    def parent(self) -> Dossier | None:
        if self.dossier.parent_id is None:
            return None
        return Dossier.objects.filter(pk=self.dossier.parent_id).first()

    @cached_property
    def children(self) -> list[Dossier]:
        return contents.children_of(self.dossier)

    @cached_property
    def parts(self) -> list[Part]:
        """What other agencies do inside this dossier."""
        return parts_of(self.children, now=self.now)

    @cached_property
    def waits_for(self) -> Dossier | None:
        """The child that stands open while this dossier's clock stands still for it."""
        if self.owner is None or self.owner.kind != StepKind.CHILD:
            return None
        return next((one for one in self.children if one.finished_at is None), None)

    @cached_property
    def is_own_work(self) -> bool:
        """The officer's unit has or had a step of it, or the officer has acted on it: nothing to explain.

        Before it is accepted it has no step yet: looking at it is the work of those who receive at its agency.
        """
        dossier, actor = self.dossier, self.actor
        waits = dossier.accepted_at is None and dossier.finished_at is None
        if waits and actor.has(Role.RECEIVER) and actor.speaks_for(dossier.home_agency_id):
            return True
        return any(one.unit_id == self.actor.unit_id for one in self.tasks) or any(
            one.account_id == self.actor.account_id for one in self.entries
        )

    @property
    def reads_unexplained(self) -> bool:
        """The officer reads what is not their own work and has not said why today."""
        return not self.is_own_work and not contents.explained_since(
            self.dossier,
            self.actor,
            timezone.localtime(self.now).replace(hour=0, minute=0, second=0, microsecond=0),
        )

    @cached_property
    def readers(self) -> list[HistoryItem]:
        """The last readings, newest first, with names."""
        return [
            HistoryItem(at=at, what=name, note=why) for at, name, why in contents.readers_of(self.dossier)
        ]


def actor_of(request: HttpRequest) -> Actor:
    """Return who makes this request, as the route settled it."""
    actor = request.actor  # type: ignore[attr-defined]
    assert isinstance(actor, Actor)
    return actor


def sheet_for(actor: Actor, code: str, *, now: datetime) -> Sheet:
    """Return the sheet of a dossier; another agency's officer gets the same NotFound as a wrong code."""
    dossier = queries.get_for(actor, code)
    return Sheet(dossier, actor, now)


def was_done(actor: Actor, key: str) -> bool:
    """Tell whether a request with this key was carried out: the form was sent twice."""
    scope = f"{actor.kind}:{actor.account_id or 0}"
    return OperationKey.objects.filter(scope=scope, key=key, answer__isnull=False).exists()
