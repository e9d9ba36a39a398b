"""An answer as the official declaration on paper."""

from datetime import date, datetime

from motcua.base.printing.sheets import Declaration, DeclaredBy, DeclaredLine, DeclaredPart, render_sheet
from motcua.eforms.engine import answers, showing
from motcua.eforms.engine.conditions import value_at
from motcua.eforms.engine.model import Form, Values
from motcua.eforms.models import Confirmation, State
from motcua.eforms.queries import Standing, day_of
from motcua.ui import dates


def declaration(found: Standing) -> bytes:
    """Return the PDF of an answer; one that is not finished is marked as a draft on the page."""
    row = found.answer
    confirmed = {
        one.signer.key: f"đã xác nhận lúc {dates.moment(one.confirmation.confirmed_at)}, {_how(one.confirmation)}"
        for one in found.asked
        if one.confirmed and one.confirmation and one.confirmation.confirmed_at
    }
    return render_sheet(
        sheet(
            found.form, found.values, digest=found.digest, at=row.finished_at or row.saved_at,
            draft=row.state == State.OPEN or row.digest != found.digest, confirmed=confirmed, on=day_of(found.answer),
        )
    )  # fmt: skip


def _how(one: Confirmation) -> str:
    """Say how far it is known who confirmed."""
    if one.account_id is None:
        return "bằng liên kết, không đăng nhập"
    return f"đăng nhập bằng tài khoản định danh mức {one.level}" if one.level else "đăng nhập bằng tài khoản"


def sheet(
    form: Form, values: Values, *, digest: str, at: datetime, on: date, draft: bool = True,
    confirmed: dict[str, str] | None = None,
) -> Declaration:  # fmt: skip
    """Return what is printed of a form and values."""
    parts = tuple(
        DeclaredPart(
            title=one.title,
            lines=tuple(
                DeclaredLine(number=it.number, label=it.label, text=it.text, path=it.path)
                for it in one.lines
                if not _said_by_the_rest(it.path, it.text)
            ),
            columns=one.columns,
            rows=one.rows,
        )
        for one in showing.shown(form, values, on=on)
    )
    signers = tuple(
        DeclaredBy(
            title=one.title,
            name=str(value_at(values, one.name) or ""),
            confirmed=(confirmed or {}).get(one.key, ""),
        )
        for one in form.signers
    )
    return Declaration(
        title=form.title, to=form.to, basis=form.basis, parts=parts, pledge=form.pledge,
        signers=signers or (DeclaredBy(title=form.signature or "Người khai", name=""),),
        mark=answers.mark(digest), draft=draft, issued_at=at,
    )  # fmt: skip


def _said_by_the_rest(path: str, text: str) -> bool:
    """Tell whether a line only opened others that stand below it: "Khai thông tin về người mẹ: Có"."""
    return path.endswith("_known") and text == showing.YES_NO["yes"]
