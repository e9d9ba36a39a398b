"""The certified copy of one number as a file, into the vault of whose paper it is."""

from typing import Any, BinaryIO, cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from motcua.applicants.forms import TOLD
from motcua.applicants.operations.bringing import Told
from motcua.base.files.uploads import uploaded
from motcua.certification import forms, queries
from motcua.certification.models import ElectronicCopy
from motcua.certification.operations import electronic
from motcua.dossiers.reading import actor_of
from motcua.lib.refusal import NotFound
from motcua.ui.components import Crumb
from motcua.ui.keyed import attempt


@require_http_methods(["GET", "POST"])
def give(request: HttpRequest, visit_id: UUID, copied_id: UUID) -> HttpResponse:
    """Attach the stamped copy and say whose it is and what paper; afterwards back to the visit."""
    actor = actor_of(request)
    row = queries.get_for(actor, visit_id)
    paper = next((one for one in row.papers.all() if one.pk == copied_id), None)
    if paper is None:
        raise NotFound(_("Không tìm thấy giấy tờ này."))
    why = electronic.why_not(paper, row)
    if why:
        messages.error(request, why)
        return redirect("certification-visit", row.pk)
    asker = row.dossier.applicant
    form = forms.ElectronicForm(
        request.POST or None, initial={"name": paper.name}, asker=asker if electronic.is_sure(asker) else None
    )
    made: list[ElectronicCopy] = []

    def act(data: dict[str, Any]) -> None:
        sent = uploaded(request, "file")
        told = Told(**{name: data[name] for name in TOLD})
        made.append(
            electronic.give(
                paper_id=paper.pk, who=data["who"], told=told, stream=cast(BinaryIO, sent), filename=sent.name or "",
                actor=actor, at=timezone.now(),
            )
        )  # fmt: skip

    if request.method == "POST" and attempt(form, act):
        said = _("Đã đưa bản sao điện tử số %(number)s vào kho giấy tờ của %(name)s.")
        messages.success(request, said % {"number": paper.number, "name": made[0].applicant.name})
        return redirect("certification-visit", row.pk)
    context = {
        "visit": row, "paper": paper, "form": form, "there": queries.electronic_copies(row).get(paper.pk),
        "crumbs": [
            Crumb(_("Chứng thực"), reverse("certification")),
            Crumb(row.dossier.code, reverse("certification-visit", args=[row.pk])), Crumb(_("Bản điện tử")),
        ],
    }  # fmt: skip
    return render(request, "certification/electronic.html", context, status=422 if form.errors else 200)
