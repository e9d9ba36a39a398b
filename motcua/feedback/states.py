"""The life of a petition (phản ánh, kiến nghị): states, who moves it, and from where to where."""

from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    """Where a petition stands. Stored, so codes never change."""

    NEW = "new", _("Mới đến")
    WORKING = "working", _("Đang xem xét")
    ASKED = "asked", _("Chờ người gửi nói thêm")
    PROPOSED = "proposed", _("Chờ lãnh đạo duyệt")
    ANSWERED = "answered", _("Đã trả lời")
    REFUSED = "refused", _("Không tiếp nhận")
    PASSED = "passed", _("Đã chuyển cơ quan khác")
    WITHDRAWN = "withdrawn", _("Người gửi đã rút")


#: Nothing more is owed to the sender.
ENDED = (State.ANSWERED, State.REFUSED, State.PASSED, State.WITHDRAWN)
#: The agency's clock of fifteen days runs.
RUNNING = (State.NEW, State.WORKING, State.PROPOSED)


class Verb(StrEnum):
    """What is done to a petition; the same words in addresses, history and rights."""

    ASSIGN = "assign"
    REFUSE = "refuse"
    FORWARD = "forward"  # to an agency of this installation, which goes on with it
    SEND_OUT = "send_out"  # to an agency elsewhere: it ends here
    GIVE_BACK = "give_back"  # to the agency that forwarded it
    ASK = "ask"
    REPLY = "reply"
    GO_ON = "go_on"
    PROPOSE = "propose"
    SEND_BACK = "send_back"
    APPROVE = "approve"
    WITHDRAW = "withdraw"
    PUBLISH = "publish"
    UNPUBLISH = "unpublish"
    KEEP_PRIVATE = "keep_private"
    SCORE = "score"


#: From which states a verb leads where; None: the state stays.
MOVES: dict[Verb, tuple[tuple[State, ...], State | None]] = {
    Verb.ASSIGN: ((State.NEW, State.WORKING), State.WORKING),
    Verb.REFUSE: ((State.NEW, State.WORKING), State.REFUSED),
    Verb.FORWARD: ((State.NEW, State.WORKING), State.NEW),
    Verb.SEND_OUT: ((State.NEW, State.WORKING), State.PASSED),
    Verb.GIVE_BACK: ((State.NEW, State.WORKING), State.NEW),
    Verb.ASK: ((State.NEW, State.WORKING), State.ASKED),
    Verb.REPLY: ((State.ASKED,), State.WORKING),
    Verb.GO_ON: ((State.ASKED,), State.WORKING),
    Verb.PROPOSE: ((State.NEW, State.WORKING), State.PROPOSED),
    Verb.SEND_BACK: ((State.PROPOSED,), State.WORKING),
    Verb.APPROVE: ((State.PROPOSED,), State.ANSWERED),
    Verb.WITHDRAW: ((State.NEW, State.WORKING, State.ASKED), State.WITHDRAWN),
    Verb.PUBLISH: ((State.ANSWERED,), None),
    Verb.UNPUBLISH: ((State.ANSWERED,), None),
    Verb.KEEP_PRIVATE: (tuple(State), None),
    Verb.SCORE: ((State.ANSWERED, State.REFUSED, State.PASSED), None),
}


class About(models.TextChoices):
    """What a petition is about."""

    DOSSIER = "dossier", _("Việc giải quyết một hồ sơ")
    RESULT = "result", _("Không đồng ý với kết quả hồ sơ")
    CONDUCT = "conduct", _("Thái độ, cách làm việc của cán bộ")
    RULE = "rule", _("Quy định, thủ tục")
    PLACE = "place", _("Nơi tiếp nhận, máy móc, trang web")
    OTHER = "other", _("Việc khác")


class Ground(models.TextChoices):
    """Why a petition is not taken up; the sender reads it."""

    NOT_OURS = "not_ours", _("Không thuộc thẩm quyền của cơ quan này")
    COMPLAINT = "complaint", _("Là khiếu nại: gửi theo Luật Khiếu nại")
    DENUNCIATION = "denunciation", _("Là tố cáo: gửi theo Luật Tố cáo")
    UNCLEAR = "unclear", _("Không rõ nội dung")
    ANSWERED = "answered", _("Việc này đã được trả lời")
    OTHER = "other", _("Lý do khác")


class Kind(models.TextChoices):
    """What was written to whom; all but notes are read by the sender."""

    ASK = "ask", _("Cơ quan hỏi thêm")
    REPLY = "reply", _("Người gửi nói thêm")
    ANSWER = "answer", _("Trả lời của cơ quan")
    REFUSAL = "refusal", _("Lý do không tiếp nhận")
    FORWARD = "forward", _("Chuyển đến cơ quan có thẩm quyền")
    RETURN = "returned", _("Trả lại cơ quan đã chuyển")
    NOTE = "note", _("Ghi chú nội bộ")
