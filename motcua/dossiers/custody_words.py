"""The words of custody: what is held, how a holding ended, how a line of a hand-over slip stands."""

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


class Bundle(models.TextChoices):
    """What is held of a dossier. Each bundle, and each round of supplements, has one holder of its own."""

    PAPERS = "papers", _("Giấy tờ nộp kèm")
    SUPPLEMENT = "supplement", _("Giấy tờ bổ sung")
    RESULT = "result", _("Kết quả bản giấy")


class Ended(models.TextChoices):
    """Why somebody holds a bundle no longer."""

    NOT = "", _("Đang giữ")
    MOVED = "moved", _("Đã bàn giao")
    RETURNED = "returned", _("Đã trả người dân")
    ARCHIVED = "archived", _("Đã lưu hồ sơ")
    LOST = "lost", _("Đã ghi nhận mất")


class SlipState(models.TextChoices):
    """Where a hand-over slip stands."""

    GIVEN = "given", _("Đang trên đường")
    TAKEN = "taken", _("Đã nhận")
    WITHDRAWN = "withdrawn", _("Đã thu hồi")


class LineState(models.TextChoices):
    """Where one bundle on a slip stands. The giver holds it until it is taken."""

    WAITING = "waiting", _("Chờ nhận")
    TAKEN = "taken", _("Đã nhận")
    MISSING = "missing", _("Không có trong gói")
    FOUND_THERE = "found_there", _("Đã tìm thấy ở bên nhận")
    FOUND_HERE = "found_here", _("Vẫn ở bên giao")
    LOST = "lost", _("Ghi nhận mất")
    WITHDRAWN = "withdrawn", _("Không giao nữa")


#: What the printed slip says of a line; nothing while it is waited for. Paper is Vietnamese whoever prints it.
ON_PAPER: dict[str, str] = {
    "taken": "đã nhận", "missing": "không có trong gói", "found_there": "đã nhận sau", "found_here": "còn ở bên giao",
    "lost": "ghi nhận mất", "withdrawn": "thu hồi",
}  # fmt: skip

#: A bundle is on its way, or its whereabouts are not settled: it cannot be given to anybody else.
OPEN_LINES = (LineState.WAITING.value, LineState.MISSING.value)


def content(originals: int, certified: int, copies: int) -> str:
    """Say how much paper it is."""
    parts = []
    if originals:
        parts.append(gettext("%(count)s bản chính") % {"count": originals})
    if certified:
        parts.append(gettext("%(count)s bản sao chứng thực") % {"count": certified})
    if copies:
        parts.append(gettext("%(count)s bản sao") % {"count": copies})
    return ", ".join(parts)


def bundle_name(bundle: str, round_number: int) -> str:
    """Name a bundle as a list shows it."""
    name = str(Bundle(bundle).label)
    return name if round_number < 2 else gettext("%(name)s lần %(n)s") % {"name": name, "n": round_number}


def bundle_words(bundle: str, round_number: int) -> str:
    """Name a bundle on paper, which is Vietnamese whoever prints it."""
    name = {Bundle.PAPERS: "Giấy tờ nộp kèm", Bundle.SUPPLEMENT: "Giấy tờ bổ sung", Bundle.RESULT: "Kết quả"}[
        Bundle(bundle)
    ]
    return name if round_number < 2 else f"{name} lần {round_number}"
