"""The levels of government: what there are, one more, another name or place in lists."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from motcua.agencies import inside
from motcua.agencies.forms.agency import LevelForm
from motcua.agencies.models import AgencyLevel
from motcua.agencies.operations import agencies
from motcua.agencies.views.agencies import act_page, crumbs, said


@require_GET
def levels(request: HttpRequest) -> HttpResponse:
    """List the levels, high ones first, with how many agencies each has."""
    context = {"levels": inside.levels_with_use(timezone.localdate()), "crumbs": crumbs(None, _("Các cấp"))}
    return render(request, "agencies/levels.html", context)


def new_level(request: HttpRequest) -> HttpResponse:
    """Add a level."""
    return _form(request, None)


def level(request: HttpRequest, code: str) -> HttpResponse:
    """Correct a level's name and place in lists; its code stays."""
    return _form(request, inside.one_level(code))


def _form(request: HttpRequest, one: AgencyLevel | None) -> HttpResponse:
    form = LevelForm(request.POST or None, level=one)

    def act(data: dict[str, Any]) -> None:
        code = one.code if one else data["code"]
        agencies.open_level(code=code, new=one is None, **said(request, data, "name", "rank"))

    title = _("Sửa cấp %(name)s") % {"name": one.name} if one else _("Thêm cấp")
    return act_page(
        request,
        form,
        act,
        title=title,
        text=_("Cơ quan của cấp này giữ nguyên; chỉ tên và chỗ đứng trong danh sách thay đổi.")
        if one
        else "",
        button=_("Lưu") if one else _("Thêm cấp"),
        done=_("Đã lưu cấp."),
        agency=None,
        target=lambda: reverse("agencies_levels"),
    )
