"""A day at the certification desk of the demo: visits at every stage, a void number, one sent back, one unpaid; three
signatures, one of a translator."""

from datetime import datetime, timedelta
from uuid import uuid4

from django.db import transaction
from django.utils import timezone

from motcua.agencies.models import AgencyCode, Position
from motcua.agencies.queries import actor_for
from motcua.certification.kinds import SIGNATURE, TRANSLATOR, Kind
from motcua.certification.models import CopiedPaper, Visit
from motcua.certification.operations import correcting, taking, together
from motcua.certification.operations.taking import PaperIn
from motcua.certification.operations.together import Ticked
from motcua.cli.demo import walk
from motcua.dossiers.models import Task
from motcua.lib.actor import SYSTEM, Actor
from motcua.ui.routing import set_database_actor

COMMUNE = "H24.12"
_NAMES = (
    "Đoàn Thị Nhung", "Bùi Văn Khoa", "Ngô Thu Hương", "Lương Đức Thắng", "Hoàng Thị Yến", "Vũ Quang Hải", "Đỗ Thị Ánh",
    "Trần Hữu Long", "Lê Thị Vân", "Phạm Minh Tùng", "Đặng Thị Ngân", "Nguyễn Văn Phúc",
)  # fmt: skip
_PAPERS = (
    (PaperIn("Căn cước", 2, 3),),
    (PaperIn("Bằng tốt nghiệp trung học phổ thông", 1, 2), PaperIn("Học bạ", 12, 1)),
    (PaperIn("Giấy khai sinh", 1, 4),),
    (PaperIn("Giấy chứng nhận quyền sử dụng đất", 4, 2), PaperIn("Căn cước", 2, 2)),
)
_SIGNATURES: tuple[tuple[Kind, str, tuple[str, ...], PaperIn], ...] = (
    (SIGNATURE, "Đào Thị Hạnh 031190004411", (), PaperIn("Sơ yếu lý lịch", 1, 2)),
    (SIGNATURE, "Phùng Văn Lợi 031078002233", ("Phùng Thị Mơ 031181005566",), PaperIn("Giấy ủy quyền", 1, 1)),
    (TRANSLATOR, "Cao Minh Triết 031088007788", (), PaperIn("Bằng tốt nghiệp đại học", 1, 1, "Anh", "Việt")),
)
# How many acts each visit has behind it: 0 waits for a signature, 1 for the stamp, 2 for its owner, 3 is over.
_STAGES = (3, 3, 3, 2, 2, 1, 0, 0, 0, 0, 0, 0)
_VERBS = ("approve", "issue", "return_result")


def load(*, now: datetime) -> None:
    """Make the day once."""
    with transaction.atomic():
        set_database_actor(SYSTEM)
        commune = AgencyCode.objects.select_related("agency").get(code=COMMUNE).agency
        if Visit.objects.filter(home_agency=commune).exists():
            return
        minh = _actor("minh", now)
        visits = []
        for number, name in enumerate(_NAMES):
            visits.append(
                taking.take_in(
                    who=name, papers=_PAPERS[number % len(_PAPERS)], paid=number != 7, actor=minh,
                    at=now - timedelta(minutes=70 - number * 5), key=uuid4().hex,
                )
            )  # fmt: skip
        for number, (kind, who, others, paper) in enumerate(_SIGNATURES):
            taking.take_in(
                who=who, others=others, papers=(paper,), kind=kind, paid=True, actor=minh,
                at=now - timedelta(minutes=9 - number), key=uuid4().hex,
            )  # fmt: skip
        for visit, acts in zip(visits, _STAGES, strict=True):
            for verb in _VERBS[:acts]:
                _move(visit, verb, now)
        void = CopiedPaper.objects.filter(visit=visits[9]).order_by("number").last()
        assert void is not None
        correcting.void(
            paper_id=void.pk,
            reason="Bản chính mờ, không đủ điều kiện chứng thực",
            actor=minh,
            at=now,
            key=uuid4().hex,
        )
        correcting.send_back(
            visit_id=visits[6].pk,
            reason="Bản sao thiếu trang 2",
            actor=_actor("tuan", now),
            at=now,
            key=uuid4().hex,
        )


def _move(visit: Visit, verb: str, now: datetime) -> None:
    row = Visit.objects.select_related("dossier").get(pk=visit.pk)
    task = Task.objects.get(dossier=row.dossier, is_owner=True, ended_at=None)
    outcome = together.act(
        verb=verb, ticked=(Ticked(row.pk, row.dossier.version, row.version),), actor=walk.actor_of(task, on=now),
        at=now - timedelta(minutes=5), key=uuid4().hex,
    )  # fmt: skip
    assert not outcome.left, outcome.left


def _actor(login: str, now: datetime) -> Actor:
    return actor_for(Position.objects.get(account__login_name=login).pk, timezone.localdate(now))
