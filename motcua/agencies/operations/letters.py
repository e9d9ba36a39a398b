"""Tell system administrators of letters that do not go out: on the screen, once a day, while that is so."""

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from motcua.accounts.operations.informing import inform
from motcua.agencies.queries import administrators
from motcua.base.notifications import queries

_LONG = timedelta(hours=1)


def tell_administrators(*, at: datetime) -> int:
    """Tell them of dead letters, and of a channel that has taken nothing for an hour; return how many were told.

    What waits for the end of quiet hours is no reason to look.
    """
    now = queries.standing(at)
    stuck = now.oldest is not None and now.oldest < at - _LONG
    if not now.dead and not stuck:
        return 0
    day = timezone.localdate(at)
    return inform(
        account_ids=administrators(day), mark=f"letters:{day}",
        subject=_("Tin chưa gửi được: %(dead)s; đang chờ nơi gửi: %(due)s"),
        body=_("Mở trang để xem vì sao, gửi lại hoặc thôi gửi."), facts={"dead": now.dead, "due": now.due},
        link="/administration/letters/", at=at, by_mail=False,
    )  # fmt: skip
