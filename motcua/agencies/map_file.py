"""Reading a map of a reorganisation: a CSV of pairs old → new, and one of the names behind the new codes.

A code is that of an administrative unit ("00097") or an agency's identifier ("H24.13"). Everything wrong is found
before anything is done, each fault with its line.
"""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from motcua.lib.refusal import Refusal
from motcua.lib.vietnamese import normalize

_CODE = re.compile(r"[0-9]{2,5}|[A-Z][0-9]{2}(\.[0-9]{1,3}){0,3}")
_NEEDED = ("old_code", "new_code")
_YES = {"1", "true", "yes", "x"}
_SHOWN = 20


class BadMap(Refusal):
    """The file cannot be used; the message lists what is wrong, line by line."""

    code = "bad_map"


@dataclass(frozen=True)
class Pair:
    """One line: `old` goes over to `new`, as a whole or in part; the default one is the main successor."""

    line: int
    old: str
    new: str
    whole: bool
    default: bool


@dataclass(frozen=True)
class Named:
    """What is known of a new code."""

    name: str
    short_name: str
    identifier: str = ""


def read_pairs(*contents: bytes) -> list[Pair]:
    """Return the pairs of the files together; refuses files with faults, naming them."""
    faults: list[str] = []
    pairs: list[Pair] = []
    for line, row in (one for content in contents for one in _rows(content, _NEEDED)):
        old, new = row["old_code"].upper(), row["new_code"].upper()
        wrong = [code for code in (old, new) if not _CODE.fullmatch(code)]
        if wrong:
            faults.append(
                _("dòng %(line)s: “%(code)s” không phải mã") % {"line": line, "code": wrong[0][:40]}
            )
            continue
        kind = row.get("kind", "").lower() or "full"
        if kind not in {"full", "part", "district"}:
            faults.append(
                _("dòng %(line)s: kind “%(kind)s” không rõ (full, part)") % {"line": line, "kind": kind[:20]}
            )
            continue
        default = row.get("is_default", "1").lower() in _YES
        pairs.append(Pair(line, old, new, kind != "part", default))
    faults += _contradictions(pairs)
    _refuse(faults)
    if not pairs:
        raise BadMap(_("Tệp không có dòng nào."))
    return pairs


def read_names(content: bytes) -> dict[str, Named]:
    """Return the names by code: columns `code`, `full_name` or `name`, and `identifier` where it is known."""
    found: dict[str, Named] = {}
    faults: list[str] = []
    for line, row in _rows(content, ("code",)):
        full = normalize(row.get("full_name") or row.get("name") or "")
        if not full:
            faults.append(_("dòng %(line)s: không có tên (cột full_name)") % {"line": line})
        elif row["code"] in found:
            faults.append(_("dòng %(line)s: mã %(code)s đã có") % {"line": line, "code": row["code"][:40]})
        else:
            name = full if full.startswith(("UBND", "Ủy ban")) else f"UBND {full[0].lower()}{full[1:]}"
            short = normalize(row.get("short_name") or "") or full
            found[row["code"]] = Named(name[:250], short[:80], (row.get("identifier") or "").strip().upper())
    _refuse(faults)
    return found


def _contradictions(pairs: list[Pair]) -> Iterator[str]:
    """Yield pairs given twice, and old codes without exactly one main successor."""
    seen: dict[tuple[str, str], int] = {}
    by_old: dict[str, list[Pair]] = {}
    for pair in pairs:
        if (pair.old, pair.new) in seen:
            yield _("dòng %(line)s: cặp %(old)s → %(new)s đã có ở dòng %(first)s") % {
                "line": pair.line, "old": pair.old, "new": pair.new, "first": seen[pair.old, pair.new],
            }  # fmt: skip
        seen.setdefault((pair.old, pair.new), pair.line)
        by_old.setdefault(pair.old, []).append(pair)
    for old, given in by_old.items():
        main = sum(pair.default for pair in given)
        if main != 1:
            yield _("mã %(old)s (dòng %(line)s): cần đúng một nơi kế thừa chính (is_default), đang có %(count)s") % {
                "old": old, "line": given[0].line, "count": main,
            }  # fmt: skip
        if len(given) > 1 and any(pair.whole for pair in given):
            yield _("mã %(old)s (dòng %(line)s): vừa nhập toàn bộ (full) vừa chia") % {
                "old": old, "line": given[0].line,
            }  # fmt: skip


def _rows(content: bytes, needed: tuple[str, ...]) -> Iterator[tuple[int, dict[str, str]]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadMap(_("Tệp không phải văn bản UTF-8. Lưu lại dạng CSV UTF-8.")) from None
    if "\0" in text:
        raise BadMap(_("Tệp không phải văn bản CSV."))
    dialect = ";" if text.partition("\n")[0].count(";") > text.partition("\n")[0].count(",") else ","
    reader = csv.DictReader(io.StringIO(text), delimiter=dialect)
    columns = [(name or "").strip() for name in reader.fieldnames or []]
    missing = [name for name in needed if name not in columns]
    if missing:
        raise BadMap(
            _("Thiếu cột %(missing)s. Đang có: %(columns)s.")
            % {"missing": ", ".join(missing), "columns": ", ".join(columns)[:200] or _("không cột nào")}
        )
    reader.fieldnames = columns
    for row in reader:
        values = {name: (value or "").strip() for name, value in row.items() if isinstance(name, str)}
        if any(values.values()):
            yield reader.line_num, values


def _refuse(faults: list[str]) -> None:
    if faults:
        more = len(faults) - _SHOWN
        tail = [_("… và %(more)s lỗi khác") % {"more": more}] if more > 0 else []
        raise BadMap("\n".join([_("Tệp có lỗi, chưa đổi gì:"), *faults[:_SHOWN], *tail]))
