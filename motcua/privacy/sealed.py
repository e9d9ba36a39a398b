"""The sealed copy of a person's data: JSON, the same as a PDF to read, and the hash that shows nobody changed it."""

import hashlib
import json
import zipfile
from datetime import datetime
from io import BytesIO
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from motcua.base.printing.notices import NoticePaper, NoticePart, render_notice
from motcua.privacy import copy_words, held, words

FORMAT = "motcua-personal-data/1"


def as_json(subject: held.Subject, *, code: str, office: str, at: datetime) -> str:
    """Return everything held about the person, as text that says what it is and what is not in it."""
    with override("vi"):
        tables = [
            {
                "table": one.label, "name": words.table(one.label, one.kind), "count": one.count,
                "kept": _(one.kind.span) % {"days": one.kind.days} if one.kind else "",
                "ground": _(one.kind.ground) if one.kind else "", "rows": one.rows,
            }
            for one in held.everything(subject)
        ]  # fmt: skip
        copy: dict[str, Any] = {
            "format": FORMAT, "request": code, "office": office,
            "made_at": timezone.localtime(at).isoformat(timespec="seconds"),
            "covers": "person" if subject.dossier_id is None else "dossier",
            "tables": tables,
            "part_in_others": held.part_in_others(subject.applicant_id) if subject.dossier_id is None else [],
            "left_out": [
                *({"table": words.table(label, None), "why": _(why)} for label, why in held.WITHIN.items()),
                {"table": _("Cơ quan khác"),
                 "why": _("Mỗi cơ quan trả lời về hồ sơ của mình; gửi yêu cầu cho cơ quan đó.")},
            ],
        }  # fmt: skip
    return json.dumps(copy, ensure_ascii=False, indent=1)


def sha256(text: str) -> str:
    """Return the hash of a copy, as printed."""
    return hashlib.sha256(text.encode()).hexdigest()


def as_zip(text: str, *, at: datetime) -> bytes:
    """Return the sealed file: the JSON as it was made, the PDF of it, and how to check. Equal copies, equal bytes."""
    out = BytesIO()
    local = timezone.localtime(at)
    stamp = (local.year, local.month, local.day, local.hour, local.minute, local.second)
    digest = sha256(text)
    note = (
        "Bản sao dữ liệu cá nhân. du-lieu.pdf để đọc, du-lieu.json để máy đọc.\n"
        f"SHA-256 của du-lieu.json: {digest}\nCơ quan giữ cùng dấu này trong lịch sử của yêu cầu.\n"
    )
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (
            ("DOC-TRUOC.txt", note.encode()), ("du-lieu.json", text.encode()), ("du-lieu.pdf", as_pdf(text, at=at)),
        ):  # fmt: skip
            archive.writestr(zipfile.ZipInfo(name, stamp), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def as_pdf(text: str, *, at: datetime) -> bytes:
    """Return the copy as a PDF to read, with the hash of the JSON on every page."""
    copy = json.loads(text)
    with override("vi"):
        parts = [
            NoticePart(
                title=f"{one['name']} ({one['count']})", note=". ".join(x for x in (one["kept"], one["ground"]) if x),
                rows=tuple(_read(one["table"], row) for row in one["rows"] if row),
            )
            for one in copy["tables"]
        ]  # fmt: skip
        if copy["part_in_others"]:
            rows = tuple(_read("dossiers.Dossier", row) for row in copy["part_in_others"])
            parts.append(
                NoticePart(title="Hồ sơ của người khác mà anh/chị nộp hộ hoặc đại diện", note="", rows=rows)
            )
        left = tuple(((one["table"], one["why"]),) for one in copy["left_out"])
        parts.append(NoticePart(title="Không có trong bản này", note="", rows=left))
        paper = NoticePaper(
            office=copy["office"], title="Bản sao dữ liệu cá nhân", number=copy["request"], facts=(
                ("Yêu cầu", copy["request"]), ("Làm lúc", copy_words.value("", "when", copy["made_at"])),
                ("Phạm vi", "Mọi dữ liệu về anh/chị ở cơ quan này" if copy["covers"] == "person"
                 else "Một hồ sơ; số giấy tờ, điện thoại được che vì chưa xem thẻ căn cước"),
                ("Cách đọc", "Bản này để đọc. Nội dung từng giấy đã in, tờ khai, việc đã làm có đủ trong du-lieu.json"),
                ("SHA-256 của bản JSON", sha256(text)),
            ),
            parts=tuple(parts), foot=f"{copy['request']} · SHA-256 {sha256(text)[:16]}…", issued_at=at,
        )  # fmt: skip
    return render_notice(paper)


def _read(table: str, row: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    return tuple(
        (copy_words.field(name), copy_words.value(table, name, value)) for name, value in row.items()
    )
