"""Citizens' sign-in as administrators see it: how it is connected, how it goes, and a trial of every part of it."""

import time
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from motcua.accounts import sign_in_days
from motcua.accounts.citizen_views import return_address
from motcua.clients import oidc_check
from motcua.clients.oidc_check import State
from motcua.ui.components import Crumb
from motcua.ui.routing import commits_each

_KEPT = "citizen_sign_in_check"
#: What is looked at, and what to do where it is wrong.
POINTS: dict[str, tuple[Promise, Promise]] = {
    "description": (
        gettext_lazy("Bản mô tả của nơi định danh"),
        gettext_lazy("Không tới được nơi định danh, hoặc MOTCUA_OIDC_ISSUER sai. Xem mạng ra, tường lửa, địa chỉ."),
    ),
    "issuer": (
        gettext_lazy("Tên của nơi định danh"),
        gettext_lazy("MOTCUA_OIDC_ISSUER phải đúng từng chữ với tên nơi định danh tự ghi, kể cả dấu / cuối."),
    ),
    "pkce": (gettext_lazy("PKCE (S256)"), gettext_lazy("Nơi định danh không nhận PKCE. Hỏi nơi định danh.")),
    "auth": (
        gettext_lazy("Cách máy chủ xác thực"),
        gettext_lazy("Đặt MOTCUA_OIDC_AUTH thành một cách mà nơi định danh nhận."),
    ),
    "algorithms": (
        gettext_lazy("Thuật toán ký"),
        gettext_lazy("Nơi định danh chỉ ký bằng cách ở đây không nhận. Hỏi nơi định danh đổi sang RS256 hoặc ES256."),
    ),
    "levels": (
        gettext_lazy("Mức định danh hỏi khi đăng nhập"),
        gettext_lazy("MOTCUA_OIDC_LEVELS có mức mà nơi định danh không biết. Ghi lại theo tài liệu của nơi định danh."),
    ),
    "clock": (
        gettext_lazy("Đồng hồ lệch so với nơi định danh"),
        gettext_lazy("Lệch quá một phút thì không ai đăng nhập được. Bật đồng bộ giờ (NTP) trên máy chủ."),
    ),
    "authorization": (
        gettext_lazy("Trang đăng nhập"),
        gettext_lazy("Không có địa chỉ https. Ghi MOTCUA_OIDC_AUTHORIZE theo tài liệu của nơi định danh."),
    ),
    "token": (
        gettext_lazy("Nơi đổi mã"),
        gettext_lazy("Không có địa chỉ, hoặc máy này chưa được cho phép. Thêm máy đó vào MOTCUA_OIDC_HOSTS."),
    ),
    "jwks": (
        gettext_lazy("Nơi lấy khóa"),
        gettext_lazy("Không có địa chỉ, hoặc máy này chưa được cho phép. Thêm máy đó vào MOTCUA_OIDC_HOSTS."),
    ),
    "userinfo": (
        gettext_lazy("Nơi lấy thông tin công dân"),
        gettext_lazy("Máy này chưa được cho phép. Thêm máy đó vào MOTCUA_OIDC_HOSTS."),
    ),
    "keys": (
        gettext_lazy("Khóa để kiểm tra chữ ký"),
        gettext_lazy("Không lấy được khóa công khai nào dùng được. Hỏi nơi định danh."),
    ),
    "secret": (
        gettext_lazy("Mã và khóa bí mật của hệ thống này"),
        gettext_lazy("Nơi định danh không nhận ra hệ thống này. Xem MOTCUA_OIDC_CLIENT_ID, tệp secrets/oidc_client."),
    ),
}  # fmt: skip
#: What became of sign-ins, as administrators read it.
OUTCOMES: dict[str, Promise] = {
    sign_in_days.IN: gettext_lazy("Đăng nhập được"),
    "stopped": gettext_lazy("Người dân tự dừng"),
    "provider_down": gettext_lazy("Nơi định danh không trả lời"),
    "provider_fault": gettext_lazy("Nơi định danh trả lời sai"),
    "refused": gettext_lazy("Nơi định danh không nhận mã"),
    "wrong_issuer": gettext_lazy("Tên nơi định danh khác"),
    "bad_token": gettext_lazy("Thẻ định danh không đúng"),
    "not_fresh": gettext_lazy("Chưa đăng nhập lại như đã hỏi"),
    "wrong_state": gettext_lazy("Quay lại không đúng lượt"),
    "no_journey": gettext_lazy("Quay lại quá 10 phút hoặc ở trình duyệt khác"),
    "no_code": gettext_lazy("Quay lại không có mã"),
    "expired": gettext_lazy("Quay lại quá 10 phút hoặc ở trình duyệt khác"),
    "no_personal_id": gettext_lazy("Nơi định danh không cho biết số định danh"),
    "no_name": gettext_lazy("Nơi định danh không cho biết họ tên"),
    "other_number": gettext_lazy("Số định danh khác lần trước"),
    "second_identity": gettext_lazy("Số định danh đã gắn với định danh khác"),
    "closed": gettext_lazy("Tài khoản ở đây đã bị khóa"),
}


@require_GET
def shown(request: HttpRequest) -> HttpResponse:
    """Show how sign-in is connected, how it went these days, and the last trial of this session."""
    provider, kept = settings.OIDC, request.session.get(_KEPT)
    context = {
        "provider": provider,
        "back": return_address(),
        "away": f"{settings.PUBLIC_URL}/",
        "levels": sorted((provider.levels if provider else {}).items(), key=lambda one: one[1]),
        "last": sign_in_days.last_in(),
        "days": [(one, OUTCOMES.get(one.outcome, "")) for one in sign_in_days.lately(timezone.localdate())],
        "points": [_said(one) for one in kept["points"]] if kept else [],
        "bad": sum(1 for one in kept["points"] if one[1] == State.BAD) if kept else 0,
        "tried_at": datetime.fromisoformat(kept["at"]) if kept else None,
        "crumbs": [Crumb(_("Quản trị"), reverse("administration")), Crumb(_("Đăng nhập của người dân"))],
    }  # fmt: skip
    return render(request, "desk/administration/citizen_sign_in.html", context)


@require_POST
@commits_each  # another machine is asked: no transaction waits for it
def tried(request: HttpRequest) -> HttpResponse:
    """Ask the provider everything a sign-in needs, and show what it said."""
    provider = settings.OIDC
    if provider is not None:
        points = oidc_check.check(provider, back=return_address(), now=time.time())
        request.session[_KEPT] = {
            "at": timezone.now().isoformat(),
            "points": [[one.what, one.state.value, one.told] for one in points],
        }
    return HttpResponseRedirect(reverse("citizen_sign_in") + "#thu")


def _said(point: list[str]) -> dict[str, Any]:
    what, state, told = point
    title, advice = POINTS[what]
    return {"title": title, "state": state, "told": told, "advice": advice if state == State.BAD else ""}
