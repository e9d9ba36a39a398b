"""Real rows behind every page: one dossier for each act, drafts, files, people, links; built by the operations."""

import io
import json
from contextlib import nullcontext
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

import img2pdf
import segno
from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.utils import timezone
from django.utils.translation import gettext_lazy
from fido2.cose import ES256
from fido2.utils import sha256
from fido2.webauthn import (
    Aaguid,
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorAttestationResponse,
    AuthenticatorData,
    CollectedClientData,
    RegistrationResponse,
)
from PIL import Image, ImageDraw

from motcua.accounts import citizen_session
from motcua.accounts.models import AccountKind, SignInDay
from motcua.accounts.operations import informing
from motcua.accounts.operations.accounts import open_account
from motcua.agencies.models import AgencyCode, ChangeKind, Counter, ShopKind, Unit, UnitKind
from motcua.agencies.operations import agencies, changes, delegations, people, places, reviews
from motcua.agencies.roles import Role
from motcua.applicants import queries as applicants
from motcua.applicants.models import Mandate, VaultPaper, VaultSource
from motcua.applicants.operations import bringing, citizens, mandates, vault
from motcua.applicants.operations.person_facts import PersonFacts
from motcua.applicants.vault import open_vault
from motcua.base.calendars.models import Day, DayKind, HoursChange
from motcua.base.calendars.operations import days, edits
from motcua.base.calendars.queries import hours_kept, rows_that_count
from motcua.base.files import operations as files
from motcua.base.files.tests import signing
from motcua.base.files.tests.corpus import pdf
from motcua.base.files.tests.documents import docx
from motcua.base.notifications import queries as messages
from motcua.base.notifications.models import Kind as ToldAt
from motcua.base.notifications.models import Message
from motcua.base.notifications.operations import choosing, telling
from motcua.base.notifications.operations.telling import Word
from motcua.base.retention import operations as retention
from motcua.certification.kinds import SIGNATURE, TRANSLATOR
from motcua.certification.models import CopiedPaper
from motcua.certification.operations import correcting, electronic
from motcua.certification.operations import together as desk_together
from motcua.certification.operations.taking import PaperIn
from motcua.certification.tests import desk_world
from motcua.cli.demo import legal
from motcua.counters import machines
from motcua.counters.models import Hall
from motcua.counters.operations import devices, halls, voices
from motcua.counters.tests import voice_world
from motcua.counters.voice import sound
from motcua.dossiers import clock, scanned, separators, words
from motcua.dossiers.intake_choice import choose
from motcua.dossiers.models import (
    Apology,
    Dossier,
    DossierDocument,
    Draft,
    HandoverSlip,
    Holding,
    Paper,
    ScanText,
    Task,
)
from motcua.dossiers.models.recompute import Choice
from motcua.dossiers.operations import (
    apology,
    attachments,
    counter,
    custody,
    drafts,
    intake,
    people_lists,
    posting,
    recompute,
    result_templates,
    templates,
    together,
    watching,
)
from motcua.dossiers.result_templates import digest
from motcua.dossiers.tests import intake_world, test_posting
from motcua.dossiers.tests.acting import attempt
from motcua.dossiers.tests.intake_world import BIRTH, CARD, World, logged_in
from motcua.dossiers.tests.lives import LONG, common, plan, take_in
from motcua.dossiers.tests.test_people_lists import pupil, sheet
from motcua.exchange.models import ClientDay, Webhook
from motcua.exchange.operations import clients
from motcua.exchange.tests import client_world
from motcua.lib import citizen_card
from motcua.lib.actor import SYSTEM, Actor
from motcua.moving import runs
from motcua.moving.models import Move, MoveState
from motcua.moving.operations import moves
from motcua.moving.tests import files as old_files
from motcua.privacy.operations import answering, erasing, incidents, requests
from motcua.procedures.models import (
    ImportFlag,
    LegalText,
    Procedure,
    ProcedureVariant,
    ProcedureVersion,
    RequiredDocument,
)
from motcua.procedures.operations import keeping
from motcua.procedures.operations.legal_texts import enter
from motcua.reports.operations import counting
from motcua.workflow.models import Workflow
from motcua.workflow.operations import drafting, editing, publishing
from motcua.workflow.source import own
from tests.harness import (
    catalogue_rows,
    console_rows,
    eform_rows,
    hall_rows,
    kiosk_rows,
    online_rows,
    petition_rows,
    phone_rows,
)

PASSWORD = "cau vong sau mua 7"
TO_LEADER = {"choice": "Trình kết quả"}
_PROPOSED = [("assign", "hoa", {}), ("propose", "hoa", TO_LEADER), ("propose", "hoa", {})]
_APPROVED = [*_PROPOSED, ("approve", "tuan", {})]
_ISSUED = [*_APPROVED, ("issue", "thu", {})]
_ASKED = [("assign", "hoa", {}), ("request_supplement", "hoa", {})]

#: By act: what happened to the dossier before its form is on an officer's screen; None is "submitted, not taken in".
BEFORE: dict[str, list[tuple[str, str, dict[str, Any]]] | None] = {
    "accept": None,
    "refuse": None,
    "assign": [],
    "propose": [("assign", "hoa", {})],
    "request_supplement": [("assign", "hoa", {})],
    "receive_supplement": _ASKED,
    "consult": [("assign", "hoa", {})],
    "answer": [("assign", "hoa", {}), ("consult", "hoa", {})],
    "suspend": [("assign", "hoa", {})],
    "suspend_for_money": [("assign", "hoa", {})],
    "resume": [("assign", "hoa", {}), ("suspend", "hoa", {})],
    "extend": [("assign", "hoa", {})],
    "send_back": _PROPOSED,
    "approve": _PROPOSED,
    "approved_with_others": _PROPOSED,
    "issue": _APPROVED,
    "return_result": _ISSUED,
    "withdraw": [],
    "stop": [("assign", "hoa", {})],
    "correct": [("assign", "hoa", {})],
    # Not an act's form, but a state that has a page.
    "returned": [*_ISSUED, ("return_result", "mai", {})],
    "paused": [("assign", "hoa", {}), ("suspend", "hoa", {})],
    # Each on a workflow of its own that the general one does not have.
    "forward": [],
    "open_child": [("forward", "hoa", {})],
}
ACCEPT = (
    '{ key = "accept", name = "Tiếp nhận", role = "receiver", unit = "one_stop", status = 2, by = "accept" },'
)
_STEP = '{ key = "appraise", name = "Thẩm định", role = "specialist", unit = "owner", status = 4 },'
_CHILD = '{ key = "linked", name = "Liên thông thuế", kind = "child", role = "specialist", unit = "owner", status = 4 },'
SIGN = (
    '{ key = "sign", name = "Ký", role = "leader", unit = "leadership", status = 4, by = "approve" },'
    '{ key = "issue", name = "Phát hành", role = "clerk", unit = "clerical", status = 4, by = "issue" },'
    '{ key = "return", name = "Trả", role = "returner", unit = "one_stop", status = 9, by = "return_result", next = "end" },'
)
_WORKFLOWS = {"forward": ACCEPT + _STEP + SIGN, "open_child": ACCEPT + _STEP + _CHILD + SIGN}


class Rows:
    """The world with everything in it that a page shows. `names` are the words that stand in addresses."""

    def __init__(self) -> None:
        self.world: World = intake_world.build()
        self.now = timezone.now()
        self.clients: dict[str, Client] = {}
        self.screens: dict[str, str] = {}  # tokens of paired devices
        self.names: dict[str, Any] = {"birth": BIRTH, "repealed": intake_world.REPEALED}
        self.dossiers: dict[str, Dossier] = {}
        self._people()
        self._office()
        self._dossiers()
        self._papers_on_their_way()
        self._drafts()
        self._together()
        self._kept_texts()
        self._certified()
        self._electronic()
        self._posted()
        self.names |= hall_rows.build(
            point_id=self.names["point"], minh=self.world.actor("minh"), at=self.now
        )
        self._announcer()
        self._kiosk()
        counting.count_months(at=self.now)
        self.names["figures_year"] = timezone.localdate(self.now).year
        paper = Paper.objects.filter(dossier=self.dossiers["propose"]).first()
        assert paper is not None
        self.names |= {"paper": paper.pk, "token": "khong-co"}
        self.names |= eform_rows.build(self.now, chi=self.world.actor("chi"))
        self.names |= catalogue_rows.build(
            chi=self.world.actor("chi"), agency_id=self.world.home.pk, at=self.now
        )
        for facts in legal.TEXTS:
            enter(facts=facts, actor=SYSTEM, at=self.now)
        self.names["legal"] = LegalText.objects.get(key="60/2014/QH13").pk
        self.names["birth_version"] = ProcedureVersion.objects.get(
            procedure__code=BIRTH, state="published"
        ).pk
        self.names["flag"] = ImportFlag.objects.order_by("pk")[0].pk
        self.names["change"] = self._change()
        self._moved_in()
        self._connected()
        self._recomputed()
        self.names |= console_rows.build(
            self.world, point_id=self.names["point"], dossier=self.dossiers["propose"], at=self.now
        )
        asker = replace(self.world.actor("an"), account_id=self.world.accounts["hoa"].pk)
        asked = retention.propose(
            kind="lists", days=60, reason="Quyết định 12/QĐ-UBND", actor=asker, at=self.now, key=""
        )
        self.names["span"] = asked.pk
        self.names |= petition_rows.build(self.world, at=self.now)
        self._keeping(asker)
        self._messages()
        self._privacy()
        self.names |= online_rows.build(self.world, self.world.accounts["lan"], at=self.now)
        self.dossiers["online_refused"] = Dossier.objects.get(code=self.names["online_refused"])
        self._told(self.dossiers["receive_supplement"])
        self._told(Dossier.objects.get(code=self.names["online_dossier"]))
        workflow = Workflow.objects.order_by("pk")[0]
        draft = editing.new_version(version_id=workflow.versions.get().pk, actor=SYSTEM, at=self.now)
        self.names |= {"workflow": workflow.pk, "workflow_draft": draft.pk}
        console_rows.seat(self.world, "yen", "Lê Thị Yến", self.now)
        self.names |= phone_rows.build(
            shop_id=self.names["shop"], officer=self.world.actor("yen"), now=self.now
        )

    def _messages(self) -> None:
        """What Hoa was told, one read and one not; letters of two kinds that could not be handed over."""
        hoa, mark = self.world.accounts["hoa"], uuid4().hex
        for read in (True, False):
            informing.inform(
                account_ids=[hoa.pk], mark=f"{mark}:{read}", subject=gettext_lazy("Đã có ý kiến về hồ sơ %(code)s"),
                body=gettext_lazy("%(unit)s đã trả lời ý kiến được hỏi về hồ sơ %(code)s. Mở hồ sơ để xem và làm tiếp."),
                facts={"code": self.dossiers["propose"].code, "unit": "Phòng Kinh tế"}, link="/reminders/",
                at=self.now,
            )  # fmt: skip
            if read:
                telling.read(account_id=hoa.pk, at=self.now)
        self.names["message"] = messages.of_account(hoa.pk)[0].pk
        for account, error in ((hoa.pk, "SMTPRecipientsRefused 550"), (None, "SMTPDataError 451")):
            dead = telling.tell(
                channel="email", mark=f"{mark}:{error}", subject="Việc hôm nay 07/07/2026", body="x", at=self.now,
                address="hoa@example.vn", account_id=account,
            )  # fmt: skip
            Message.objects.filter(pk=dead.pk).update(state="failed", tries=8, last_error=error)
        phone = choosing.recipient(kind=ToldAt.PHONE, address="0912345678", at=self.now)
        mailbox = choosing.recipient(kind=ToldAt.EMAIL, address="lan@example.vn", at=self.now)
        self.names |= {"telling": choosing.token_of(phone), "telling_mail": choosing.token_of(mailbox)}

    def _told(self, dossier: Dossier) -> None:
        """What its applicant was told: arrived, not arrived and told by letter that came back, waiting, long ago."""
        phone = choosing.recipient(kind=ToldAt.PHONE, address="0912345678", at=self.now)
        mailbox = choosing.recipient(kind=ToldAt.EMAIL, address="lan@example.vn", at=self.now)
        Message.objects.filter(about=f"dossier:{dossier.pk}").delete()
        for number, title in enumerate(("", "Đã tiếp nhận hồ sơ", "Cần bổ sung giấy tờ", "Đã có kết quả")):
            at = self.now - timedelta(days=3 - number, hours=1)
            telling.reach(
                words=[
                    Word("zalo", "0912345678", "x", f"{title}: {dossier.code}" if title else "", recipient_id=phone.pk),
                    Word("sms", "0912345678", "x", f"{title}: {dossier.code}" if title else "", recipient_id=phone.pk),
                    Word("email", "lan@example.vn", "x", f"{title}: hồ sơ {dossier.code}" if title else "", recipient_id=mailbox.pk),
                ],
                mark=f"{dossier.pk}:told:{number}", at=at, about=f"dossier:{dossier.pk}",
            )  # fmt: skip
            ways = Message.objects.filter(mark=f"{dossier.pk}:told:{number}").order_by("place")
            gone: dict[str, Any] = {"state": "sent", "body": None, "address": None, "tries": 1, "sent_at": at}
            arrived, back = {"fate": "delivered", "fate_at": at}, {"fate": "undelivered", "fate_at": self.now}
            changes: list[dict[str, Any]] = [{}, {}, {}]
            if number < 2:
                unneeded = {"state": "dropped", "body": None, "address": None}
                changes = [gone | arrived, unneeded, unneeded]
            elif number == 2:
                changes = [
                    gone | {"state": "passed", "last_error": "zalo -118"},
                    gone | back | {"fate_reason": "ABSENT 27"},
                    gone | back | {"fate_reason": "5.1.1"},
                ]
            for way, change in zip(ways, changes, strict=False):
                if change:
                    Message.objects.filter(pk=way.pk).update(**change)
                    if change.get("state") == "sent":
                        way.attempts.create(
                            number=1, channel=way.channel, provider=way.channel, at=at, milliseconds=9
                        )
        mailbox.failing_since, mailbox.failing_reason = self.now, "5.1.1"
        mailbox.save(update_fields=["failing_since", "failing_reason"])

    def _keeping(self, asker: Actor) -> None:
        """A sector whose dossiers are kept five years, a procedure with a period of its own that waits."""
        birth = Procedure.objects.get(code=BIRTH)
        facts: dict[str, Any] = {
            "how": "years", "years": 5, "source": "TT 10/2022/TT-BNV, Phụ lục I", "at": self.now, "key": "",
            "valid_from": timezone.localdate() - timedelta(days=400),
        }  # fmt: skip
        period = keeping.propose(**facts, sector_id=birth.sector_id, actor=asker)
        keeping.decide(period_id=period.pk, approve=True, actor=self.world.actor("an"), at=self.now, key="")
        building = Procedure.objects.get(code=LONG).sector_id
        period = keeping.propose(**facts, sector_id=building, actor=asker)
        keeping.decide(period_id=period.pk, approve=True, actor=self.world.actor("an"), at=self.now, key="")
        other = Procedure.objects.exclude(pk=birth.pk).order_by("pk")[0]
        waits = keeping.propose(**facts | {"years": 70}, procedure_id=other.pk, actor=asker)
        self.names |= {"kept_sector": birth.sector_id, "kept_procedure": other.pk, "period": waits.pk}

    def _change(self) -> int:
        """A merger planned for next week, of the neighbour into a third, so that every other page stays as it is."""
        home = self.world.home
        third = agencies.open_agency(
            name="UBND phường Đông Hải", short_name="phường Đông Hải", level=home.level, code="H24.14",
            opened_on=intake_world.OPENED, actor=SYSTEM, at=self.now,
        )  # fmt: skip
        change = changes.plan(
            kind=ChangeKind.MERGE, content={"sources": [self.world.neighbour.pk], "target": third.pk},
            on_day=timezone.localdate(self.now) + timedelta(days=7), legal_basis="Nghị quyết 1669/NQ-UBTVQH15",
            actor=SYSTEM, at=self.now,
        )  # fmt: skip
        return change.pk

    def _papers_on_their_way(self) -> None:
        """A slip of two dossiers that nobody has taken, and one of which a dossier did not arrive."""
        minh, hoa = self.world.actor("minh"), self.world.actor("hoa")
        division = Unit.objects.get(agency=self.world.home, kind=UnitKind.DIVISION)

        def give(*names: str, days: int) -> HandoverSlip:
            ids = [
                Holding.objects.get(dossier=self.dossiers[one], until=None, bundle="papers").pk
                for one in names
            ]
            at = self.now - timedelta(days=days)
            return custody.hand_over(
                holding_ids=ids, to_unit_id=division.pk, actor=minh, at=at, key=f"give-{names[0]}"
            )

        waiting, short = give("assign", "propose", days=4), give("consult", "answer", days=1)
        custody.take(
            slip_id=short.pk, taken_ids=[short.lines.get(place=1).pk], missing_ok=True, actor=hoa, at=self.now,
            key="take-short",
        )  # fmt: skip
        line = short.lines.get(place=2)
        here = Holding.objects.get(dossier=self.dossiers["withdraw"], until=None, bundle="papers")
        self.names |= {
            "slip": waiting.number, "short_slip": short.number, "short_line": line.pk, "holding": here.pk,
        }  # fmt: skip

    def _posted(self) -> None:
        """Three dossiers in public posting: named, without a name, and one that nobody has decided on."""
        hoa = self.world.actor("hoa")
        made = [test_posting.posted(self.world, ', exception = "người nhiễm HIV"')]
        made += [take_in(self.world) for _number in range(2)]
        for dossier, how, reason in (
            (made[0], "named", ""),
            (made[1], "unnamed", "Theo yêu cầu của người nộp"),
        ):
            posting.decide(
                dossier_id=dossier.pk, how=how, reason=reason, actor=hoa, at=self.now, key=f"posted-{how}"
            )  # fmt: skip
        steps = Task.objects.filter(dossier__in=made, kind="post", ended_at=None)
        steps.update(due_at=self.now + timedelta(days=5))  # they were taken in last summer; they hang today

    def _certified(self) -> None:
        """The certification desk at every stage, with a void number, one sent back, one unpaid."""
        desk_world.open_lane(self.now)
        desk, at = desk_world.Desk(self.world), self.now
        minh, tuan = self.world.actor("minh"), self.world.actor("tuan")
        two = (desk_world.CARD, PaperIn("Bằng tốt nghiệp trung học phổ thông", 1, 2))
        for who in ("Phạm Thị Lan", "Nguyễn Hoàng Long", "Trần Thị Ngọc Ánh", "Lê Văn Sơn", "Vũ Thị Oanh"):
            visit = desk.take(*two, who=who, at=at)
        self.names |= {"copied": visit.pk, "copied_paper": visit.papers.first().pk}
        spoiled = desk.take(*two, who="Bùi Quang Thắng", at=at, paid=False)
        correcting.void(
            paper_id=spoiled.papers.last().pk,
            reason="Bản chính mờ, không rõ chữ",
            actor=minh,
            at=at,
            key="void",
        )
        signed = desk.take(
            PaperIn("Giấy ủy quyền", 1, 1), who="Phùng Văn Lợi 031078002233", others=("Phùng Thị Mơ 031181005566",),
            kind=SIGNATURE, at=at,
        )  # fmt: skip
        desk.take(
            PaperIn("Bằng tốt nghiệp đại học", 1, 1, "Anh", "Việt"), who="Cao Minh Triết 031088007788", kind=TRANSLATOR,
            at=at,
        )  # fmt: skip
        self.names["signed"] = signed.pk
        back = desk.take(who="Đỗ Thị Yến", at=at)
        correcting.send_back(visit_id=back.pk, reason="Bản sao thiếu trang 2", actor=tuan, at=at, key="back")
        stages = [desk.take(who=f"Đoàn Khánh {name}", at=at) for name in ("Vân", "Nhung", "Dung")]
        for number, (verb, by) in enumerate(
            (("approve", "tuan"), ("issue", "thu"), ("return_result", "mai"))
        ):
            desk_together.act(
                verb=verb, ticked=desk.ticked(*stages[number:]), actor=self.world.actor(by), at=at, key=verb
            )
        self.names |= {"copied_unpaid": spoiled.pk, "copied_back": back.pk, "copied_done": stages[2].pk}
        self.names |= {"copied_electronic": stages[1].pk, "copied_done_paper": stages[2].papers.first().pk}

    def _moved_in(self) -> None:
        """An access review under way; a file of an old system looked at, and one brought in."""
        an = self.world.actor("an")
        self.names["review"] = reviews.open_review(actor=an, at=self.now).pk
        rows = [old_files.row(number) for number in range(1, 9)]
        given: dict[str, Any] = {
            "kind": "dossiers", "system": "Một cửa cũ", "agency": self.world.home, "map_name": "", "actor": an, "at": self.now,
        }  # fmt: skip
        bad = old_files.workbook(
            [*rows, old_files.row(10, procedure="9.999999"), old_files.row(11, due="12/25/2026")]
        )
        self.names["move"] = moves.stage(
            stream=io.BytesIO(bad), file_name="ho-so-dang-giai-quyet.xlsx", **given
        ).pk
        done = moves.stage(
            stream=io.BytesIO(old_files.workbook(rows[:4])), file_name="ho-so-dot-1.xlsx", **given
        )
        with transaction.atomic():
            report = runs.run(
                moves.source_of(done), actor=an, at=self.now, today=timezone.localdate(self.now), opened=nullcontext,
                step=lambda _rows: None,
            )  # fmt: skip
        Move.objects.filter(pk=done.pk).update(state=MoveState.RUNNING)
        self.names["moved"] = moves.finish(move_id=done.pk, report=report, actor=an, at=self.now).pk

    def _connected(self) -> None:
        """Two programs of other agencies: one with a secret, calls and an address that fails; one that was revoked."""
        an, facts = self.world.actor("an"), {"agencies": (self.world.home.pk,), "only_own": False}
        client = client_world.register(self.world, "cong-dvc", **facts).client
        self.names["client"] = client.pk
        for outcome, times in (("in", 214), ("stopped", 9), ("provider_down", 3), ("closed", 1)):
            SignInDay.objects.create(
                day=timezone.localdate(self.now), outcome=outcome, times=times, last_at=self.now
            )
        ClientDay.objects.create(client=client, day=timezone.localdate(self.now), calls=1240, refused=3)
        Webhook.objects.create(
            client=client, url="https://vi-du.gov.vn/nhan-tin", events=["dossier.accept"], secret="whsec_", fails=2,
            created_at=self.now, next_try_at=self.now, last_error="HTTP 500",
        )  # fmt: skip
        old = client_world.register(self.world, "phan-mem-cu").client
        clients.revoke(client_id=old.pk, reason="Hệ thống ngừng dùng", actor=an, at=self.now)
        self.names["client_revoked"] = old.pk

    def _recomputed(self) -> None:
        """A day off that came after dates were promised: one that waits for a choice, and one that was moved.

        Both are withdrawn again, so that every other page counts as before.
        """
        an, chi = self.world.actor("an"), self.world.actor("chi")
        home = self.world.home
        for name, before in (("recompute_done", 3), ("recompute", 5)):
            dossier = take_in(self.world, at=self.now - timedelta(days=before))
            due = timezone.localdate(dossier.due_at)
            day = days.add_day(
                on=due, kind=DayKind.DAY_OFF, name="Nghỉ tránh bão", source="Công điện 7/CĐ-TTg", actor=an,
                at=self.now, calendar_id=home.calendar_id,
            )  # fmt: skip
            row = recompute.open_for_day(day_id=day.pk, actor=an, at=self.now)
            recompute.run(at=self.now)
            self.names[name] = row.pk
            if name == "recompute_done":
                recompute.propose(
                    recompute_id=row.pk, choice=Choice.MOVE, reason="Cả đặc khu nghỉ", actor=chi, at=self.now
                )
                recompute.approve(recompute_id=row.pk, actor=an, at=self.now)
                recompute.run(at=self.now)
            edits.withdraw_day(day_id=day.pk, reason="Chỉ để xem trang", actor=an, at=self.now)
        self.names["hours_change"] = HoursChange.objects.create(
            calendar_id=home.calendar_id, valid_from=timezone.localdate(self.now), source="Quyết định 5/QĐ-UBND",
            before=hours_kept(rows_that_count(home.calendar_id)), made_at=self.now,
        ).pk  # fmt: skip

    # ── People

    def _people(self) -> None:
        office = self._office_unit()
        for name, full_name, kind, roles in (
            ("an", "Quản trị An", AccountKind.STAFF, (Role.SYSTEM_ADMIN,)),
            ("chi", "Trần Kim Chi", AccountKind.STAFF, (Role.BUSINESS_ADMIN,)),
            ("lan", "Người dân Lan", AccountKind.CITIZEN, ()),
        ):
            account = open_account(
                login_name=name, full_name=full_name, account_kind=kind, actor=SYSTEM, at=self.now
            )
            self.world.accounts[name] = account
            if roles:
                self.world.positions[name] = people.appoint(
                    account_id=account.pk, unit_id=office.pk, title="Công chức", roles=roles,
                    valid_from=date(2025, 7, 1), actor=SYSTEM, at=self.now,
                ).pk  # fmt: skip
        lan = PersonFacts(
            full_name="Người dân Lan", personal_id="031190012345", phone="0912345678", scanned=True
        )
        citizens.adopt(account_id=self.world.accounts["lan"].pk, facts=lan, actor=SYSTEM, at=self.now)
        self._mandates()
        self._vault()
        for account in self.world.accounts.values():
            account.set_password(PASSWORD)
            account.save(update_fields=["password"])
        minh, hoa = self.world.accounts["minh"], self.world.accounts["hoa"]
        secret = {"secret": get_adapter().encrypt("JBSWY3DPEHPK3PXP")}
        Authenticator.objects.create(user_id=minh.pk, type=Authenticator.Type.TOTP, data=secret)
        key = Authenticator.objects.create(
            user_id=minh.pk,
            type=Authenticator.Type.WEBAUTHN,
            data={"name": "Máy quầy 3", "credential": _passkey()},
        )
        RecoveryCodes.activate(minh)
        an, other = self.world.actor("an"), self.world.accounts["thu"]
        _position, new = people.invite_officer(
            login_name="moi", full_name="Bùi Văn Mới", unit_id=office.pk, title="Công chức", roles=[Role.CLERK],
            phone="", email="", actor=an, at=self.now,
        )  # fmt: skip
        people.ask_reset(account_id=other.pk, reason="Mất điện thoại", actor=an, at=self.now)
        self.names |= {
            "invitation": new.token, "person": hoa.pk, "position": self.world.positions["hoa"], "passkey": key.pk,
            "invited": new.invitation.account_id, "locked": other.pk,
        }  # fmt: skip

    def _office(self) -> None:
        """Where people go in the first commune, and a day of its calendar."""
        opened, given = date(2025, 7, 1), {"actor": SYSTEM, "at": self.now}
        home = self.world.home
        shop = places.open_shop(
            agency_id=home.pk, name="Trung tâm Phục vụ hành chính công", kind=ShopKind.COMMUNE_CENTRE, opened_on=opened,
            **given,
        )  # fmt: skip
        point = places.open_point(
            shop_id=shop.pk,
            name="Điểm cầu cảng",
            address="Khu cầu cảng, Bạch Long Vĩ",
            opened_on=opened,
            **given,
        )
        counter_row = places.open_counter(point_id=point.pk, number=1, opened_on=opened, **given)
        sealed = people.open_emergency(
            login_name="khan-cap", full_name="Tài khoản khẩn cấp", unit_id=self._office_unit().pk,
            place="Két sắt phòng văn thư", actor=self.world.actor("an"), at=self.now,
        )  # fmt: skip
        self.names |= {
            "agency": home.pk, "agency_code": "H24.12", "shop": shop.pk, "point": point.pk, "counter": counter_row.pk,
            "unit": self._office_unit().pk, "code": AgencyCode.objects.get(agency=home).pk,
            "calendar": home.calendar_id, "day": Day.objects.get(on=date(2026, 9, 2), calendar=None).pk,
            "sealed": sealed.seal.account_id,
        }  # fmt: skip

    def _announcer(self) -> None:
        """An announcer of the hall, who has read some of the words."""
        given: dict[str, Any] = {"actor": SYSTEM, "at": self.now, "key": ""}
        hall = Hall.objects.get(point_id=self.names["point"])
        voice = voices.open_voice(hall_id=hall.pk, name="Cô Lan", accent="vi", **given)
        for place, word in enumerate(("moi-so", "den-quay-so", "mot", "ki-ot-start-vi")):
            audio = sound.wav(voice_world.tone(300 + 100 * place))
            voices.keep_clip(
                hall_id=hall.pk,
                voice_id=voice.pk,
                word=word,
                audio=audio,
                actor=SYSTEM,
                at=self.now,
                key=word,
            )
        self.names["voice"] = voice.pk

    def _mandates(self) -> None:
        """Lan asks to act for a child, which waits, and for a business, which was confirmed."""
        lan = self.world.accounts["lan"]
        who = Actor(kind="applicant", account_id=lan.pk, name=lan.full_name, level=2)
        minh = self.world.actor("minh")

        def ask(kind: str, name: str, number: str, born: date | None) -> Mandate:
            return mandates.ask(
                kind=kind, name=name, number=number, birth_date=born, agency_id=self.world.home.pk,
                stream=io.BytesIO(pdf()), filename="giay.pdf", actor=who, at=self.now, key=number,
            )  # fmt: skip

        business = ask("business", "Công ty TNHH Sóng Biển", "0100112437", None)
        mandates.confirm(
            mandate_id=business.pk, valid_until=timezone.localdate(self.now) + timedelta(days=365), actor=minh,
            at=self.now, key="confirmed",
        )  # fmt: skip
        self.names["mandate_held"] = business.pk
        self.names["mandate"] = ask("child", "Phạm Gia Bảo", "031218000999", date(2018, 5, 6)).pk

    def _vault(self) -> None:
        """Lan has a paper that can be used again."""
        citizen = applicants.citizen(self.world.accounts["lan"].pk)
        assert citizen is not None
        stored = files.store(
            stream=io.BytesIO(pdf()), filename="giay.pdf", actor=SYSTEM, at=self.now, purpose="paper",
            agency_id=self.world.home.pk,
        )  # fmt: skip
        today = timezone.localdate(self.now)
        facts = vault.PaperFacts(
            applicant_id=citizen.person.applicant.pk, name="Giấy xác nhận tình trạng hôn nhân", source=VaultSource.COUNTER, origin=stored.pk,
            origin_code="H24.12-261102-0007", agency_id=self.world.home.pk, handed_in_on=today, files=[stored.pk],
            number="15/UBND-XNTTHN", issuer=self.world.home.name, issued_on=today,
        )  # fmt: skip
        paper = vault.keep(facts=facts, actor=SYSTEM, at=self.now)
        assert paper is not None
        self.names["vault_paper"] = paper.pk

    def _electronic(self) -> None:
        """Lan's wedding paper came from the certification desk; of a signed PDF she sent nobody knows the signer."""
        citizen = applicants.citizen(self.world.accounts["lan"].pk)
        assert citizen is not None
        today = timezone.localdate(self.now)
        lan = citizen.person
        told = bringing.Told(
            name="Giấy chứng nhận kết hôn",
            number="31/2015",
            issued_on=today - timedelta(days=4000),
            for_ever=True,
        )
        copied = CopiedPaper.objects.filter(visit=self.names["copied_electronic"])[0]
        made = electronic.give(
            paper_id=copied.pk, who=f"{lan.full_name} {lan.personal_id}", told=told, stream=io.BytesIO(pdf()),
            filename="ban-sao.pdf", actor=self.world.actor("minh"), at=self.now,
        )  # fmt: skip
        open_vault(lan.applicant.pk)
        self.names["vault_certified"] = VaultPaper.objects.get(origin=made.pk).pk
        signed = signing.signed(signing.holder("Phạm Văn A", "Văn phòng công chứng Sóng Biển"))
        owner = Actor(
            kind="applicant", account_id=self.world.accounts["lan"].pk, for_applicant=lan.applicant.pk
        )
        brought = bringing.bring_in(
            told=bringing.Told(name="Bằng tốt nghiệp đại học"), stream=io.BytesIO(signed), filename="bang.pdf",
            actor=owner, at=self.now,
        )  # fmt: skip
        self.names["vault_signed"] = brought.paper.pk

    def _office_unit(self) -> Unit:
        return Unit.objects.get(agency=self.world.home, kind=UnitKind.CLERICAL)

    def client(self, name: str) -> Client:
        """Return the client of somebody, logged in a moment ago; "" is a visitor, "half" has no second factor."""
        if name not in self.clients:
            client = Client(
                enforce_csrf_checks=True, raise_request_exception=False, HTTP_HOST=intake_world.STAFF
            )
            if name == "half":
                client.force_login(self.world.accounts["tuan"])
            elif name.startswith("screen-"):  # nobody: a screen on the wall, by its cookie
                client.cookies[machines.COOKIE] = self._screen(name.removeprefix("screen-"))
            elif name:
                account = self.world.accounts[name]
                logged_in(client, account)
                session = client.session
                session[AUTHENTICATION_METHODS_SESSION_KEY] = [
                    {"method": "mfa", "type": "totp", "at": timezone.now().timestamp()}
                ]
                session[f"{AUTHENTICATION_METHODS_SESSION_KEY}_user"] = str(account.pk)
                if account.account_kind == AccountKind.CITIZEN:
                    session[citizen_session.LEVEL] = [account.pk, 2]
                session.save()
            self.clients[name] = client
        return self.clients[name]

    def _screen(self, kind: str) -> str:
        """Return the token of a paired screen of the hall of the first commune."""
        if kind not in self.screens:
            point = Counter.objects.get(pk=self.names["counter"]).point
            given: dict[str, Any] = {"actor": SYSTEM, "at": self.now, "key": ""}
            hall = Hall.objects.filter(point=point).first() or halls.open_hall(point_id=point.pk, **given)
            if not hall.services.exists():
                halls.add_service(
                    hall_id=hall.pk, prefix="A", name="Hộ tịch, chứng thực", minutes=10, **given
                )
            token = machines.new_token()
            code = devices.ask(token, self.now)
            devices.pair(
                hall_id=hall.pk, kind=kind, name=kind, code=code, counter_id=self.names["counter"], **given
            )
            self.screens[kind] = token
        return self.screens[kind]

    def _kiosk(self) -> None:
        names, self.screens["kiosk"] = kiosk_rows.build(
            shop_id=self.names["shop"], mai=self.world.actor("mai"), at=self.now
        )
        self.names |= names

    # ── Dossiers

    def _dossiers(self) -> None:
        self.at = self.now - timedelta(days=1)
        late_made = False
        for act, before in BEFORE.items():
            if act in _WORKFLOWS and not late_made:  # on the general workflow, while it still holds
                self._late()
                late_made = True
            if act in _WORKFLOWS:
                self.run_on(act, _WORKFLOWS[act])
            self.dossiers[act] = self._lived(before)
            self.names[act] = self.dossiers[act].code
        dossier = self.dossiers["propose"]
        hoa = self.world.actor("hoa")
        picture = io.BytesIO(scan())
        stored = files.store(
            stream=picture, filename="Đơn đề nghị.jpg", actor=hoa, at=self.at, purpose="dossier",
            agency_id=self.world.home.pk,
        )  # fmt: skip
        self.names["file"] = attachments.attach(
            dossier_id=dossier.pk, actor=hoa, at=self.at, key="scan", stored=stored,
            purpose=words.FilePurpose.DOCUMENT,
            document_id=DossierDocument.objects.filter(dossier=dossier).order_by("position")[0].pk,
        ).pk  # fmt: skip
        said = "ĐƠN ĐỀ NGHỊ\nKính gửi: Ủy ban nhân dân đặc khu\nThửa đất số 1473, tờ bản đồ số 26"
        ScanText.objects.create(
            sha256=stored.sha256, state="read", pages=1, pages_read=1, texts=json.dumps([said]),
            words=scanned.words_of(said), words_seen=17, confidence=91.4, engine="tesseract 5.3.0", language="vie",
            queued_at=self.at, read_at=self.at,
        )  # fmt: skip
        self._scan()

    def _scan(self) -> None:
        """A scan of two papers with a separator sheet of another dossier before the second."""
        dossier, hoa = self.dossiers["propose"], self.world.actor("hoa")
        pages = [scan(), scan()]
        sheet = segno.make_qr(separators.dossier_code(dossier.code, 1))
        for place, words_on_it in ((0, sheet), (2, segno.make_qr("MC1:D:H24.99-261128-0001:1"))):
            picture = io.BytesIO()
            words_on_it.save(picture, kind="png", scale=14, border=20)
            pages.insert(place, picture.getvalue())
        stored = files.store(
            stream=io.BytesIO(img2pdf.convert(pages) or b""), filename="Bản quét cả tập.pdf", actor=hoa, at=self.at,
            purpose="dossier", agency_id=self.world.home.pk,
        )  # fmt: skip
        self.names["scan"] = attachments.attach(
            dossier_id=dossier.pk,
            actor=hoa,
            at=self.at,
            key="whole",
            stored=stored,
            purpose=words.FilePurpose.OTHER,
        ).pk

    def _late(self) -> None:
        """Dossiers that are near their date, past it, apologised for, and unanswered by the applicant.

        Each came in so long ago that the job finds it so now.
        """
        near, late = self._came_in(days=14), self._came_in(days=30)
        proposed, apologised = self._came_in(days=30), self._came_in(days=14)
        variant = ProcedureVariant.objects.filter(pk=late.variant_id)
        variant.update(answer_within_value=5, answer_within_unit="working_day", on_expiry="refuse")
        asked = self._came_in(days=20)
        attempt(self.world, "request_supplement", "hoa", asked, self.now - timedelta(days=19))
        variant.update(answer_within_value=None, answer_within_unit="", on_expiry="")
        minh = self.world.actor("minh")
        by_post = intake.submit(
            intake=plan(self.world, minh, channel="post"), actor=minh, at=self.now - timedelta(days=4), key="by post"
        )  # fmt: skip
        made = {
            "propose_apology": near, "wave_off": near, "late": late, "proposed": proposed, "return_apology": proposed, "by_post": by_post,
            "go_on_without": asked, "refuse_unanswered": asked, "apologised": apologised,
        }  # fmt: skip
        watching.look_after(at=self.now)
        if not Apology.objects.filter(dossier=near).exists():  # the calendar has it a day farther off
            Dossier.objects.filter(pk=near.pk).update(due_at=self.now + timedelta(hours=3))
            watching.look_after(at=self.now)
        attempt(self.world, "extend", "tuan", apologised, self.now, new_due_at=self._later(14))
        apology.propose(
            **common(self.world, "hoa", proposed, self.now),
            new_due_at=self._later(7),
            reason="Chờ kết quả thực địa",
        )
        for name, dossier in made.items():
            dossier.refresh_from_db()
            self.dossiers[name], self.names[name] = dossier, dossier.code

    def _came_in(self, *, days: int) -> Dossier:
        dossier = take_in(self.world, at=self.now - timedelta(days=days))
        attempt(self.world, "assign", "hoa", dossier, self.now - timedelta(days=days) + timedelta(hours=1))
        return dossier

    def _later(self, days: int) -> datetime:
        calendar = clock.calendar_of(self.dossiers["propose"])
        return calendar.closing(calendar.roll_forward(timezone.localdate(self.now) + timedelta(days=days)))

    def _lived(self, before: list[tuple[str, str, dict[str, Any]]] | None) -> Dossier:
        minh = self.world.actor("minh")
        if before is None:
            return intake.submit(
                intake=plan(self.world, minh), actor=minh, at=self.at, key=f"submit {len(self.dossiers)}"
            )
        dossier = take_in(self.world, at=self.at)
        for number, (verb, who, values) in enumerate(before, 1):
            attempt(self.world, verb, who, dossier, self.at + timedelta(minutes=number), **values)
        return dossier

    def run_on(self, key: str, steps: str) -> None:
        """Let the long procedure run on this workflow from now on."""
        draft = own.parse(f'key = "{key}"\nname = "Quy trình {key}"\nsource = "Kiểm thử"\nsteps = [{steps}]')
        version = drafting.save_draft(draft=draft, actor=SYSTEM, at=self.at).version
        publishing.publish(version_id=version.pk, actor=SYSTEM, at=self.at)
        publishing.apply_to_procedure(
            procedure_id=Procedure.objects.get(code=LONG).pk, version_id=version.pk, valid_from=date(2025, 7, 1),
            actor=SYSTEM, at=self.at,
        )  # fmt: skip

    def _together(self) -> None:
        """Somebody stands in; somebody is named in a note; dossiers are watched; texts are kept."""
        today, hoa = timezone.localdate(self.now), self.world.actor("hoa")
        self.names["delegation"] = delegations.delegate(
            from_position=self.world.positions["hoa"], to_position=self.world.positions["thu"], first_day=today,
            last_day=today + timedelta(days=4), procedures=[], reason="Nghỉ phép", actor=hoa, at=self.now,
        ).pk  # fmt: skip

    def _kept_texts(self) -> None:
        tuan, hoa, dossier = self.world.actor("tuan"), self.world.actor("hoa"), self.dossiers["propose"]
        note = together.add_note(
            dossier=dossier, text="Nhờ @hoa gọi lại cho bên đo đạc trước thứ Sáu.", actor=tuan, at=self.now
        )
        for one in ("propose", "returned"):
            together.watch(dossier=self.dossiers[one], on=True, actor=hoa, at=self.now)
        text = templates.save_template(
            key="dudk", text="Hồ sơ đủ điều kiện theo quy định.\nĐề nghị giải quyết.", of_unit=False, actor=hoa,
            at=self.now,
        )  # fmt: skip
        self.names |= {"note": note.pk, "template": text.pk}
        self._templates_of_results()

    def _templates_of_results(self) -> None:
        """One in use, and a draft that is to take its place."""
        chi = self.world.actor("chi")
        made = []
        for paragraphs in (("Kính gửi {{ ho_ten }}",), ("{{ xung_ho }} {{ ho_ten }}", "Số {{ so_ket_qua }}")):
            one = result_templates.save_draft(
                agency_id=self.world.home.pk, kind="granted", procedure="", result="", actor=chi, at=self.now,
                stream=io.BytesIO(docx(*paragraphs)), filename="mau-ket-qua.docx",
            )  # fmt: skip
            made.append(one.pk)
            if len(made) == 1:
                result_templates.publish(
                    template_id=one.pk,
                    valid_from=timezone.localdate(self.now),
                    seen=digest(one),
                    actor=chi,
                    at=self.now,
                )
        self.names |= {"rpublished": made[0], "rtemplate": made[1]}

    # ── Requests about data, and incidents

    def _privacy(self) -> None:
        """A request that waits, one that was answered with a copy, one that erased; an open incident, one half done."""
        minh, tuan = self.world.actor("minh"), self.world.actor("tuan")
        dossier = self.dossiers["propose"]
        given: dict[str, Any] = {
            "wants": "Số điện thoại đã đổi.",
            "card_seen": True,
            "actor": minh,
            "at": self.now,
        }
        of: dict[str, Any] = {"applicant_id": dossier.applicant_id, **given}
        waiting = requests.ask_at_counter(kind="correct", key="", **of)
        seen = requests.ask_at_counter(kind="see", key="", **of)
        erased = requests.ask_at_counter(kind="erase", key="", **of)
        slip = requests.ask_by_slip(dossier=dossier, kind="see", wants="", actor=minh, at=self.now, key="")
        to_erase = requests.ask_at_counter(kind="erase", key="", **of)
        lan = self.world.accounts["lan"]
        signed_in = Actor(kind="applicant", account_id=lan.pk, name=lan.full_name, level=2)
        own = requests.ask_signed_in(
            agency_id=self.world.home.pk, kind="see", wants="", actor=signed_in, at=self.now, key=""
        )
        for one in (seen, erased):
            mark = erasing.digest(erasing.plan(one, answering.subject_of(one))) if one is erased else ""
            requests.finish(request_id=one.pk, answer="Đã làm.", seen=mark, actor=tuan, at=self.now, key="")
        facts: dict[str, Any] = {
            "what": "leak", "title": "Đăng nhầm danh sách lên trang tin", "data_kinds": ["names", "numbers"], "people": 120,
            "story": "Tệp danh sách hiện trên trang tin trong hai giờ.", "serious": True, "actor": minh, "at": self.now,
        }  # fmt: skip
        fresh = incidents.report(found_at=self.now - timedelta(hours=3), key="", **facts)
        late = incidents.report(found_at=self.now - timedelta(hours=80), key="", **facts)
        told = incidents.tell_people(
            incident_id=late.pk, codes=[dossier.code], text="Danh sách đăng nhầm; anh/chị đổi mật khẩu hộp thư.",
            actor=tuan, at=self.now, key="",
        )  # fmt: skip
        self.names |= {
            "yc_waiting": waiting.code, "yc_seen": seen.code, "yc_erased": erased.code, "yc_slip": slip.code, "yc_to_erase": to_erase.code, "yc_own": own.code,
            "yc_secret": seen.secret, "sc_fresh": fresh.code, "sc_late": late.code, "sc_line": told[0].pk,
        }  # fmt: skip

    # ── Drafts

    def _drafts(self) -> None:
        minh = self.world.actor("minh")
        read = citizen_card.parse(CARD, today=timezone.localdate(self.now)).card
        assert read is not None
        filled = drafts.open_draft(
            actor=minh, at=self.now,
            content={
                "full_name": read.full_name, "personal_id": read.personal_id, "procedure": BIRTH, "phone": "0912345678",
            },
        )  # fmt: skip
        kept = counter.keep_file(
            draft_id=filled.pk, row="x1", file=io.BytesIO(scan()), name="giay.jpg", actor=minh, at=self.now
        )
        wanted = (
            RequiredDocument.objects.filter(version__procedure__code=BIRTH, is_note=False)
            .order_by("pk")
            .first()
        )
        assert wanted is not None
        sheet = io.BytesIO()
        segno.make_qr(separators.kind_code(wanted.pk)).save(sheet, kind="png", scale=14, border=20)
        stack = counter.keep_file(
            draft_id=filled.pk, row="x2", name="tap-quet.pdf", actor=minh, at=self.now,
            file=io.BytesIO(img2pdf.convert([scan(), sheet.getvalue(), scan()]) or b""),
        )  # fmt: skip
        self.names |= {"filled": filled.pk, "draft_file": kept[0]["id"], "draft_stack": stack[0]["id"]}
        self.names["empty"] = drafts.open_draft(actor=minh, at=self.now, content={}).pk
        lan = {
            "full_name": "Người dân Lan",
            "personal_id": "031190012345",
            "procedure": BIRTH,
            "phone": "0912345678",
        }
        self.names["known"] = drafts.open_draft(actor=minh, at=self.now, content=lan).pk
        taken = drafts.open_draft(actor=minh, at=self.now, content={})
        drafts.finish(draft_id=taken.pk, actor=minh, dossier=self.dossiers["assign"])
        self.names["batch"] = uuid4()
        Draft.objects.filter(pk=taken.pk).update(batch=self.names["batch"])
        self.names["taken"] = taken.pk
        self._list_of_people()

    def _list_of_people(self) -> None:
        """A class of five: two lines with faults, one taken in."""
        minh = self.world.actor("minh")
        choice = choose(BIRTH, variant="", agency="", actor=minh, day=timezone.localdate(self.now))
        rows = [pupil(1), pupil(2), pupil(3, birth="31/02/2015", phone="12"), pupil(4, id="123"), pupil(5)]
        people, _new = people_lists.upload(
            stream=io.BytesIO(sheet(rows)), filename="lop-5a.xlsx", choice=choice, actor=minh, at=self.now
        )
        people_lists.take_in_some(list_id=people.pk, papers_checked=True, actor=minh, at=self.now, most=1)
        self.names["list"] = people.pk


def _passkey() -> dict[str, Any]:
    """What a browser answers when a passkey is made."""
    made = ES256.from_cryptography_key(ec.generate_private_key(ec.SECP256R1()).public_key())
    inside = AttestedCredentialData.create(Aaguid.NONE, b"motcua-passkey-1", made)
    flags = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.UV | AuthenticatorData.FLAG.AT
    data = AuthenticatorData.create(sha256(intake_world.STAFF.encode()), flags, 0, bytes(inside))
    said = CollectedClientData.create("webauthn.create", b"challenge", f"https://{intake_world.STAFF}")
    answer = AuthenticatorAttestationResponse(
        client_data=said, attestation_object=AttestationObject.create("none", data, {})
    )
    return dict(RegistrationResponse(raw_id=b"motcua-passkey-1", response=answer))


def scan() -> bytes:
    """A picture such as a scanner makes."""
    picture = Image.new("RGB", (620, 877), "white")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((45, 45, 575, 832), outline="black", width=3)
    draw.text((90, 90), "DON DE NGHI", fill="black")
    kept = io.BytesIO()
    picture.save(kept, "JPEG", quality=80)
    return kept.getvalue()


HOSTS = {"public": settings.PUBLIC_HOST, "staff": settings.STAFF_HOST, "files": settings.FILES_HOST}
