"""Correct a paper that was handed out: what will differ is shown before anything is issued."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.base.printing.data import Correction
from motcua.dossiers import paper_corrections, paper_words, permissions, queries
from motcua.dossiers.forms.paper_correction import PaperCorrectionForm
from motcua.dossiers.operations.paper_correction import correct_paper
from motcua.dossiers.permissions import Case
from motcua.dossiers.reading import actor_of, was_done
from motcua.dossiers.views.detail import back
from motcua.lib.refusal import NotFound
from motcua.ui.components import Column, Crumb, Table
from motcua.ui.keyed import attempt


def correct(request: HttpRequest, code: str, paper_id: UUID) -> HttpResponse:
    """Show what the corrected paper will say otherwise, and issue it."""
    actor, now = actor_of(request), timezone.now()
    dossier = queries.get_for(actor, code)
    row = queries.paper_of(dossier, paper_id)
    if row is None or row.form not in paper_corrections.TEXTS:
        raise NotFound(_("Hồ sơ này không có giấy sửa được như vậy."))
    permissions.require(paper_corrections.verb_of(row), Case(actor, dossier))
    key = request.POST.get("key", "")[:64]
    if key and was_done(actor, key):
        return back(request, dossier.code, _("Việc này đã được lưu từ lần bấm trước."), good=False)
    newer = getattr(row, "replaced_by", None)
    if newer is not None:
        text = _("Giấy này đã được thay bằng bản sửa số %(number)s. Sửa tiếp từ bản đó.")
        return back(request, dossier.code, text % {"number": newer.number}, good=False)
    old = paper_corrections.stored(row)
    form = PaperCorrectionForm(request.POST or None, paper=old)
    if request.method == "POST" and attempt(
        form,
        lambda data: correct_paper(
            paper_id=row.pk, actor=actor, at=now, key=data["key"], reason=data["reason"], texts=form.given()
        ),
    ):
        made = queries.newest_paper(dossier, row.form)
        request.session["motcua.print"] = str(made.pk) if made else ""
        return back(request, dossier.code, _("Đã lập bản sửa. Giao bản sửa, thu lại bản cũ nếu được."))
    corrects = Correction(round=row.version, number=row.number, issued_at=row.issued_at)
    new = paper_corrections.corrected(
        old, dossier, texts=form.texts, actor=actor, at=now, number=row.number, corrects=corrects
    )
    changed = [list(one) for one in paper_corrections.differences(old, new)]
    columns = [Column(_("Phần")), Column(_("Bản đã giao")), Column(_("Hồ sơ bây giờ"))]
    context = {
        "dossier": dossier,
        "row": row,
        "title": paper_words.title(row.form),
        "form": form,
        "fields": [form[name] for name in form.texts],
        "changed": Table(_("Khác với bản đã giao"), columns, changed, as_list=True) if changed else None,
        "crumbs": [
            Crumb(dossier.code, reverse("dossier", args=[dossier.code])),
            Crumb(_("Sửa giấy đã giao")),
        ],
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "dossiers/paper_correction.html", context, status=status)
