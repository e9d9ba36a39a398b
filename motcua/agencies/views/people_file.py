"""People out of a file: looked at, brought in, and their letters printed."""

from dataclasses import dataclass
from typing import Any, BinaryIO

from django import forms
from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from motcua.agencies import people_file, queries
from motcua.agencies.operations import people_import
from motcua.agencies.operations.people_import import PeopleBrought
from motcua.agencies.views.agencies import actor_of
from motcua.base.printing.letters import SealedLetter, sealed_letters
from motcua.lib.columns import Record
from motcua.lib.refusal import NotFound, NotPermitted, Refusal
from motcua.lib.tables import Row, Table, words
from motcua.ui.components import Crumb

_SALT = "agencies.people_file"
_HOURS = 2 * 3600
SHOWN = 200


class PeopleFileForm(forms.Form):
    """A list of people."""

    file = forms.FileField(
        label=gettext_lazy("Danh sách cán bộ, XLSX hoặc CSV"), max_length=200,
        help_text=gettext_lazy("Nhiều nhất 2.000 người. Tệp được đọc thử trước; chưa có tài khoản nào được tạo."),
        error_messages={"empty": gettext_lazy("Tệp này rỗng. Chọn lại tệp.")},
    )  # fmt: skip


@dataclass(frozen=True)
class _Looked:
    made: PeopleBrought
    kept: str
    remarks: tuple[str, ...] = ()


def people_from_file(request: HttpRequest) -> HttpResponse:
    """Look at a list of people; then, confirmed, bring it in. The rows travel signed in the page meanwhile."""
    actor = actor_of(request)
    kept = request.POST.get("kept", "")
    form = PeopleFileForm(request.POST or None if not kept else None, request.FILES or None)
    context: dict[str, Any] = {
        "form": form, "fields": people_file.FIELDS, "roles": queries.role_names(actor),
        "crumbs": [Crumb(_("Cán bộ"), reverse("agencies_people")), Crumb(_("Nhập từ tệp"))],
    }  # fmt: skip
    if request.method != "POST":
        return render(request, "agencies/people_file.html", context)
    if kept:
        try:
            records = _kept(request, kept)
        except Refusal as refused:
            messages.error(request, refused.message)
            return redirect("agencies_people_file")
        made = people_import.bring_people(records=records, actor=actor, at=timezone.now(), dry=False)
        letters = signing.dumps(made.new, salt=f"{_SALT}.letters.{actor.account_id}")
        return render(
            request,
            "agencies/people_brought.html",
            context | {"made": made, "letters": letters, **_troubles(made)},
        )
    if form.is_valid():
        try:
            looked = _look(request, form.cleaned_data["file"], form.cleaned_data["file"].name or "")
        except Refusal as refused:
            form.add_error("file", refused.message)
        else:
            return render(
                request,
                "agencies/people_looked.html",
                context
                | {"made": looked.made, "kept": looked.kept, "remarks": looked.remarks}
                | _troubles(looked.made),
            )
    return render(request, "agencies/people_file.html", context, status=422)


@require_POST
def letters(request: HttpRequest) -> HttpResponse:
    """Print the sealed letters of the people just opened: fresh links, known only on this paper."""
    actor, now = actor_of(request), timezone.now()
    try:
        ids = _signed(request.POST.get("letters", ""), f"{_SALT}.letters.{actor.account_id}")
        made = people_import.letters(account_ids=ids, actor=actor, at=now)
    except (NotFound, NotPermitted):
        raise
    except Refusal as refused:
        messages.error(request, refused.message)
        return redirect("agencies_people_file")
    held = queries.positions_by_account([one.account.pk for one in made], timezone.localdate(now))
    pages = []
    for one in made:
        position = held.get(one.account.pk)
        pages.append(
            SealedLetter(
                name=one.account.full_name, login=one.account.login_name,
                position=f"{position.title}, {position.unit.name}" if position else "",
                office=position.unit.agency.name if position else "",
                url=request.build_absolute_uri(reverse("accounts_invitation", args=[one.link.token])),
                expires_at=one.link.invitation.expires_at,
            )
        )  # fmt: skip
    response = HttpResponse(sealed_letters(pages, at=now), content_type="application/pdf")
    response["Content-Disposition"] = 'attachment; filename="thu-moi.pdf"'
    response["Cache-Control"] = "no-store"
    return response


def _look(request: HttpRequest, file: BinaryIO, name: str) -> _Looked:
    table = people_file.read(file, name)
    made = people_import.bring_people(
        records=people_file.records(table), actor=actor_of(request), at=timezone.now(), dry=True
    )
    rows = [[row.number, [words(cell) for cell in row.cells]] for row in table.rows]
    kept = {"heading": table.heading, "rows": rows, "bad": sorted({one.row for one in made.troubles})}
    return _Looked(
        made,
        signing.dumps(kept, salt=f"{_SALT}.{actor_of(request).account_id}", compress=True),
        table.remarks,
    )


def _kept(request: HttpRequest, kept: str) -> list[Record]:
    """Return the rows that were looked at, without those that had troubles then."""
    data = _signed(kept, f"{_SALT}.{actor_of(request).account_id}")
    rows = tuple(
        Row(number, tuple(cells)) for number, cells in data["rows"] if number not in set(data["bad"])
    )
    return people_file.records(Table(tuple(data["heading"]), rows, {}, {}))


def _signed(text: str, salt: str) -> Any:
    try:
        return signing.loads(text, salt=salt, max_age=_HOURS)
    except signing.BadSignature:
        raise Refusal(_("Trang này đã cũ. Chọn lại tệp và đọc thử."), code="stale") from None


def _troubles(made: PeopleBrought) -> dict[str, Any]:
    rows = [one.facts() for one in sorted(made.troubles, key=lambda one: (one.row, one.column))]
    bad = len({one["row"] for one in rows})
    facts = [
        (_("Người trong tệp"), made.read), (_("Tài khoản mới"), len(made.new)),
        (_("Thêm vị trí, đổi vai trò"), made.changed),
        (_("Không đổi"), made.unchanged), (_("Dòng lỗi, để lại"), bad),
    ]  # fmt: skip
    return {"facts": facts, "troubles": rows[:SHOWN], "more": max(0, len(rows) - SHOWN), "bad": bad}
