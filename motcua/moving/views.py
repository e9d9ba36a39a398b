"""Pages of moving in: files brought in, a new one, one of them with its report."""

import csv
import io
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from motcua.base.jobs.operations import defer
from motcua.lib.actor import Actor
from motcua.lib.tables import column_name
from motcua.moving import counting, queries
from motcua.moving.fields import OF_KIND
from motcua.moving.forms import ColumnsForm, FileForm
from motcua.moving.models import Move, MoveState
from motcua.moving.operations import maps, moves
from motcua.ui.components import Crumb
from motcua.ui.keyed import attempt

SHOWN = 200


@require_GET
def move_list(request: HttpRequest) -> HttpResponse:
    """List the files, the newest first."""
    rows, older = queries.page(request.GET.get("after", ""))
    return render(request, "moving/list.html", {"rows": rows, "older": older})


def new_move(request: HttpRequest) -> HttpResponse:
    """Take a file, look at every row, and show what would come of it."""
    form = FileForm(request.POST or None, request.FILES or None, today=timezone.localdate())
    made: list[Move] = []

    def act(data: dict[str, Any]) -> None:
        made.append(
            moves.stage(
                kind=data["kind"], stream=data["file"], file_name=data["file"].name or "", system=data["system"],
                agency=data["agency"], map_name=data["column_map"], actor=_actor(request), at=timezone.now(),
            )
        )  # fmt: skip

    if request.method == "POST" and attempt(form, act):
        return redirect("moving_one", made[0].pk)
    context = {"form": form, "crumbs": [_home(), Crumb(_("Tệp mới"))]}
    return render(request, "moving/new.html", context, status=422 if request.method == "POST" else 200)


def one_move(request: HttpRequest, move_id: UUID) -> HttpResponse:
    """Show a file with its report; while it is looked at, correct its columns."""
    move = queries.one(move_id)
    form = None
    if move.state == MoveState.CHECKED:
        heading = moves.source_of(move).table.heading
        form = ColumnsForm(request.POST or None, move=move, heading=heading)

        def act(data: dict[str, Any]) -> None:
            at = timezone.now()
            moves.correct_columns(move_id=move.pk, columns=form.columns, actor=_actor(request), at=at)
            if data["save_map"]:
                named = {name: heading[column] for name, column in form.columns.items()}
                maps.keep_map(
                    kind=move.kind, name=data["save_map"], headings=named, actor=_actor(request), at=at
                )

        if request.method == "POST" and attempt(form, act):
            messages.success(request, _("Đã xem lại theo các cột vừa chọn."))
            return redirect("moving_one", move.pk)
    report = move.report
    context = {
        "move": move, "form": form, "report": report, "troubles": report.get("troubles", [])[:SHOWN],
        "more": max(0, len(report.get("troubles", [])) - SHOWN), "counts": _counts(report),
        "total": report.get("read", 0),
        "facts": _facts(move), "lacking": _lacking(report, move), "unused": _unused(move, form),
        "unclear": bool(report.get("lacking") or report.get("twice")),
        "crumbs": [_home(), Crumb(move.file_name)],
    }  # fmt: skip
    return render(request, "moving/one.html", context, status=422 if request.method == "POST" else 200)


@require_POST
def start(request: HttpRequest, move_id: UUID) -> HttpResponse:
    """Bring the file in, in the background."""
    moves.start(move_id=move_id, actor=_actor(request), at=timezone.now())
    defer(moves.RUN_JOB, move_id=str(move_id))  # with the commit; a second one finds nothing left to do
    messages.success(request, _("Đang nhập. Tải lại trang này để xem; đóng trang cũng không sao."))
    return redirect("moving_one", move_id)


@require_POST
def cancel(request: HttpRequest, move_id: UUID) -> HttpResponse:
    """Take the file back."""
    moves.cancel(move_id=move_id, actor=_actor(request), at=timezone.now())
    messages.success(request, _("Đã bỏ tệp. Chưa có gì vào hệ thống."))
    return redirect("moving_list")


@require_GET
def troubles(request: HttpRequest, move_id: UUID) -> HttpResponse:
    """Give the rows with troubles as CSV, for whoever corrects the file."""
    move = queries.one(move_id)
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([_("Dòng"), _("Cột"), _("Việc cần làm")])
    writer.writerows(
        [one["row"], _plain(one["column"]), _plain(one["message"])] for one in move.report.get("troubles", [])
    )
    response = HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="vuong-{move.pk}.csv"'
    return response


def _plain(text: str) -> str:
    """A heading of somebody's file must not become a formula in an office program."""
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t"} else text


def _facts(move: Move) -> list[tuple[str, str]]:
    """Return the numbers of a report in words."""
    report = move.report
    rows = [(_("Dòng trong tệp"), report.get("read", 0))]
    if report.get("lacking") or report.get("twice"):
        return [(words, str(value)) for words, value in rows]  # nothing was looked at yet
    if move.state == MoveState.DONE:
        rows += [
            (_("Mới"), report["new"]),
            (_("Cập nhật"), report["changed"]),
            (_("Không đổi"), report["unchanged"]),
        ]
        kept = report["kept"]
        few = f"{len(kept)}: {', '.join(kept[:10])}{' …' if len(kept) > 10 else ''}" if kept else "0"
        rows.append((_("Giữ nguyên vì đã có người xử lý ở đây"), few))
    else:
        rows.append((_("Nhập được"), report.get("ready", 0)))
    if report.get("over"):
        rows.append((_("Đã kết thúc, để lại hệ thống cũ"), report["over"]))
    return [(words, str(value)) for words, value in [*rows, (_("Dòng lỗi"), report.get("bad_rows", 0))]]


def _lacking(report: dict[str, Any], move: Move) -> str:
    """Return in words which needed columns nobody has named yet."""
    wanted = set(report.get("lacking", []))
    return ", ".join(_(one.label) for one in OF_KIND[move.kind] if one.name in wanted)


def _unused(move: Move, form: ColumnsForm | None) -> str:
    """Return the columns of the file that are nothing so far: a needed one may be among them."""
    used = set(move.columns.values())
    heading = form.heading if form is not None else ()
    return "; ".join(
        f"{column_name(at)}: {said}" for at, said in enumerate(heading) if said and at not in used
    )


def _counts(report: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {"by": counting.label(one["by"]), "value": counting.value_words(one["by"], one["value"]), **{
            name: one[name] for name in ("file", "here")}, "equal": one["file"] == one["here"]}
        for one in report.get("counts", [])
    ]  # fmt: skip


def _home() -> Crumb:
    return Crumb(_("Chuyển từ hệ thống cũ"), reverse("moving_list"))


def _actor(request: HttpRequest) -> Actor:
    actor = request.actor  # type: ignore[attr-defined]
    assert isinstance(actor, Actor)
    return actor
