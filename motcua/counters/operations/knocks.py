"""What strangers do is counted by address, so that one of them does not take everything."""

from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.counters.models import Knock
from motcua.lib import lookup
from motcua.lib.refusal import Refusal

#: So many an hour from one address. A whole hall may stand behind one (its own wireless network, a carrier's).
#: Letters of devices change every ten minutes; letters typed wrong are counted by who typed them.
MOST = {
    "number": 120,
    "code": 60,
    "book": 40,
    "pair": 240,
    "letters": 10,
    "petition": 10,
    "look": 20,
    "same": 1,
    "report": 60,
}
#: So many in one day from one address: visits to one hall on one day. Telephones of one network often share an address,
#: so it is well above what a household books, and below what would take a hall's day away from everybody else.
MOST_A_DAY = {"visit": 10}


class TooMany(Refusal):
    """This address has done it too often within the hour."""

    code = "too_many"


def knock(kind: str, *, address: str, at: datetime) -> None:
    """Count one act from an address; refuses when the hour is full. Rows of days before today go."""
    require_room(kind, address=address, at=at)
    start = timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
    Knock.objects.filter(at__lt=start).delete()
    Knock.objects.create(kind=kind, who=_who(address, at), at=at)


def require_room(kind: str, *, address: str, at: datetime) -> None:
    """Refuse an address that has done it too often within the hour, or within the day where that is counted."""
    rows = Knock.objects.filter(who=_who(address, at), kind=kind)  # the hash is another one each day
    if kind in MOST_A_DAY:
        most = MOST_A_DAY[kind]
    else:
        rows, most = rows.filter(at__gt=at - timedelta(hours=1)), MOST[kind]
    if rows.count() >= most:
        raise TooMany(_words(kind))


def _words(kind: str) -> str:
    if kind == "pair":
        return _("Từ mạng này đã xin quá nhiều mã ghép trong một giờ. Để màn hình mở, nó tự thử lại.")
    if kind == "letters":
        return _("Đã nhập sai mã ghép quá nhiều lần. Thử lại sau một giờ, xem kỹ sáu ký tự trên màn hình.")
    if kind == "visit":
        return _("Từ mạng này đã đặt đủ số lịch cho ngày ấy. Chọn ngày khác, gọi tổng đài, hoặc đến lấy số.")
    if kind in {"petition", "look", "same"}:
        return _(
            "Từ mạng này đã gửi hoặc tra cứu quá nhiều lần trong một giờ. Thử lại sau, hoặc gọi tổng đài."
        )
    return _("Từ mạng này đã lấy quá nhiều lần trong một giờ. Xin hỏi quầy hướng dẫn, hoặc gọi tổng đài.")


def _who(address: str, at: datetime) -> bytes:
    return lookup.lookup_hash(f"knock|{timezone.localdate(at)}|{address}", settings.INDEX_KEY)
