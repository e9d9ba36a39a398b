"""Paper: what lies here and what is on its way, hand-over slips, missing papers, giving back. Scanner or ticks."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from motcua.base.printing.operations import render as render_pdf
from motcua.base.printing.responses import pdf
from motcua.dossiers import custody_rights as rights
from motcua.dossiers import custody_sheet, custody_words, finding, held, states
from motcua.dossiers.forms.custody import EndForm, GiveForm, SettleForm, TakeForm, WithdrawForm
from motcua.dossiers.models import HandoverLine, HandoverSlip, Holding
from motcua.dossiers.models.shown import Way
from motcua.dossiers.operations import custody
from motcua.dossiers.operations.showing import note_shown
from motcua.dossiers.reading import actor_of
from motcua.lib.actor import Actor
from motcua.lib.refusal import NotFound
from motcua.ui.components import Crumb, Pager
from motcua.ui.keyed import attempt

_LYING = frozenset({"here", "behind"})  # lists of paper that lies here, to be ticked and given on
_HOW_WORDS = {
    rights.FOUND_THERE: custody_words.LineState.FOUND_THERE,
    rights.FOUND_HERE: custody_words.LineState.FOUND_HERE,
    rights.LOST: custody_words.LineState.LOST,
}


@require_http_methods(["GET", "POST"])
def papers(request: HttpRequest) -> HttpResponse:
    """Show one list of paper. A POST from the list of what lies here scans a code or makes a slip."""
    actor = actor_of(request)
    if request.method == "POST":
        return _give(request, actor)
    return _list(request, actor)


def _list(
    request: HttpRequest, actor: Actor, *, form: GiveForm | None = None, picked: list[UUID] | None = None,
    said: str = "", status: int = 200,
) -> HttpResponse:  # fmt: skip
    now = timezone.now()
    tab = request.GET.get("list", "here")
    tab = tab if tab in held.TABS else "here"
    after = request.GET.get("after", "")
    part = held.page(tab, actor, now, after=after)
    rows = part.rows
    shown = [one.dossier_id for one in rows if hasattr(one, "dossier_id")]  # a slip shows codes alone
    note_shown(dossiers=shown, way=Way.PAPER, actor=actor, at=now)
    if tab in _LYING:
        rows = _with_picked(rows, picked or [], actor)
        form = form or GiveForm(
            groups=held.takers(actor, [one.dossier for one in rows], timezone.localdate(now))
        )
    context = {
        "tab": tab,
        "lying": tab in _LYING,
        "tabs": _tabs(tab, held.counts(actor, now)),
        "name": held.TABS[tab][0],
        "empty_words": held.TABS[tab][1],
        "rows": rows,
        "items": [(one, rights.may_give(actor, one) and not one.busy) for one in rows]
        if tab in _LYING
        else [],
        "picked": set(picked or []),
        "form": form,
        "said": said,
        "wide": held.sees_agency(actor),
        "now": now,
        "pager": Pager(
            newer=f"?list={tab}" if after else "",
            older=f"?list={tab}&after={part.older}" if part.older else "",
            by_time=tab == "slips",  # the others begin with what waits longest
        ),
        "actor": actor,
    }
    return render(request, "dossiers/custody/list.html", context, status=status)


def _tabs(here: str, found: dict[str, int]) -> list[dict[str, Any]]:
    late = {"unclaimed", "missing"}
    return [
        {
            "key": key, "name": name, "count": found.get(key), "here": key == here,
            "late": key in late and bool(found.get(key)),
        }
        for key, (name, _empty) in held.TABS.items()
    ]  # fmt: skip


def _with_picked(rows: list[Holding], picked: list[UUID], actor: Actor) -> list[Holding]:
    """What was scanned stands first, whichever page it is on."""
    if not picked:
        return rows
    first = held.here_by_id(actor, picked)
    known = {one.pk for one in first}
    return [*first, *(one for one in rows if one.pk not in known)]


def _give(request: HttpRequest, actor: Actor) -> HttpResponse:
    picked = _ids(request.POST.getlist("holding"))
    text = request.POST.get("scan", "").strip()
    if text and request.POST.get("act") != "give":
        if held.is_slip_number(text):
            return redirect("slip", number=held.slip_for(actor, text).number)
        found, said = _scanned_here(actor, text)
        return _list(
            request, actor, picked=[*picked, *(one for one in found if one not in picked)], said=said
        )
    rows = held.here_by_id(actor, picked)
    groups = held.takers(actor, [one.dossier for one in rows], timezone.localdate())
    form = GiveForm(request.POST, groups=groups)
    made: list[HandoverSlip] = []

    def act(data: dict[str, Any]) -> None:
        unit, point = data["to"]
        made.append(
            custody.hand_over(
                holding_ids=picked, to_unit_id=unit, to_point_id=point, note=data["note"], actor=actor,
                at=timezone.now(), key=data["key"],
            )
        )  # fmt: skip

    if not attempt(form, act):
        return _list(request, actor, form=form, picked=picked, status=422)
    request.session["motcua.print_slip"] = made[0].number
    messages.success(request, _("Đã lập phiếu bàn giao %(number)s.") % {"number": made[0].number})
    return redirect("slip", number=made[0].number)


def _scanned_here(actor: Actor, text: str) -> tuple[list[UUID], str]:
    """Return what of a scanned dossier lies here, and what to say where nothing does."""
    dossier = finding.exact(actor, text)
    if dossier is None:
        return [], _("Không có hồ sơ mang mã “%(code)s” trong phạm vi của anh/chị.") % {"code": text[:60]}
    whole = held.of_dossier(dossier)
    here = [one for one in whole if rights.may_give(actor, one)]
    free = [one.pk for one in here if not one.busy]
    if free:
        return free, ""
    if here:
        return [], _("Giấy tờ của %(code)s đang trên phiếu %(slip)s.") % {
            "code": dossier.code, "slip": here[0].busy[0].slip.number,
        }  # fmt: skip
    now = [one for one in whole if one.until is None]
    if not now:
        return [], _("Hồ sơ %(code)s không có giấy tờ nào đang được giữ.") % {"code": dossier.code}
    return [], _("Giấy tờ của %(code)s đang ở %(unit)s, không phải ở đơn vị anh/chị.") % {
        "code": dossier.code, "unit": f"{now[0].unit.name}, {now[0].agency.name}",
    }  # fmt: skip


# ── One slip


@require_http_methods(["GET", "POST"])
def slip(request: HttpRequest, number: str) -> HttpResponse:
    """Show a slip. A POST of the taker scans a dossier, or confirms what arrived."""
    actor = actor_of(request)
    row = held.slip_for(actor, number)
    if request.method == "GET":
        return _slip(request, actor, row)
    taken = _ids(request.POST.getlist("line"))
    text = request.POST.get("scan", "").strip()
    if text and request.POST.get("act") != "take":
        found, said = _scanned_line(actor, row, text)
        return _slip(request, actor, row, taken=[*taken, *found], said=said)
    form = TakeForm(request.POST)
    done = attempt(
        form,
        lambda data: custody.take(
            slip_id=row.pk, taken_ids=taken, missing_ok=data["missing_ok"], actor=actor, at=timezone.now(),
            key=data["key"],
        ),
    )  # fmt: skip
    if not done:
        return _slip(request, actor, row, take_form=form, taken=taken, status=422)
    short = row.size - len(taken)
    text = _("Đã xác nhận nhận %(count)s giấy tờ.") % {"count": len(taken)}
    if short:
        text += " " + ngettext(
            "%(n)s giấy tờ được báo thiếu cho cả hai bên.",
            "%(n)s giấy tờ được báo thiếu cho cả hai bên.",
            short,
        ) % {"n": short}
    messages.success(request, text)
    return redirect("slip", number=row.number)


def _slip(
    request: HttpRequest, actor: Actor, row: HandoverSlip, *, take_form: TakeForm | None = None,
    withdraw_form: WithdrawForm | None = None, settle_form: tuple[UUID, SettleForm] | None = None,
    taken: list[UUID] | None = None, said: str = "", status: int = 200,
) -> HttpResponse:  # fmt: skip
    lines = held.lines_of(row)
    under_way = row.state == custody_words.SlipState.GIVEN
    print_now = request.session.pop("motcua.print_slip", "") == row.number
    context = {
        "slip": row,
        "crumbs": [Crumb(_("Giấy tờ, bàn giao"), reverse("papers")), Crumb(row.number)],
        "lines": [(line, _settling(actor, row, line, settle_form)) for line in lines],
        "taken": set(taken or []),
        "may_take": under_way and rights.may_take(actor, row),
        "may_withdraw": under_way and rights.may_withdraw(actor, row),
        "missing": [line for line in lines if line.state == custody_words.LineState.MISSING],
        "take_form": take_form or TakeForm(),
        "withdraw_form": withdraw_form or WithdrawForm(),
        "said": said,
        "print_now": print_now,
        "now": timezone.now(),
        "late": under_way and row.claim_by is not None and row.claim_by < timezone.now(),
    }
    return render(request, "dossiers/custody/slip.html", context, status=status)


def _settling(
    actor: Actor, row: HandoverSlip, line: HandoverLine, sent: tuple[UUID, SettleForm] | None
) -> SettleForm | None:
    """Return the form that settles a missing line, where this officer may."""
    if line.state != custody_words.LineState.MISSING:
        return None
    if sent is not None and sent[0] == line.pk:
        return sent[1]
    line.slip = row
    ways = rights.ways_to_settle(actor, line)
    return SettleForm(ways=ways, prefix=f"l{line.place}") if ways else None


def _scanned_line(actor: Actor, row: HandoverSlip, text: str) -> tuple[list[UUID], str]:
    """Return the lines of a scanned dossier, and what to say where the slip has none."""
    dossier = finding.exact(actor, text)
    lines = [one for one in held.lines_of(row) if dossier is not None and one.dossier_id == dossier.pk]
    if lines:
        return [one.pk for one in lines], ""
    return [], _("Phiếu này không có hồ sơ “%(code)s”. Để riêng ra và hỏi bên giao; đừng xác nhận hộ.") % {
        "code": dossier.code if dossier else text[:60]
    }


@require_GET
def slip_pdf(request: HttpRequest, number: str) -> HttpResponse:
    """Show the slip as it is printed and signed."""
    row = held.slip_for(actor_of(request), number)
    return pdf(render_pdf(custody_sheet.slip_paper(row)), f"{row.number}.pdf")


@require_POST
def slip_withdraw(request: HttpRequest, number: str) -> HttpResponse:
    """Take back a slip that nobody has confirmed."""
    actor = actor_of(request)
    row = held.slip_for(actor, number)
    form = WithdrawForm(request.POST)
    done = attempt(
        form,
        lambda data: custody.withdraw_slip(
            slip_id=row.pk, reason=data["reason"], actor=actor, at=timezone.now(), key=data["key"]
        ),
    )
    if not done:
        return _slip(request, actor, row, withdraw_form=form, status=422)
    messages.success(request, _("Đã thu hồi phiếu. Giấy tờ vẫn ở đơn vị anh/chị."))
    return redirect("slip", number=row.number)


@require_POST
def slip_settle(request: HttpRequest, number: str, line_id: UUID) -> HttpResponse:
    """Settle one missing paper of a slip."""
    actor = actor_of(request)
    row = held.slip_for(actor, number)
    line = next((one for one in held.lines_of(row) if one.pk == line_id), None)
    if line is None:
        raise NotFound(_("Phiếu này không có dòng như vậy."))
    form = SettleForm(request.POST, ways=list(rights.HOWS), prefix=f"l{line.place}")
    done = attempt(
        form,
        lambda data: custody.settle(
            line_id=line.pk, how=data["how"], reason=data["reason"], actor=actor, at=timezone.now(),
            key=data["key"],
        ),
    )  # fmt: skip
    if not done:
        return _slip(request, actor, row, settle_form=(line.pk, form), status=422)
    how = _HOW_WORDS[form.cleaned_data["how"]].label
    messages.success(
        request, _("Đã ghi: %(code)s, %(how)s.") % {"code": line.dossier.code, "how": str(how).lower()}
    )
    return redirect("slip", number=row.number)


# ── Out of custody


@require_http_methods(["GET", "POST"])
def end(request: HttpRequest, holding_id: UUID) -> HttpResponse:
    """Give paper back to the citizen, or file it away when the dossier is done."""
    actor = actor_of(request)
    holding = held.holding_for(actor, holding_id)
    act = request.POST.get("act", "")
    form = EndForm(
        request.POST or None, initial={"given_to": holding.dossier.applicant_name}, naming=act != "file"
    )
    if request.method == "POST" and attempt(form, lambda data: _end(holding, act, data, actor)):
        text = _("Đã lưu hồ sơ.") if act == "file" else _("Đã ghi: giấy tờ trả lại người dân.")
        messages.success(request, text)
        return HttpResponseRedirect(reverse("dossier", args=[holding.dossier.code]))
    context = {
        "holding": holding,
        "crumbs": [Crumb(_("Giấy tờ, bàn giao"), reverse("papers")), Crumb(holding.dossier.code)],
        "name": custody_words.bundle_name(holding.bundle, holding.round),
        "may_end": rights.may_give(actor, holding) and not holding.busy,
        "may_file": holding.dossier.state in (*states.FINAL, *states.DECIDED),
        "form": form,
    }
    return render(request, "dossiers/custody/end.html", context, status=422 if form.errors else 200)


def _end(holding: Holding, act: str, data: dict[str, Any], actor: Actor) -> None:
    shared: dict[str, Any] = {
        "holding_id": holding.pk,
        "actor": actor,
        "at": timezone.now(),
        "key": data["key"],
    }
    if act == "file":
        custody.file_away(**shared, note=data["note"])
    else:
        custody.give_back(**shared, given_to=data["given_to"])


def _ids(values: list[str]) -> list[UUID]:
    """Return the keys that a form sent, each once; what is no key is left out."""
    found: list[UUID] = []
    for value in values[: custody.MOST_LINES + 1]:
        try:
            one = UUID(value)
        except ValueError:
            continue
        if one not in found:
            found.append(one)
    return found
