"""The words of statuses, verbs and choices: plain ones for citizens, legal ones beside them."""

from datetime import date

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from motcua.dossiers.states import Status, Sub
from motcua.procedures.models.words import Channel
from motcua.ui import dates

LEGAL: dict[tuple[int, str], Promise] = {
    (Status.NEW, Sub.NONE): _("Mới đăng ký"),
    (Status.ACCEPTED, Sub.NONE): _("Được tiếp nhận"),
    (Status.NOT_ACCEPTED, Sub.NONE): _("Không được tiếp nhận"),
    (Status.PROCESSING, Sub.NONE): _("Đang xử lý"),
    (Status.AWAITING_SUPPLEMENT, Sub.NONE): _("Yêu cầu bổ sung giấy tờ"),
    (Status.AWAITING_SUPPLEMENT, Sub.BEFORE_ACCEPTANCE): _("Yêu cầu bổ sung trước khi tiếp nhận"),
    (Status.AWAITING_MONEY, Sub.NONE): _("Yêu cầu thực hiện nghĩa vụ tài chính"),
    (Status.WITHDRAWN, Sub.NONE): _("Công dân yêu cầu rút hồ sơ"),
    (Status.STOPPED, Sub.SUSPENDED): _("Tạm dừng xử lý"),
    (Status.STOPPED, Sub.STOPPED): _("Dừng xử lý"),
    (Status.DONE, Sub.GRANTED): _("Đã xử lý xong"),
    (Status.DONE, Sub.REFUSED): _("Đã xử lý xong (từ chối giải quyết)"),
    (Status.RETURNED, Sub.GRANTED): _("Đã trả kết quả"),
    (Status.RETURNED, Sub.REFUSED): _("Đã trả văn bản từ chối"),
}

PLAIN: dict[tuple[int, str], Promise] = {
    (Status.NEW, Sub.NONE): _("Hồ sơ đã gửi, đang chờ kiểm tra"),
    (Status.ACCEPTED, Sub.NONE): _("Hồ sơ đã được nhận"),
    (Status.NOT_ACCEPTED, Sub.NONE): _("Hồ sơ không được nhận"),
    (Status.PROCESSING, Sub.NONE): _("Hồ sơ đang được giải quyết"),
    (Status.AWAITING_SUPPLEMENT, Sub.NONE): _("Đang chờ anh/chị bổ sung giấy tờ"),
    (Status.AWAITING_SUPPLEMENT, Sub.BEFORE_ACCEPTANCE): _("Đang chờ anh/chị bổ sung giấy tờ"),
    (Status.AWAITING_MONEY, Sub.NONE): _("Đang chờ anh/chị nộp tiền theo thông báo"),
    (Status.WITHDRAWN, Sub.NONE): _("Hồ sơ đã rút theo yêu cầu của anh/chị"),
    (Status.STOPPED, Sub.SUSPENDED): _("Hồ sơ đang tạm dừng"),
    (Status.STOPPED, Sub.STOPPED): _("Hồ sơ đã dừng giải quyết"),
    (Status.DONE, Sub.GRANTED): _("Kết quả đã có, mời anh/chị đến nhận"),
    (Status.DONE, Sub.REFUSED): _("Đã có văn bản trả lời, mời anh/chị đến nhận"),
    (Status.RETURNED, Sub.GRANTED): _("Kết quả đã trao cho anh/chị"),
    (Status.RETURNED, Sub.REFUSED): _("Văn bản trả lời đã trao cho anh/chị"),
}

#: A result that nobody has to fetch at the counter: by how it comes.
_RESULT: dict[tuple[str, str], Promise] = {
    ("post", Sub.GRANTED): _("Kết quả đã có, cơ quan gửi qua bưu chính"),
    ("post", Sub.REFUSED): _("Đã có văn bản trả lời, cơ quan gửi qua bưu chính"),
    ("electronic", Sub.GRANTED): _("Kết quả đã có, đăng nhập để tải về"),
    ("electronic", Sub.REFUSED): _("Đã có văn bản trả lời, đăng nhập để tải về"),
}


def plain(status: int, sub: str, result_channel: str = "") -> str:
    """Say a state to the applicant; of a result that waits, by which way it comes to them."""
    way = _RESULT.get((result_channel, sub)) if status == Status.DONE else None
    return str(way or PLAIN[status, sub])


#: What the national code alone does not say, behind the word of a status; a grant is what the word means anyway.
SUB: dict[str, Promise] = {
    Sub.BEFORE_ACCEPTANCE: _("trước khi tiếp nhận"),
    Sub.SUSPENDED: _("tạm dừng"),
    Sub.STOPPED: _("kết thúc"),
    Sub.REFUSED: _("từ chối"),
}

ACTIONS: dict[str, Promise] = {
    "submit": _("Nộp hồ sơ"),
    "came_in": _("Gửi từ hệ thống khác"),
    "handed_in_online": _("Nộp trực tuyến"),
    "took_result": _("Người nộp tải kết quả"),
    "result_received": _("Hệ thống khác báo đã trao kết quả"),
    "accept": _("Tiếp nhận"),
    "refuse": _("Từ chối tiếp nhận"),
    "request_supplement": _("Yêu cầu bổ sung"),
    "receive_supplement": _("Nhận bổ sung"),
    "go_on_without": _("Giải quyết tiếp, không chờ bổ sung"),
    "refuse_unanswered": _("Từ chối vì không bổ sung"),
    "assign": _("Phân công"),
    "forward": _("Chuyển bước"),
    "send_back": _("Trả lại bước trước"),
    "consult": _("Lấy ý kiến"),
    "answer": _("Trả lời ý kiến"),
    "suspend": _("Tạm dừng"),
    "suspend_for_money": _("Chờ nghĩa vụ tài chính"),
    "resume": _("Tiếp tục giải quyết"),
    "extend": _("Xin lỗi và hẹn lại"),
    "propose": _("Trình kết quả"),
    "approve": _("Phê duyệt"),
    "issue": _("Phát hành kết quả"),
    "issue_refusal": _("Phát hành văn bản từ chối"),
    "return_result": _("Trả kết quả"),
    "withdraw": _("Rút hồ sơ"),
    "stop": _("Dừng giải quyết"),
    "correct": _("Đính chính"),
    "open_child": _("Mở hồ sơ liên thông"),
    "child_done": _("Hồ sơ liên thông đã xong"),
    "follow": _("Chuyển theo cơ quan"),
    "child_failed": _("Hồ sơ liên thông không có kết quả"),
    "reprint": _("In lại"),
    "correct_paper": _("Sửa giấy đã giao"),
    "joint_slip": _("In phiếu chung nhiều hồ sơ"),
    "correct_apology": _("Sửa văn bản xin lỗi đã giao"),
    "attach": _("Đính kèm tệp"),
    "prepare_apology": _("Chuẩn bị xin lỗi và hẹn lại"),
    "propose_apology": _("Trình xin lỗi và hẹn lại"),
    "wave_off": _("Sẽ xong đúng hạn"),
    "return_apology": _("Trả lại đề nghị xin lỗi"),
    "note_late": _("Ghi nhận quá hạn"),
    "recompute": _("Hẹn lại theo lịch làm việc"),
    "remind_supplement": _("Nhắc hạn bổ sung"),
    "expire_supplement": _("Ghi nhận hết hạn bổ sung"),
    "hand_over_papers": _("Lập phiếu bàn giao giấy tờ"),
    "take_papers": _("Nhận giấy tờ"),
    "papers_missing": _("Báo thiếu giấy tờ"),
    "withdraw_papers": _("Thu hồi phiếu bàn giao"),
    "settle_papers": _("Kết quả tìm giấy tờ"),
    "give_papers_back": _("Trả lại giấy tờ cho người dân"),
    "file_papers": _("Lưu giấy tờ"),
    "join_ticket": _("Gắn số thứ tự"),
    "take_off_ticket": _("Gỡ số thứ tự"),
}


# Why a clock stood still, as the applicant reads it.
PAUSES: dict[str, Promise] = {
    "supplement": _("chờ anh/chị bổ sung giấy tờ"),
    "money": _("chờ anh/chị nộp tiền theo thông báo"),
    "child": _("chờ cơ quan khác làm phần của mình"),
    "suspend": _("tạm dừng theo quy định"),
}


# How a dossier came in, where rows must be told apart; what most people do needs no word.
CAME_BY: dict[str, Promise] = {"post": _("Bưu chính"), "online": _("Trực tuyến")}


def came_in(channel: str, sender: str, posted_on: date | None) -> str:
    """Return how a dossier came in, with what the slip of the post says."""
    posted = gettext("phiếu gửi ngày %(day)s") % {"day": dates.day(posted_on)} if posted_on else ""
    return "; ".join(part for part in (str(Channel(channel).label), sender, posted) if part)


class ResultChannel(models.TextChoices):
    """How the applicant wants the result."""

    COUNTER = "counter", _("Tại quầy")
    POST = "post", _("Qua bưu chính")
    ELECTRONIC = "electronic", _("Bản điện tử")


class PaperForm(models.TextChoices):
    """In what form a paper was handed in; the keys are the ones the counter officer presses."""

    ORIGINAL = "original", _("Bản chính")
    CERTIFIED = "certified", _("Bản sao chứng thực")
    COPY = "copy", _("Bản sao")
    SHOWN = "shown", _("Chỉ xuất trình")


class ResultKind(models.TextChoices):
    """What was decided."""

    GRANTED = "granted", _("Đồng ý giải quyết")
    REFUSED = "refused", _("Từ chối giải quyết")


class FilePurpose(models.TextChoices):
    """Why a file hangs on a dossier."""

    DOCUMENT = "document", _("Giấy tờ trong hồ sơ")
    SUPPLEMENT = "supplement", _("Giấy tờ bổ sung")
    OPINION = "opinion", _("Ý kiến, văn bản phối hợp")
    RESULT = "result", _("Kết quả đã ký, đóng dấu")
    OTHER = "other", _("Khác")
