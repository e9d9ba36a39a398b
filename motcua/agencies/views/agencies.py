"""The tree of agencies, one agency's page, and the acts that change an agency itself."""

from collections import Counter
from collections.abc import Callable
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from motcua.agencies import agency_words, inside, permissions, preview, queries
from motcua.agencies.forms import agency as forms
from motcua.agencies.models import Agency, AgencyCode, AgencyLevel, ChangeKind, CodeScheme, SuccessionKind
from motcua.agencies.operations import agencies, changes
from motcua.base.audit.queries import entries_of
from motcua.lib.actor import Actor
from motcua.ui.components import Crumb, Pager
from motcua.ui.keyed import attempt

_PAGE = 60  # agencies on one page, besides those that lead to them
_HISTORY = 40  # acts beside the page, the latest


def actor_of(request: HttpRequest) -> Actor:
    """Return who asks."""
    actor = request.actor  # type: ignore[attr-defined]
    assert isinstance(actor, Actor)
    return actor


# ── Looking


@require_GET
def tree(request: HttpRequest) -> HttpResponse:
    """Show the tree of agencies as it stands today; `q` searches name and code, `level` keeps one kind.

    A long tree comes in pages, each with the agencies above those it shows.
    """
    today = timezone.localdate()
    text, level = request.GET.get("q", "").strip(), request.GET.get("level", "")
    everything = queries.agency_tree(today)
    found = inside.matching(everything, text, level)
    rows, older = inside.part(found, after=_number(request.GET.get("after", "")), size=_PAGE)
    asked = {name: value for name, value in (("q", text), ("level", level)) if value}
    context = {
        "tree": _nested(rows, inside.people_by_agency(today), Counter(row["parent_id"] for row in found)),
        "paged": len(rows) < len(found),
        "pager": Pager(
            newer="?" + urlencode(asked) if request.GET.get("after") else "",
            older="?" + urlencode({**asked, "after": older}) if older else "",
            by_time=False,
        ),
        "total": len(everything),
        "hits": sum(1 for row in found if row["hit"]),
        "wanted": text,
        "level": level,
        "levels": _levels_of(everything),
        "system_admin": permissions.is_system_admin(actor_of(request)),
        "own": actor_of(request).agency_id,
        "closed": inside.closed_agencies(today),
    }
    return render(request, "agencies/tree.html", context)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _levels_of(rows: list[dict[str, Any]]) -> list[AgencyLevel]:
    """Return the levels that agencies of today have, high ones first."""
    found = {row["agency"].level_id: row["agency"].level for row in rows}
    return sorted(found.values(), key=lambda level: level.rank)


def _nested(
    rows: list[dict[str, Any]], people: dict[int, int], below_in_all: Counter[int | None]
) -> list[dict[str, Any]]:
    """Turn the rows of a walk, parents first, into nested nodes; each says how many stand below it on all pages."""
    top: list[dict[str, Any]] = []
    by_id: dict[int | None, list[dict[str, Any]]] = {None: top}
    for row in rows:
        below: list[dict[str, Any]] = []
        by_id[row["agency"].pk] = below
        pk = row["agency"].pk
        node = {**row, "below": below, "people": people.get(pk, 0), "all_below": below_in_all[pk]}
        by_id[row["parent_id"]].append(node)
    return top


@require_GET
def one(request: HttpRequest, agency_id: int) -> HttpResponse:
    """Show one agency: names, codes, places, units, people; `closed` shows what has ended too."""
    actor, today = actor_of(request), timezone.localdate()
    closed = request.GET.get("closed") == "1"
    card = inside.agency_card(agency_id, today, closed=closed)
    ended = card.agency.closed_on is not None
    acts = list(entries_of("agency", agency_id, agency_id=agency_id))
    context = {
        "card": card,
        "agency": card.agency,
        "today": today,
        "closed": closed,
        "ended": ended,
        "code": next((row for row in card.codes if row.scheme == "new" and holds(row, today)), None),
        "old_code": next((row for row in card.codes if row.scheme == "old" and holds(row, today)), None),
        "crumbs": crumbs(card.agency, parent=card.parent),
        "history": agency_words.history(acts, inside.names_in(acts))[:_HISTORY],
        "system_admin": permissions.is_system_admin(actor) and not ended,
        "planned": preview.planned_here(agency_id) if permissions.is_system_admin(actor) else [],
        "runs": permissions.runs(actor, agency_id),
    }
    return render(request, "agencies/agency.html", context)


def holds(row: Any, on: date) -> bool:
    """Tell whether a dated row holds on a day."""
    return bool(row.valid_from <= on and (row.valid_to is None or on < row.valid_to))


# ── Changing an agency


def open_agency(request: HttpRequest) -> HttpResponse:
    """Open an agency below another."""
    today = timezone.localdate()
    asked = request.GET.get("parent", "")
    above = inside.one_agency(int(asked)) if asked.isdecimal() else None
    initial = {"parent": above, "calendar": above.calendar_id} if above else {}
    form = forms.OpenAgencyForm(request.POST or None, today=today, initial=initial)
    made: list[Agency] = []

    def act(data: dict[str, Any]) -> None:
        who = said(request, data)
        agency = agencies.open_agency(
            opened_on=data["on_day"],
            parent_id=data["parent"].pk if data["parent"] else None,
            **{
                name: data[name]
                for name in ("name", "short_name", "level", "code", "old_code", "legal_basis")
            },
            **who,
        )
        made.append(agency)
        who["key"] = f"{who['key']}-calendar"[-64:]
        agencies.set_calendar(agency_id=agency.pk, calendar_id=data["calendar"].pk, **who)

    return act_page(
        request,
        form,
        act,
        title=_("Mở cơ quan mới"),
        text=_("Sau khi mở: thêm đơn vị, bộ phận một cửa, điểm tiếp nhận, rồi mời người."),
        button=_("Mở cơ quan"),
        done=_("Đã mở cơ quan."),
        agency=above,
        target=lambda: reverse("agencies_agency", args=[made[0].pk]),
    )


def rename(request: HttpRequest, agency_id: int) -> HttpResponse:
    """Rename an agency from a day on."""
    agency, today = inside.one_agency(agency_id), timezone.localdate()
    names = {"name": agency.name, "short_name": agency.short_name}
    form = forms.RenameForm(request.POST or None, today=today, initial=names)

    def act(data: dict[str, Any]) -> None:
        if data["on_day"] > today:  # planned, so that it can be taken back
            what = {"agency": agency.pk, "name": data["name"], "short_name": data["short_name"]}
            common = said(request, data, "on_day", "legal_basis")
            changes.plan(kind=ChangeKind.RENAME, content=what, **common)
            return
        agencies.rename_agency(
            agency_id=agency.pk, **said(request, data, "name", "short_name", "on_day", "legal_basis")
        )

    return act_page(
        request,
        form,
        act,
        title=_("Đổi tên cơ quan"),
        text=_("Giấy tờ của thời gian trước giữ tên cũ; mã, hồ sơ, lịch sử ở nguyên."),
        button=_("Đổi tên"),
        done=_("Đã ghi tên mới."),
        agency=agency,
        facts=[
            _("Giấy in, trang công khai, màn hình sảnh mang tên mới từ ngày đó; đã in thì giữ tên cũ."),
            *_touched(agency, today),
        ],
        facts_title=_("Đổi theo"),
    )


def give_code(request: HttpRequest, agency_id: int) -> HttpResponse:
    """Give an agency a new code; the one before ends that day."""
    agency, today = inside.one_agency(agency_id), timezone.localdate()
    form = forms.CodeForm(request.POST or None, today=today, initial={"scheme": "new"})

    def act(data: dict[str, Any]) -> None:
        if (
            data["on_day"] > today and data["scheme"] == CodeScheme.NEW
        ):  # planned, so that it can be taken back
            what = {"agency": agency.pk, "name": "", "code": data["code"].strip().upper()}
            common = said(request, data, "on_day", "legal_basis")
            changes.plan(kind=ChangeKind.RENAME, content=what, **common)
            return
        agencies.give_code(
            agency_id=agency.pk,
            scheme=CodeScheme(data["scheme"]),
            valid_from=data["on_day"],
            **said(request, data, "code", "legal_basis"),
        )

    return act_page(
        request,
        form,
        act,
        title=_("Cấp mã định danh"),
        text=_("Mã cũ cùng cách viết hết hiệu lực ngày mã mới bắt đầu. Hồ sơ đã nhận giữ mã đã in."),
        button=_("Cấp mã"),
        done=_("Đã cấp mã."),
        agency=agency,
    )


def end_code(request: HttpRequest, code_id: int) -> HttpResponse:
    """End a code without a new one in its place."""
    row, today = inside.one_code(code_id), timezone.localdate()
    form = forms.EndCodeForm(request.POST or None, today=today)

    def act(data: dict[str, Any]) -> None:
        common = said(request, data, "on_day", "legal_basis")
        if data["on_day"] > today:  # planned, so that it can be taken back
            what = {"code_id": row.pk, "agency": row.agency_id}
            changes.plan(kind=ChangeKind.CODE, content=what, **common)
            return
        agencies.end_code(code_id=row.pk, **common)

    return act_page(
        request,
        form,
        act,
        title=_("Kết thúc mã %(code)s") % {"code": row.code},
        text=_("Mã vẫn thuộc cơ quan này mãi mãi và vẫn tra được; chỉ không dùng cho việc mới."),
        button=_("Kết thúc mã"),
        done=_("Đã kết thúc mã."),
        agency=row.agency,
        kind="warning",
        facts=_left_by(row, today),
        facts_title=_("Sau ngày đó"),
    )


def move(request: HttpRequest, agency_id: int) -> HttpResponse:
    """Put an agency under another from a day on."""
    agency, today = inside.one_agency(agency_id), timezone.localdate()
    form = forms.ParentForm(request.POST or None, agency=agency, today=today)
    return act_page(
        request,
        form,
        lambda data: agencies.place_under(
            agency_id=agency.pk, parent_id=data["parent"].pk, **said(request, data, "on_day")
        ),
        title=_("Chuyển cấp trên"),
        text=_("Lãnh đạo giám sát của cấp trên mới thấy cơ quan này từ ngày đó."),
        button=_("Chuyển"),
        done=_("Đã chuyển cấp trên."),
        agency=agency,
        facts=_touched(agency, today),
        facts_title=_("Đi theo"),
    )


def set_calendar(request: HttpRequest, agency_id: int) -> HttpResponse:
    """Choose the calendar an agency's due dates are counted by."""
    agency = inside.one_agency(agency_id)
    form = forms.CalendarForm(request.POST or None, initial={"calendar": agency.calendar_id})
    return act_page(
        request,
        form,
        lambda data: agencies.set_calendar(
            agency_id=agency.pk, calendar_id=data["calendar"].pk, **said(request, data)
        ),
        title=_("Chọn lịch làm việc"),
        text=_("Hồ sơ nhận từ bây giờ tính theo lịch này. Hồ sơ đã nhận giữ lịch cũ và ngày hẹn cũ."),
        button=_("Dùng lịch này"),
        done=_("Đã chọn lịch."),
        agency=agency,
    )


def close(request: HttpRequest, agency_id: int) -> HttpResponse:
    """Close an agency into a successor, or several."""
    agency, today = inside.one_agency(agency_id), timezone.localdate()
    form = forms.CloseAgencyForm(request.POST or None, today=today, initial={"kind": "merged"})

    def act(data: dict[str, Any]) -> None:
        agencies.close_agency(
            agency_id=agency.pk,
            successor_ids=[row.pk for row in data["successors"]],
            kind=SuccessionKind(data["kind"]),
            **said(request, data, "on_day", "legal_basis", "with_open_work"),
        )

    there = inside.what_stands_on(agency.pk, today)
    facts = [
        ngettext(
            "%(dossiers)s hồ sơ đang giải quyết", "%(dossiers)s hồ sơ đang giải quyết", there["dossiers"]
        )
        % there,
        ngettext("%(people)s người giữ vị trí", "%(people)s người giữ vị trí", there["people"]) % there,
        ngettext("%(units)s đơn vị", "%(units)s đơn vị", there["units"]) % there,
        ngettext(
            "%(below)s cơ quan trực thuộc, chuyển về cơ quan kế thừa",
            "%(below)s cơ quan trực thuộc, chuyển về cơ quan kế thừa",
            there["below"],
        )
        % there,
    ]
    return act_page(
        request,
        form,
        act,
        title=_("Đóng cơ quan"),
        text=_("Không xóa gì: tên, mã, hồ sơ, lịch sử ở nguyên và vẫn tra được."),
        button=_("Đóng cơ quan"),
        done=_("Đã ghi ngày kết thúc và cơ quan kế thừa."),
        agency=agency,
        kind="warning",
        facts=facts,
    )


# ── Parts


def _touched(agency: Agency, today: date) -> list[str]:
    """Say what of an agency a new name, or a new place in the tree, takes along."""
    there = inside.what_stands_on(agency.pk, today)
    return [
        ngettext("%(dossiers)s hồ sơ đang mở", "%(dossiers)s hồ sơ đang mở", there["dossiers"]) % there,
        ngettext("%(people)s người giữ vị trí", "%(people)s người giữ vị trí", there["people"]) % there,
        ngettext("%(below)s cơ quan trực thuộc", "%(below)s cơ quan trực thuộc", there["below"]) % there,
    ]


def _left_by(row: AgencyCode, today: date) -> list[str]:
    """Say what becomes of what carries a code that ends."""
    there = inside.what_stands_on(row.agency_id, today)
    carried = ngettext(
        "%(dossiers)s hồ sơ đang mở của cơ quan giữ mã đã in, vẫn tra được",
        "%(dossiers)s hồ sơ đang mở của cơ quan giữ mã đã in, vẫn tra được",
        there["dossiers"],
    )
    others = inside.codes_beside(row, today)
    stays = _("Cơ quan còn mã: %(codes)s") % {"codes": ", ".join(others)}
    return [
        carried % there,
        stays if others else _("Cơ quan không còn mã nào; cấp mã mới trước khi nhận hồ sơ."),
    ]


def said(request: HttpRequest, data: dict[str, Any], *names: str) -> dict[str, Any]:
    """Return what the form says under `names`, and who, when and under which key."""
    common = {"actor": actor_of(request), "at": timezone.now(), "key": data["key"]}
    return {name: data[name] for name in names} | common


def crumbs(agency: Agency | None, here: str = "", parent: Agency | None = None) -> list[Crumb]:
    """Return the way back from an agency, or from an act on it."""
    way = [Crumb(_("Cây cơ quan"), reverse("agencies_tree"))]
    if parent is not None:
        way.append(Crumb(parent.short_name, reverse("agencies_agency", args=[parent.pk])))
    if agency is not None:
        way.append(Crumb(agency.short_name, reverse("agencies_agency", args=[agency.pk]) if here else ""))
    return [*way, Crumb(here)] if here else way


def act_page(
    request: HttpRequest,
    form: Form,
    act: Callable[[dict[str, Any]], object],
    *,
    title: str,
    button: str,
    done: str,
    agency: Agency | None,
    text: str = "",
    kind: str = "primary",
    facts: list[str] | None = None,
    facts_title: str = "",
    target: Callable[[], str] | None = None,
) -> HttpResponse:
    """Show the form of one act, or carry it out and go back to the agency's page."""
    back = reverse("agencies_agency", args=[agency.pk]) if agency else reverse("agencies_tree")
    if request.method == "POST" and attempt(form, act):
        messages.success(request, done)
        return redirect(target() if target else back)
    context = {
        "form": form,
        "title": title,
        "note": text,
        "button": button,
        "kind": kind,
        "facts": facts or [],
        "facts_title": facts_title or _("Còn ở đây hôm nay"),
        "agency": agency,
        "back": back,
        "crumbs": crumbs(agency, title),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "agencies/act.html", context, status=status)
