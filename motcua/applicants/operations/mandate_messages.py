"""What people are told about a mandate: who asked for it, and over whom it holds. Nothing personal in text messages."""

from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext_lazy, override

from motcua.applicants import queries
from motcua.applicants.models import Mandate, MandateKind
from motcua.base.notifications.operations import people

_MINE = "/tai-khoan/lam-thay/"
#: Told to who asked: what became of it, what to do next, on which page.
_ASKER = {
    "confirmed": (
        gettext_lazy("Quyền làm thay đã được xác nhận"),
        gettext_lazy("Từ bây giờ anh/chị chọn được vai này khi đăng nhập."),
        "/tai-khoan/vai/",
    ),
    "refused": (
        gettext_lazy("Yêu cầu làm thay chưa được xác nhận"),
        gettext_lazy("Xem còn thiếu gì rồi gửi lại."),
        _MINE,
    ),
    "revoked": (
        gettext_lazy("Quyền làm thay đã chấm dứt"),
        gettext_lazy("Anh/chị không nộp hồ sơ theo quyền này nữa."),
        _MINE,
    ),
}
_OVER = gettext_lazy("Có người được xác nhận làm thay anh/chị")
_OVER_NEXT = gettext_lazy(
    "Từ hôm nay người ấy nộp được hồ sơ đứng tên anh/chị. Không đúng thì chấm dứt ở trang này, hoặc gọi %(hotline)s."
)


def tell_asker(mandate: Mandate, at: datetime) -> None:
    """Tell who asked how their mandate stands now, if they left a telephone or a mailbox."""
    title, next_step, path = _ASKER[mandate.state]
    own = queries.citizen(mandate.account_id)
    if own is None:
        return
    link = f"{settings.PUBLIC_URL}{path}"
    with override("vi"):
        _tell(own.person.phone, own.person.email, str(title), str(next_step), link, mandate, "asker", at)


def tell_the_one_over_whom(mandate: Mandate, at: datetime) -> None:
    """Tell a grown person, or an organization, that somebody acts for them now: a wrong one is noticed at once."""
    if mandate.kind == MandateKind.CHILD or mandate.applicant is None:
        return
    party, link = mandate.applicant.party, f"{settings.PUBLIC_URL}{_MINE}"
    with override("vi"):
        said = str(_OVER_NEXT) % {"hotline": settings.HOTLINE}
        _tell(party.phone, party.email, str(_OVER), said, link, mandate, "over", at)


def _tell(
    phone: str | None,
    email: str | None,
    title: str,
    said: str,
    link: str,
    mandate: Mandate,
    to: str,
    at: datetime,
) -> None:
    people.tell(
        phone=phone, email=email, text=f"{title}. {said} {link.partition('://')[2]}", subject=title,
        body=f"{title}.\n\n{said}\n\n{mandate.agency.name}", link=link, about=f"mandate:{mandate.pk}", required=True,
        mark=f"mandate:{mandate.pk}:{mandate.state}:{to}", at=at,
    )  # fmt: skip
