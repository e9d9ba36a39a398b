"""The office of administrators: where everything stands, what administrators did, who read what, number series."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from motcua.agencies import inside, permissions
from motcua.agencies.models import Agency
from motcua.agencies.operations import series as series_operations
from motcua.agencies.queries import code_of
from motcua.agencies.roles import Role
from motcua.base.audit import administration
from motcua.base.files import recognition
from motcua.base.notifications import queries as letters
from motcua.base.numbering import queries as numbering
from motcua.counters.permissions import WATCHES
from motcua.dossiers import office_today, readings
from motcua.dossiers.operations.access import note_inspection
from motcua.feedback.permissions import QUESTION_KEEPERS
from motcua.lib.refusal import NotFound, Refusal
from motcua.lib.tables import NotADay, moment
from motcua.sites.desk import administration_words, series_words
from motcua.sites.desk.views.calendars import actor_of
from motcua.ui.components import Crumb
from motcua.ui.keyed import KeyedForm, attempt, day_field

PAGE = 100

# Name of the page, its words, one line about it, whose it is.
_TOOLS: tuple[tuple[str, Any, Any, frozenset[str]], ...] = (
    (
        "agencies_people",
        gettext_lazy("Cán bộ"),
        gettext_lazy("Mời, nhập từ tệp, vị trí, khóa, đặt lại đăng nhập."),
        frozenset({Role.UNIT_ADMIN, Role.SYSTEM_ADMIN}),
    ),
    (
        "agencies_roles",
        gettext_lazy("Vai trò"),
        gettext_lazy("Mỗi vai trò làm được gì, ai giữ ở đâu."),
        frozenset({Role.UNIT_ADMIN, Role.SYSTEM_ADMIN}),
    ),
    (
        "agencies_reviews",
        gettext_lazy("Rà soát quyền"),
        gettext_lazy("Sáu tháng một lần: ai còn giữ gì."),
        frozenset({Role.LEADER, Role.SYSTEM_ADMIN}),
    ),
    (
        "halls",
        gettext_lazy("Sảnh lấy số"),
        gettext_lazy("Nhóm việc, quầy, quy tắc gọi, thiết bị, số liệu."),
        frozenset(WATCHES),
    ),
    (
        "questions",
        gettext_lazy("Câu hỏi khi đánh giá"),
        gettext_lazy("Hỏi thêm gì sau mỗi lượt, từ ngày nào."),
        frozenset(QUESTION_KEEPERS),
    ),
    (
        "series",
        gettext_lazy("Sổ và dãy số"),
        gettext_lazy("Sổ nào, số tiếp theo, vì sao có số bị bỏ."),
        frozenset({Role.UNIT_ADMIN, Role.SYSTEM_ADMIN}),
    ),
    (
        "readings",
        gettext_lazy("Ai đã đọc hồ sơ"),
        gettext_lazy("Theo cán bộ, hồ sơ, người dân."),
        frozenset({Role.UNIT_ADMIN, Role.SYSTEM_ADMIN, Role.MONITOR}),
    ),
    (
        "reading_patterns",
        gettext_lazy("Ai xem hồ sơ không phải việc mình"),
        gettext_lazy("Theo cán bộ, theo hồ sơ; ai chưa ghi lý do."),
        frozenset({Role.UNIT_ADMIN, Role.SYSTEM_ADMIN, Role.MONITOR, Role.LEADER}),
    ),
    (
        "incidents",
        gettext_lazy("Sự cố dữ liệu cá nhân"),
        gettext_lazy("Đồng hồ 24 và 72 giờ, báo cơ quan và người dân."),
        frozenset({Role.UNIT_ADMIN, Role.SYSTEM_ADMIN, Role.MONITOR, Role.LEADER}),
    ),
    (
        "data-requests",
        gettext_lazy("Yêu cầu về dữ liệu cá nhân"),
        gettext_lazy("Xem, sửa, xóa: ai hỏi, còn bao lâu."),
        frozenset({Role.UNIT_ADMIN, Role.SYSTEM_ADMIN, Role.MONITOR, Role.LEADER}),
    ),
    (
        "administration_trail",
        gettext_lazy("Nhật ký quản trị"),
        gettext_lazy("Mọi việc quản trị viên đã làm."),
        frozenset({Role.SYSTEM_ADMIN, Role.MONITOR}),
    ),
    (
        "letters",
        gettext_lazy("Tin chưa gửi được"),
        gettext_lazy("Vì sao, gửi lại, thôi gửi."),
        frozenset({Role.SYSTEM_ADMIN}),
    ),
    (
        "citizen_sign_in",
        gettext_lazy("Đăng nhập của người dân"),
        gettext_lazy(
            "Kết nối với nơi định danh có đúng không, mỗi ngày bao nhiêu lần được, bao nhiêu lần lỗi."
        ),
        frozenset({Role.SYSTEM_ADMIN}),
    ),
    (
        "malware",
        gettext_lazy("Quét mã độc"),
        gettext_lazy("ClamAV có trả lời không, dấu hiệu cũ bao nhiêu ngày, tệp nào bị để riêng."),
        frozenset({Role.SYSTEM_ADMIN}),
    ),
    (
        "retention",
        gettext_lazy("Dữ liệu được giữ bao lâu"),
        gettext_lazy("Từng loại: bao lâu, vì sao, hết hạn thì thế nào."),
        frozenset({Role.UNIT_ADMIN, Role.SYSTEM_ADMIN, Role.MONITOR}),
    ),
    (
        "keeping",
        gettext_lazy("Thời hạn bảo quản hồ sơ"),
        gettext_lazy("Theo lĩnh vực, thủ tục, theo văn bản; hai người."),
        frozenset({Role.SYSTEM_ADMIN}),
    ),
    (
        "agencies_changes",
        gettext_lazy("Sắp xếp lại cơ quan"),
        gettext_lazy("Sáp nhập, chia tách, chuyển đơn vị theo ngày."),
        frozenset({Role.SYSTEM_ADMIN}),
    ),
    (
        "moving_list",
        gettext_lazy("Chuyển từ hệ thống cũ"),
        gettext_lazy("Hồ sơ, lịch sử, sổ từ XLSX, CSV."),
        frozenset({Role.SYSTEM_ADMIN}),
    ),
    (
        "integrations",
        gettext_lazy("Hệ thống kết nối"),
        gettext_lazy("Phần mềm của cơ quan khác: được làm gì, khóa, lượt gọi."),
        frozenset({Role.SYSTEM_ADMIN}),
    ),
)
ADMINISTER = frozenset({Role.UNIT_ADMIN, Role.SYSTEM_ADMIN, Role.MONITOR, Role.LEADER})


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """List what the actor may administer, each with a line."""
    actor = actor_of(request)
    asks = actor.has(Role.SYSTEM_ADMIN)
    counts = {"letters": letters.standing(timezone.now()).dead} if asks else {}
    counts |= office_today.counts(actor, timezone.localdate())
    tools = [
        {"url": reverse(name), "words": words, "line": line, "count": counts.get(name, 0)}
        for name, words, line, roles in _TOOLS
        if actor.has(*roles)
    ]
    engine = recognition.engine() if asks else None
    context = {"tools": tools, "asks_engine": asks, "engine": engine.version if engine else ""}
    return render(request, "desk/administration/home.html", context)


# ── The trail of administrators


class TrailForm(forms.Form):
    """What to look for in the trail."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Về việc gì"), required=False,
        choices=[("", gettext_lazy("mọi việc")), *administration_words.KINDS.items()],
    )  # fmt: skip
    who = forms.CharField(label=gettext_lazy("Ai làm"), required=False, max_length=100)
    since = day_field(gettext_lazy("Từ ngày"), required=False)
    until = day_field(gettext_lazy("Đến ngày"), required=False)
    people = forms.BooleanField(label=gettext_lazy("Bỏ việc hệ thống tự làm"), required=False)


@require_GET
def trail(request: HttpRequest) -> HttpResponse:
    """Show what administrators did, the newest first."""
    form = TrailForm(request.GET)
    data = form.cleaned_data if form.is_valid() else {}
    accounts = readings.officers(data["who"]) if data.get("who") else [None]
    wanted = administration.Wanted(
        account_id=accounts[0] if accounts else -1, subject_kind=data.get("kind", ""), since=data.get("since"),
        until=data.get("until"), people_only=data.get("people", False),
    )  # fmt: skip
    entries, older = administration.page(wanted, after=request.GET.get("after", ""), size=PAGE)
    context = {
        "form": form, "rows": administration_words.rows(entries), "older": older, "several": len(accounts) > 1,
        "query": _query(request), "crumbs": _crumbs(_("Nhật ký quản trị")),
    }  # fmt: skip
    return render(request, "desk/administration/trail.html", context)


# ── Who read what


class ReadingsForm(forms.Form):
    """What to look for among the readings."""

    officer = forms.CharField(label=gettext_lazy("Cán bộ"), required=False, max_length=100,
                              help_text=gettext_lazy("tên, tên đăng nhập hoặc mã cán bộ"))  # fmt: skip
    dossier = forms.CharField(label=gettext_lazy("Mã hồ sơ"), required=False, max_length=80)
    person = forms.CharField(label=gettext_lazy("Của ai"), required=False, max_length=40,
                             help_text=gettext_lazy("số định danh hoặc mã số thuế"))  # fmt: skip
    since = day_field(gettext_lazy("Từ ngày"), required=False)
    until = day_field(gettext_lazy("Đến ngày"), required=False)
    with_reason = forms.BooleanField(label=gettext_lazy("Chỉ lần xem số bị che"), required=False)


def read_log(request: HttpRequest) -> HttpResponse:
    """Show who read which dossier, in the agencies the actor may see. Looking is itself written down.

    Filters come by POST: numbers of people do not belong in addresses.
    """
    actor = actor_of(request)
    form = ReadingsForm(request.POST if request.method == "POST" else None)
    data = form.cleaned_data if request.method == "POST" and form.is_valid() else {}
    wanted = readings.Wanted(**data)
    rows, older = readings.page(actor, wanted, after=request.POST.get("after", ""))
    if request.method == "POST" and not request.POST.get("after"):
        note_inspection(actor=actor, at=timezone.now(), by=wanted.names)
    context = {"form": form, "rows": rows, "older": older, "crumbs": _crumbs(_("Ai đã đọc hồ sơ")),
               "carried": [(name, request.POST.get(name, "")) for name in form.fields]}  # fmt: skip
    status = 422 if request.method == "POST" and not form.is_valid() else 200
    return render(request, "desk/administration/readings.html", context, status=status)


# ── Number series


class SeriesForm(KeyedForm):
    """From which number a series goes on, and why."""

    kind = forms.ChoiceField(label=gettext_lazy("Sổ"), choices=series_words.choices)
    period = forms.CharField(
        label=gettext_lazy("Kỳ"),
        max_length=20,
        help_text=gettext_lazy("Năm như 2027; với mã hồ sơ là ngày như 01/01/2027."),
    )
    first = forms.IntegerField(label=gettext_lazy("Số tiếp theo"), min_value=1)
    reason = forms.CharField(
        label=gettext_lazy("Lý do"),
        max_length=300,
        help_text=gettext_lazy("Ví dụ: các số trước đã cấp ở sổ giấy."),
    )

    def clean_period(self) -> str:
        text = str(self.cleaned_data["period"]).strip()
        if self.data.get("kind") == "dossier":
            try:
                found = moment(text)
            except NotADay:
                found = None
            return f"{found:%Y-%m-%d}" if found else text
        return text


@require_GET
def series(request: HttpRequest) -> HttpResponse:
    """List the series of an agency: the next number of each, as it will be written, and why numbers were left out."""
    actor = actor_of(request)
    agency = _agency(request)
    today = timezone.localdate()
    rows, older = numbering.page(agency.pk, after=request.GET.get("after", ""), size=PAGE)
    code = code_of(agency.pk, today)
    context = {
        "agency": agency, "rows": [series_words.row(one, code) for one in rows], "older": older,
        "raised": series_words.raised(agency.pk), "crumbs": _crumbs(_("Sổ và dãy số")),
        "agencies": inside.agencies_still_open(today) if permissions.is_system_admin(actor) else (),
    }  # fmt: skip
    return render(request, "desk/administration/series.html", context)


def series_next(request: HttpRequest, agency_id: int) -> HttpResponse:
    """Say from which number a series goes on: first looked at, then confirmed."""
    actor, agency = actor_of(request), inside.one_agency(agency_id)
    permissions.require_runs(actor, agency.pk)
    form = SeriesForm(request.POST or None)
    preview: dict[str, Any] | None = None

    def act(data: dict[str, Any]) -> None:
        series_operations.start_from(
            agency_id=agency.pk, kind=data["kind"], period=data["period"], first=data["first"], reason=data["reason"],
            actor=actor, at=timezone.now(),
        )  # fmt: skip

    if request.method == "POST" and request.POST.get("step") == "confirm" and attempt(form, act):
        messages.success(request, _("Đã đặt số tiếp theo."))
        return redirect(f"{reverse('series')}?agency={agency.pk}")
    if request.method == "POST" and form.is_valid():
        preview = _preview(form, agency)
    context = {
        "form": form, "agency": agency, "preview": preview,
        "carried": [(name, request.POST.get(name, "")) for name in form.fields],
        "crumbs": [
            *_crumbs(_("Sổ và dãy số"), f"{reverse('series')}?agency={agency.pk}"), Crumb(_("Đặt số tiếp theo")),
        ],
    }  # fmt: skip
    return render(
        request,
        "desk/administration/series_next.html",
        context,
        status=422 if request.method == "POST" and preview is None else 200,
    )


def _preview(form: SeriesForm, agency: Agency) -> dict[str, Any] | None:
    """Return what the change would do; faults stand on the form."""
    data = form.cleaned_data
    today = timezone.localdate()
    given = {name: data[name] for name in ("kind", "period", "first")}
    try:
        series_operations.check(agency_id=agency.pk, today=today, **given)
    except Refusal as refused:
        form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        return None
    last = numbering.last_of(agency.pk, data["kind"], data["period"])
    code = code_of(agency.pk, today)
    return {
        "before": series_words.written(data["kind"], data["period"], last + 1, code),
        "after": series_words.written(data["kind"], data["period"], data["first"], code),
        "skipped": data["first"] - last - 1,
    }


def _agency(request: HttpRequest) -> Agency:
    actor = actor_of(request)
    wanted = request.GET.get("agency", "")
    agency = inside.one_agency(int(wanted) if wanted.isdigit() else actor.agency_id or 0)
    if not permissions.runs(actor, agency.pk):
        raise NotFound(_("Không có sổ nào của cơ quan này cho anh/chị xem."))
    return agency


def _crumbs(here: str, url: str = "") -> list[Crumb]:
    return [Crumb(_("Quản trị"), reverse("administration")), Crumb(here, url) if url else Crumb(here)]


def _query(request: HttpRequest) -> str:
    kept = request.GET.copy()
    kept.pop("after", None)
    return kept.urlencode()
