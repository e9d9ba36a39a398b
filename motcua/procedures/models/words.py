"""Fixed words of the catalogue, with what people read for them."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Channel(TextChoices):
    """How a dossier comes in (Nghị định 118/2025/NĐ-CP, Điều 15)."""

    IN_PERSON = "in_person", _("Trực tiếp")
    ONLINE = "online", _("Trực tuyến")
    POST = "post", _("Bưu chính công ích")


class Unit(TextChoices):
    """Unit of a time limit; the values are those of `motcua.lib.due.Unit`."""

    WORKING_DAY = "working_day", _("ngày làm việc")
    CALENDAR_DAY = "calendar_day", _("ngày")
    WORKING_HOUR = "working_hour", _("giờ làm việc")
    HOUR = "hour", _("giờ")
    MONTH = "month", _("tháng")
    SAME_DAY_15H = "same_day_15h", _("trong ngày")


class Level(TextChoices):
    """Level that carries a procedure out. No district: it was abolished on 1/7/2025."""

    CENTRAL = "central", _("Bộ, ngành")
    PROVINCE = "province", _("Cấp tỉnh")
    COMMUNE = "commune", _("Cấp xã")
    OTHER = "other", _("Cơ quan khác")


class State(TextChoices):
    """Life of a version. A version replaced by a newer one stays published, with its last day set."""

    DRAFT = "draft", _("Dự thảo")
    PUBLISHED = "published", _("Đã công bố")
    REPEALED = "repealed", _("Đã bãi bỏ")


class OnlineLevel(TextChoices):
    """Level of the online service (Nghị định 42/2022/NĐ-CP)."""

    FULL = "full", _("Toàn trình")
    PARTIAL = "partial", _("Một phần")
    INFORMATION = "information", _("Cung cấp thông tin trực tuyến")
    UNKNOWN = "", _("Chưa rõ")


class Resume(TextChoices):
    """What the clock does when a supplement comes in; the values are those of `motcua.lib.due.Resume`."""

    CONTINUE = "continue", _("tính tiếp phần còn lại")
    RESTART = "restart", _("tính lại từ đầu")
    OWN_LIMIT = "own_limit", _("theo thời hạn riêng")


class OnExpiry(TextChoices):
    """What happens when the applicant does not answer a supplement request in time."""

    UNKNOWN = "", _("Chưa quy định")
    CLOSE = "close", _("dừng, đóng hồ sơ")
    CONTINUE = "continue", _("giải quyết tiếp với giấy tờ đã có")
    REFUSE = "refuse", _("từ chối, trả hồ sơ")


class FeeKind(TextChoices):
    """Phí and lệ phí are two things in law (Luật Phí và lệ phí); the Vietnamese words stay."""

    PHI = "PHI", _("Phí")
    LE_PHI = "LE_PHI", _("Lệ phí")
    UNKNOWN = "UNKNOWN", _("Phí, lệ phí")


class FeeBasis(TextChoices):
    """What the source says about a fee. Only `AMOUNT` with `amount` set may be charged without asking."""

    FREE = "free", _("Không thu")
    AMOUNT = "amount", _("Có mức thu")
    SEE_NOTE = "free_or_see_note", _("Xem ghi chú")
    UNKNOWN = "unknown", _("Chưa rõ")
    TEXT = "text", _("Theo lời văn")
    COUNCIL = "council", _("Do Hội đồng nhân dân tỉnh quy định")


class Act(TextChoices):
    """What a second person is asked to approve."""

    PUBLISH = "publish", _("Công bố")
    REPEAL = "repeal", _("Bãi bỏ")


class Outcome(TextChoices):
    """How a request for approval ended; empty while it waits."""

    WAITING = "", _("Chờ duyệt")
    APPROVED = "approved", _("Đã duyệt")
    RETURNED = "returned", _("Trả lại")
    WITHDRAWN = "withdrawn", _("Người gửi rút lại")


class Part(TextChoices):
    """The parts of a version that are edited each on its own page."""

    RECORD = "record", _("Nội dung")
    CASES = "cases", _("Trường hợp, thời hạn")
    PAPERS = "papers", _("Giấy tờ")
    FEES = "fees", _("Phí, lệ phí")
    RESULTS = "results", _("Kết quả, căn cứ")


class Area(TextChoices):
    """What kind of place an agency serves, as councils' resolutions on fees tell places apart."""

    WARD = "ward", _("Phường")
    COMMUNE = "commune", _("Xã")
    MOUNTAIN = "mountain", _("Xã miền núi, biên giới")
    ISLAND = "island", _("Đặc khu, xã đảo")
