"""Where an administrator keeps the templates of results, and where an officer takes a filled one out."""

from typing import Any, BinaryIO, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from motcua.base.files import operations as files
from motcua.base.files.uploads import uploaded
from motcua.dossiers import reading, result_templates
from motcua.dossiers.forms.result_templates import PublishTemplateForm, TemplateForm
from motcua.dossiers.models import ResultTemplate
from motcua.dossiers.operations import result_templates as operations
from motcua.dossiers.reading import actor_of
from motcua.dossiers.views.detail import back
from motcua.lib.refusal import NotFound, NotPermitted, Refusal
from motcua.ui import dates
from motcua.ui.components import Column, Crumb, Pager, Table
from motcua.ui.keyed import attempt

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@require_GET
def template_list(request: HttpRequest) -> HttpResponse:
    """List the agency's templates, each version with its day."""
    actor, text = actor_of(request), request.GET.get("before", "")
    before = int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None
    rows = result_templates.page_of(actor.agency_id or 0, before=before)
    shown = rows[: result_templates.PAGE]
    older = f"?before={shown[-1].pk}" if len(rows) > len(shown) else ""
    columns = [Column(_("Dùng cho")), Column(_("Tệp")), Column(_("Áp dụng từ"), "time")]
    cells = [[_link(one), one.file_name, _since(one)] for one in shown]
    context = {
        "table": Table(_("Mẫu kết quả"), columns, cells, caption_hidden=True, as_list=True)
        if cells
        else None,
        "pager": Pager(newer=reverse("result-templates") if before else "", older=older),
    }
    return render(request, "dossiers/result_templates.html", context)


def _link(row: ResultTemplate) -> str:
    return format_html(
        '<a href="{}">{}</a>', reverse("result-template", args=[row.pk]), result_templates.said(row)
    )


def _since(row: ResultTemplate) -> str:
    return dates.day(row.valid_from) if row.valid_from else _("bản nháp")


def template_new(request: HttpRequest) -> HttpResponse:
    """Take a template in; its page shows what it fills in before it is published."""
    actor, sent = actor_of(request), request.method == "POST"
    form = TemplateForm(request.POST if sent else None, request.FILES if sent else None, label_suffix="")
    made: list[ResultTemplate] = []

    def save(data: dict[str, Any]) -> None:
        file = uploaded(request, "file")
        made.append(
            operations.save_draft(
                agency_id=actor.agency_id or 0, kind=data["kind"], procedure=data["procedure"], result=data["result"],
                stream=cast(BinaryIO, file), filename=file.name or "", actor=actor, at=timezone.now(), key=data["key"],
            )
        )  # fmt: skip

    if sent and attempt(form, save):
        return redirect("result-template", made[0].pk)
    context = {
        "form": form, "names": list(result_templates.NAMES.items()), **_loop(),
        "crumbs": [Crumb(_("Mẫu kết quả"), reverse("result-templates")), Crumb(_("Thêm mẫu"))],
    }  # fmt: skip
    return render(request, "dossiers/result_template_new.html", context, status=422 if sent else 200)


def _loop() -> dict[str, Any]:
    """The lines that an administrator copies into a document."""
    columns = ", ".join(result_templates.COLUMNS)
    return {
        "loop": [
            f"{{%tr for {columns} in {result_templates.PAPERS} %}}",
            " ".join(f"{{{{ {one} }}}}" for one in result_templates.COLUMNS),
            "{%tr endfor %}",
        ]
    }


def template_one(request: HttpRequest, template_id: int) -> HttpResponse:
    """Show one version: what it fills in, what it gains and loses. Sent, publish what was shown."""
    actor, now = actor_of(request), timezone.now()
    row = result_templates.get_for(actor, template_id)
    today = timezone.localdate(now)
    old = result_templates.published(row.agency_id, row.slot, today)
    gained, lost = result_templates.differences(old, row)
    context: dict[str, Any] = {
        "form": None, "row": row, "title": result_templates.said(row), "gained": gained, "lost": lost, "old": old,
        "crumbs": [Crumb(_("Mẫu kết quả"), reverse("result-templates")), Crumb(row.file_name)],
    }  # fmt: skip
    sent = request.method == "POST"
    if row.published_at is None or sent:
        usual = {"valid_from": today, "seen": result_templates.digest(row)}
        form = PublishTemplateForm(request.POST if sent else None, initial=usual, label_suffix="")
        if sent and attempt(
            form,
            lambda data: operations.publish(
                template_id=row.pk, valid_from=data["valid_from"], seen=data["seen"], actor=actor, at=now,
                key=data["key"],
            ),
        ):  # fmt: skip
            day = dates.day(form.cleaned_data["valid_from"])
            messages.success(request, _("Đã ban hành mẫu, áp dụng từ %(day)s.") % {"day": day})
            return redirect("result-templates")
        context["form"] = form
    return render(request, "dossiers/result_template.html", context, status=422 if sent else 200)


@require_GET
def preview(request: HttpRequest, template_id: int) -> HttpResponse:
    """Hand out a version filled with an example that nobody is in."""
    actor = actor_of(request)
    row = result_templates.get_for(actor, template_id)
    values = result_templates.example(row.agency_id, actor=actor, at=timezone.now(), name=row.result_name)
    return _docx(files.fill_template(content=bytes(row.content), values=values), "mau-vi-du.docx")


@require_GET
def original(request: HttpRequest, template_id: int) -> HttpResponse:
    """Hand out a version as it was taken in."""
    row = result_templates.get_for(actor_of(request), template_id)
    return _docx(bytes(row.content), row.file_name)


@require_POST
def discard(request: HttpRequest, template_id: int) -> HttpResponse:
    """Drop a draft."""
    actor = actor_of(request)
    row = result_templates.get_for(actor, template_id)
    try:
        operations.discard_draft(template_id=row.pk, actor=actor, at=timezone.now())
    except (NotFound, NotPermitted):
        raise
    except Refusal as refusal:
        messages.info(request, refusal.message)
    else:
        messages.success(request, _("Đã bỏ bản nháp. Mẫu đang dùng giữ nguyên."))
    return redirect("result-templates")


@require_GET
def compose(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    """Hand out a draft of the result, filled for this dossier; history and the list of readings note it."""
    sheet = reading.sheet_for(actor_of(request), code, now=timezone.now())
    offer = sheet.offer("issue") or sheet.offer("propose")
    actor = (offer.actor if offer is not None else None) or sheet.actor
    try:
        name, made = operations.compose(dossier=sheet.dossier, kind=kind, actor=actor, at=sheet.now)
    except (NotFound, NotPermitted):
        raise
    except Refusal as refusal:
        return back(request, sheet.dossier.code, refusal.message, good=False)
    return _docx(made, name)


def _docx(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=DOCX)
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
