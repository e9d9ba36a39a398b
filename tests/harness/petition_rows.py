"""Petitions in every state a page shows: new, asked, late, answered, published, passed on, come from another agency."""

import io
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.utils import timezone

from motcua.agencies.roles import Role
from motcua.base.files.tests.corpus import pdf
from motcua.dossiers.tests.intake_world import World
from motcua.feedback.models import Petition
from motcua.feedback.operations import filing, forwarding, petitions, publishing, questions
from motcua.feedback.queries.petitions import files_of
from motcua.feedback.questions import READY
from motcua.feedback.tests.test_forwarding import leader_at
from motcua.lib.actor import PUBLIC, Actor

_TEXT = "Quầy 2 đóng cửa lúc 16:00 dù bảng ghi 17:00, tôi phải về và hôm sau đến lại."
_ANSWER = "Trung tâm đã nhắc quầy 2 làm việc đến 17:00 và xin lỗi anh/chị."


def build(world: World, *, at: datetime) -> dict[str, Any]:
    """Write the petitions; return the words that stand in addresses."""
    leader_at(world, "lien", "Hà Thị Liên")
    leader, hoa, other = world.actor("tuan"), world.actor("hoa"), world.actor("lien")

    def sent(which: str, *, days: int = 0, agency: int = 0, **more: Any) -> Petition:
        facts = filing.Facts(agency or world.home.pk, "place", f"{_TEXT} ({which})", **more)
        return filing.file_petition(
            facts=facts, files_in=[("bảng giờ.pdf", io.BytesIO(pdf()))] if which == "new" else (), address=which,
            actor=PUBLIC, at=at - timedelta(days=days), key=uuid4().hex,
        )  # fmt: skip

    def given(petition: Petition) -> dict[str, Any]:
        petitions.assign(
            petition_id=petition.pk, position_id=world.positions["hoa"], actor=leader, at=at, key=uuid4().hex
        )
        return {"petition_id": petition.pk, "at": at}

    rows = {name: sent(name) for name in ("new", "asked", "proposed", "answered", "published")}
    rows["late"] = sent("late", days=60, name="Nguyễn Văn Bình", phone="0912345678")
    rows |= {name: sent(name, days=1, name="Trần Thị Thảo") for name in ("gone", "outside")}
    rows["came"] = sent("came", days=1, agency=world.neighbour.pk)
    for name, to, who in (("gone", world.neighbour, leader), ("came", world.home, other)):
        forwarding.forward(
            petition_id=rows[name].pk, agency_id=to.pk, reason="Nơi này do cơ quan đó quản lý.", actor=who, at=at,
            key=uuid4().hex,
        )  # fmt: skip
    petitions.propose(petition_id=rows["gone"].pk, answer=_ANSWER, actor=other, at=at, key=uuid4().hex)
    petitions.approve(petition_id=rows["gone"].pk, answer=_ANSWER, actor=other, at=at, key=uuid4().hex)
    forwarding.send_out(
        petition_id=rows["outside"].pk, name="Công ty Điện lực Hải Phòng", gone_on=timezone.localdate(at),
        reason="Lưới điện trên đảo do công ty quản lý.", actor=leader, at=at, key=uuid4().hex,
    )  # fmt: skip
    petitions.ask(**given(rows["asked"]), question="Hôm nào anh/chị đến?", actor=hoa, key=uuid4().hex)
    for name in ("proposed", "answered", "published"):
        common = {**given(rows[name]), "answer": _ANSWER}
        petitions.propose(**common, actor=hoa, key=uuid4().hex)
        if name != "proposed":
            petitions.approve(**common, actor=leader, key=uuid4().hex)
    shown = publishing.publish(
        petition_id=rows["published"].pk, title="Giờ làm việc của quầy 2", text=_TEXT, answer=_ANSWER, actor=leader,
        at=at, key=uuid4().hex,
    )  # fmt: skip
    names: dict[str, Any] = {f"petition_{name}": row.code for name, row in rows.items()}
    names |= {f"petition_{name}_token": row.token for name, row in rows.items()}
    keeper = Actor(
        kind="officer", account_id=1, position_id=1, roles=frozenset({Role.BUSINESS_ADMIN}), name="Quản trị"
    )
    sets = [
        questions.draft(
            facts=questions.Facts(
                one.title, one.basis, one.scale, one.text, timezone.localdate(at), procedure_code="9.999999"
            ),
            actor=keeper, at=at, key=uuid4().hex,
        )
        for one in (READY[2], READY[3])
    ]  # fmt: skip
    questions.publish(set_id=sets[1].pk, actor=keeper, at=at, key=uuid4().hex)
    names |= {"question_draft": sets[0].pk, "question_set": sets[1].pk}
    return names | {"publication": shown.pk, "petition_file": files_of(rows["new"])[0].pk}
