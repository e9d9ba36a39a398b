"""The dossier whose slip was scanned or typed at a kiosk."""

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.dossiers import tracking
from motcua.dossiers.tracking import Tracked
from motcua.lib.refusal import NotFound, Refusal
from motcua.sites.kiosk.reading import Kind, read
from motcua.ui.visitors import address_of


def dossier_of(request: HttpRequest) -> Tracked:
    """Return the dossier as the public page shows it, for the slip's token or for its code and six letters."""
    found, now, address = read(request.POST.get("text", "")), timezone.now(), address_of(request)
    try:
        dossier = (
            tracking.by_token(found.value, address=address, now=now)
            if found.kind is Kind.SLIP
            else tracking.by_code(found.value, request.POST.get("secret", "")[:20], address=address, now=now)
        )
    except tracking.TooManyTries:
        raise Refusal(
            _("Đã thử sai quá nhiều lần. Đợi một giờ, hoặc hỏi người hướng dẫn."), code="tries"
        ) from None
    if dossier is None:
        raise NotFound(
            _("Không tìm thấy hồ sơ. Kiểm tra lại mã trên giấy tiếp nhận, hoặc hỏi người hướng dẫn.")
        )
    return dossier
