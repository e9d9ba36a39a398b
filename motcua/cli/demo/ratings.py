"""The demo's question sets, what visitors answered to them, and ratings of dossiers with a result."""

import random
from datetime import datetime, timedelta
from uuid import uuid4

from django.db import transaction
from django.utils import timezone

from motcua.agencies.models import AgencyCode, Position
from motcua.agencies.queries import actor_for
from motcua.dossiers.models import Dossier
from motcua.feedback.models import QuestionSet, Rating, Reason, Source
from motcua.feedback.operations import questions
from motcua.feedback.operations.ratings import rate
from motcua.feedback.queries import Visit, mark_of, options_of
from motcua.feedback.questions import READY
from motcua.lib.actor import PUBLIC, SYSTEM
from motcua.ui.routing import set_database_actor

COMMUNE = "H24.12"
AT_THE_HALL = "Ba câu hỏi ở sảnh"
_BASIS = "Kế hoạch khảo sát của UBND đặc khu (trình diễn)"
_HALL = """Cán bộ giải thích có dễ hiểu không? | dễ hiểu | tạm được | khó hiểu
Anh/chị phải đến mấy lần cho việc này? | một lần | hai lần | ba lần trở lên
Bảng chỉ dẫn và chỗ ngồi chờ"""
_DAYS = 35
#: What holders of a slip wrote, with the score they gave.
_WORDS = {
    5: ("Có tin nhắn báo từng bước nên không phải hỏi.", "Trả trước hẹn một ngày, cảm ơn các anh chị.", ""),
    4: ("Được việc, nhưng phải photo thêm giấy tờ.", "", "Nên cho nhận kết quả ở bến tàu."),
    3: ("Phải gọi hỏi mới biết hồ sơ đang ở đâu.", ""),
    2: ("Quá hẹn hai ngày mới có, không thấy ai báo.", "Bổ sung giấy tờ hai lần."),
}
_WITH_A_RESULT = (9, 10)


def load_questions(*, now: datetime) -> None:
    """Publish the set of the hall's kiosk and the one for dossiers, five weeks ago."""
    at = now - timedelta(days=_DAYS)
    with transaction.atomic():
        set_database_actor(SYSTEM)
        if QuestionSet.objects.exists():
            return
        commune = AgencyCode.objects.get(code=COMMUNE).agency_id
        keeper = actor_for(Position.objects.get(account__login_name="an").pk, timezone.localdate(now))
        sipas = next(one for one in READY if one.key == "sipas")
        first = timezone.localdate(at)
        for facts in (
            questions.Facts(AT_THE_HALL, _BASIS, "five", _HALL, first, agency_id=commune, channel="kiosk"),
            questions.Facts(sipas.title, sipas.basis, sipas.scale, sipas.text, first, source=Source.DOSSIER),
        ):
            row = questions.draft(facts=facts, actor=keeper, at=at, key=uuid4().hex)
            questions.publish(set_id=row.pk, actor=keeper, at=at, key=uuid4().hex)


def answers_of(asked: QuestionSet, score: int, chance: random.Random) -> dict[str, int]:
    """Return what somebody who gave this score says to the questions: near it, one in six passed over."""
    said = {}
    for one in asked.questions:
        values = [value for value, _label in options_of(one)]
        place = (5 - score) / 4 * (len(values) - 1) + chance.gauss(0, 0.4)
        if chance.random() > 1 / 6:
            said[one["key"]] = values[max(0, min(len(values) - 1, round(place)))]
    return said


def load(*, now: datetime) -> None:
    """Let two of three who got a result say how it was, on the day after; whoever waited past the date says worse."""
    with transaction.atomic():
        set_database_actor(SYSTEM)
        asked = QuestionSet.objects.filter(source=Source.DOSSIER).first()
        if asked is None or Rating.objects.filter(source=Source.DOSSIER).exists():
            return
        chance = random.Random(766)  # noqa: S311  (the same answers for everybody)
        rows = Dossier.objects.filter(status__in=_WITH_A_RESULT).select_related(
            "procedure_version__procedure"
        )
        for row in rows.order_by("code"):
            at = min((row.finished_at or row.submitted_at) + timedelta(days=1), now)
            if chance.random() > 2 / 3:
                continue
            late = row.due_at is not None and row.finished_at is not None and row.finished_at > row.due_at
            procedure = row.procedure_version.procedure
            score = chance.choice((2, 2, 3)) if late else chance.choice((5, 5, 5, 4, 4, 3))
            visit = Visit(
                row.home_agency_id, mark_of(f"dossier|{row.code}"), Source.DOSSIER, procedure.name[:300],
                procedure_code=procedure.code or "",
            )  # fmt: skip
            rate(
                visit=visit, score=score, channel="web", words=chance.choice(_WORDS[score]), question_set=asked,
                reasons=[Reason.ON_TIME] if late else chance.sample(list(Reason), chance.randrange(3)),
                answers=answers_of(asked, score, chance), actor=PUBLIC, at=at, key=uuid4().hex,
            )  # fmt: skip
