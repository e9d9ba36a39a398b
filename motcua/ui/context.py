"""What every page knows: the product, the addresses, the actor, the theme."""

import json
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _

from motcua.lib.actor import PUBLIC
from motcua.ui import help as help_texts

THEME_COOKIE = "motcua-theme"
THEMES = ("light", "dark")


def unprotected(request: HttpRequest) -> bool:
    """Tell whether the page came without TLS while cookies travel only with it: nobody can log in there.

    A proxy that says "https" without being trusted (`MOTCUA_BEHIND_PROXY`) ended TLS all the same. The header
    decides only which words are shown.
    """
    said = request.headers.get("X-Forwarded-Proto", "")
    return bool(settings.SESSION_COOKIE_SECURE) and not request.is_secure() and said != "https"


def script_words() -> str:
    """Return the words that scripts say, translated, as JSON for the page's meta element."""
    return json.dumps(
        {
            "saved": _("đã lưu"),
            "saving": _("đang lưu"),
            "unsaved": _("chưa lưu, đang thử lại"),
            "refused": _("chưa lưu: giá trị không được nhận"),
            "options": _("lựa chọn"),
            "noOptions": _("Không có lựa chọn nào khớp"),
            "print": _("Bản in"),
            "tooLarge": _("Tệp quá lớn."),
            "notTaken": _("Máy chủ không nhận tệp này."),
            "resending": _("Mất kết nối, đang gửi lại"),
            "scanned": _("Vừa quét một mã hồ sơ hoặc mã số thứ tự vào ô đang gõ. Ô vẫn như trước."),
            "scanOpen": _("Mở"),
            "scanKeep": _("Giữ mã trong ô"),
            "notSent": _("Chưa gửi được. Khi có mạng, bấm Gửi tiếp: phần đã gửi vẫn còn."),
            "sendOn": _("Gửi tiếp"),
            "sent": _("Đã gửi"),
            "pagesOfPaper": _("Giấy tờ có %n trang"),
            "page": _("Trang %n"),
            "earlier": _("Lên"),
            "later": _("Xuống"),
            "turn": _("Xoay"),
            "turned": _("Đã xoay"),
            "leaveOut": _("Bỏ"),
            "asOne": _("Gửi thành một tệp PDF"),
            "eachAlone": _("Gửi riêng từng ảnh"),
            "giveUp": _("Thôi"),
        },
        ensure_ascii=False,
    )


def help_path(request: HttpRequest) -> str:
    """Return what stands behind /help/ for this page: its own help, or "" for the list of all."""
    name = help_texts.name_of(request.resolver_match)
    return f"{name}/" if name else ""


def page(request: HttpRequest) -> dict[str, Any]:
    """Return the context of every page. A site may bring its own parts of the work frame."""
    theme = request.COOKIES.get(THEME_COOKIE, "")
    return {
        "actor": getattr(request, "actor", PUBLIC),
        "demo": settings.DEMO,
        "training": settings.TRAINING,
        "unprotected": unprotected(request),
        "product_version": settings.VERSION,
        "hotline": settings.HOTLINE,
        "public_url": settings.PUBLIC_URL,
        "staff_url": settings.STAFF_URL,
        "files_url": settings.FILES_URL,
        "site_name": _("Một cửa"),
        "place_name": settings.PLACE_NAME,
        "theme": theme if theme in THEMES else "",
        "theme_url": "/ui/theme.css" if settings.THEME else "",
        "script_words": script_words,
        "help_path": help_path(request),
        "left_templates": ["desk/left.html", "ui/default/left.html"],
        "search_templates": ["desk/search.html", "ui/default/search.html"],
        "strip_templates": ["console/strip.html", "ui/default/strip.html"],
        "person_templates": ["applicants/person_bar.html", "ui/default/person.html"],
        "account_templates": ["accounts/bar.html", "ui/default/account.html"],
    }
