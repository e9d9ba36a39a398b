"""Forms written by hand as TOML (`shipped/`), one file a form, short because people are asked for in blocks.

A field is a table: `key`, `kind`, `label` and what `engine.model.Field` has; `options = ["me: Mẹ"]`; conditions as a
written line (`engine.conditions`). Instead of a field a block may stand: `{person = "mother", has = "name born id"}`,
`{block = "copies"}`. `like = "ht_001"` takes another form's sections; what the file says itself goes before.
"""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from motcua.eforms.engine import conditions
from motcua.eforms.engine.model import (
    LONGEST_LONG,
    LONGEST_TEXT,
    Condition,
    Field,
    Form,
    Rule,
    Section,
    Signer,
)

SHIPPED = Path(__file__).parent / "shipped"
Table = dict[str, Any]

_PAPERS = (
    "cccd: Căn cước công dân", "can_cuoc: Thẻ căn cước", "dien_tu: Căn cước điện tử", "ho_chieu: Hộ chiếu",
    "khac: Giấy tờ hợp lệ thay thế",
)  # fmt: skip
_RESIDENCE = ("thuong_tru: Nơi thường trú", "tam_tru: Nơi tạm trú", "hien_tai: Nơi đang sinh sống")
_THREE_FIELDS = "Ba ô riêng: ngày, tháng, năm."


_PLAIN = (
    "help", "required", "list", "least", "most", "decimals", "earliest", "latest", "partial", "own", "source",
    "default",
)  # fmt: skip


class BadSource(ValueError):
    """A file of ours can't be read; the message names it."""


@dataclass(frozen=True, slots=True)
class Written:
    """A form of ours: its own code, the procedure and case it belongs to, and the form."""

    code: str
    procedure: str
    case: str
    form: Form


@cache
def shipped() -> tuple[Written, ...]:
    """Return the forms that come with the program, by the names of their files."""
    return tuple(read(path) for path in sorted(SHIPPED.glob("*.toml")))


def read(path: Path) -> Written:
    """Read one file."""
    found = _table(path)
    try:
        return Written(found["code"], found["procedure"], found.get("case", ""), form_of(found))
    except (KeyError, TypeError, ValueError) as error:
        raise BadSource(f"{path.name}: {error!r}") from error


def _table(path: Path) -> Table:
    found = tomllib.loads(path.read_text(encoding="utf-8"))
    if like := found.pop("like", ""):
        other = next(SHIPPED.glob(f"{like}*.toml"))
        return {name: value for name, value in _table(other).items() if name != "case"} | found
    return found


def form_of(found: Table) -> Form:
    """Return the form that a table describes."""
    return Form(
        title=found["title"], basis=found.get("basis", ""), intro=found.get("intro", ""),
        pledge=found.get("pledge", ""), to=found.get("to", ""), signature=found.get("signature", ""),
        sections=tuple(_section(one) for one in found["section"]),
        rules=tuple(
            Rule(holds=conditions.parse(one["holds"]), say=one["say"], at=one["at"]) for one in found.get("rule", ())
        ),
        signers=tuple(
            Signer(key=one["key"], title=one["title"], name=one["name"], show=_condition(one.get("show")))
            for one in found.get("signer", ())
        ),
    )  # fmt: skip


def _section(found: Table) -> Section:
    fields = tuple(_field(one) for row in found["fields"] for one in _unfolded(row))
    rows = found.get("rows")
    return Section(
        key=found["key"], title=found["title"], help=found.get("help", ""), show=_condition(found.get("show")),
        rows=(rows[0], rows[1]) if rows else None, item=found.get("item", ""), restart=found.get("restart", False),
        fields=fields,
    )  # fmt: skip


def _condition(text: str | None) -> Condition | None:
    return conditions.parse(text) if text else None


def _field(found: Table) -> Field:
    kind = found["kind"]
    compute = found.get("compute")
    longest = LONGEST_LONG if kind == "long" else 120 if kind == "name" else LONGEST_TEXT
    return Field(
        **{name: found[name] for name in ("key", "kind", "label")},
        **{
            name: found[name]
            for name in _PLAIN
            if name in found
        },
        need=_condition(found.get("need")), show=_condition(found.get("show")),
        options=tuple(_option(one) for one in found.get("options", ())), longest=found.get("longest", longest),
        parts=tuple(_field(part) for row in found.get("parts", ()) for part in _unfolded(row)),
        compute=(compute[0], tuple(compute[1:])) if compute else None,
    )  # fmt: skip


def _option(text: str) -> tuple[str, str]:
    code, _colon, words = text.partition(":")
    return code.strip(), words.strip()


# ── Blocks


def _unfolded(row: Table) -> Iterator[Table]:
    """Yield the fields that a row stands for."""
    shared = {name: row[name] for name in ("show",) if name in row}
    if "person" in row:
        asked = {name.rstrip("*") for name in row["has"].split()}
        for name in row["has"].split():
            word, star = name.rstrip("*"), name.endswith("*")
            found = _PERSON[word](row["person"]) | shared
            if word in row.get("labels", {}):
                found["label"] = row["labels"][word]
            if not asked & _NEEDS.get(word, asked):
                found.pop("need", None)
            if star:
                found |= {"required": True}
                found.pop("need", None)
            if word in row.get("optional", "").split():
                found["required"] = False
            yield found
    elif "block" in row:
        for found in _BLOCKS[row["block"]](row):
            yield shared | found
    else:
        yield row


def fields_of(block: Table) -> list[Table]:
    """Return the fields that a block stands for, as tables of their own."""
    return list(_unfolded(block))


def _paper(key: str, *, label: str = "Giấy tờ tùy thân", papers: tuple[str, ...] = _PAPERS) -> Table:
    return {
        "key": key, "kind": "group", "label": label, "source": "identity.paper",
        "parts": [
            {"key": "kind", "kind": "choice", "label": "Loại giấy tờ", "options": list(papers), "required": True},
            {"key": "number", "kind": "text", "label": "Số", "required": True, "longest": 60},
            {"key": "issued_on", "kind": "date", "label": "Ngày cấp", "latest": "today"},
            {"key": "issued_by", "kind": "text", "label": "Cơ quan cấp"},
            {"key": "copy", "kind": "file", "label": "Bản chụp", "most": 4},
        ],
    }  # fmt: skip


def residence(key: str, label: str = "Nơi cư trú", need: str = "") -> Table:
    """Return the question where somebody lives: by which right, and where."""
    return {
        "key": key, "kind": "group", "label": label, "source": "identity.residence",
        "help": "Ghi nơi thường trú; không có thì nơi tạm trú; không có cả hai thì nơi đang sinh sống.",
        "required": True, **({"need": need} if need else {}),
        "parts": [
            {
                "key": "kind", "kind": "choice", "label": "Loại nơi cư trú", "options": list(_RESIDENCE),
                "required": True,
            },
            {"key": "place", "kind": "address", "label": "Địa chỉ", "required": True},
        ],
    }  # fmt: skip


#: What a question of a person leans on: where none of it is asked too, it is needed as it stands.
_NEEDS = {"id": {"paper", "childpaper"}, "ethnic": {"nation"}, "residence": {"id"}}
_PERSON: dict[str, Any] = {
    "name": lambda who: {
        "key": f"{who}_name", "kind": "name", "label": "Họ, chữ đệm, tên", "required": True,
        "help": "Viết đủ dấu, như trong giấy tờ.", "source": "identity.full_name",
    },
    "born": lambda who: {
        "key": f"{who}_born", "kind": "date", "label": "Ngày, tháng, năm sinh", "required": True, "partial": True,
        "latest": "today", "help": _THREE_FIELDS + " Không rõ ngày, tháng thì chỉ ghi năm.", "source": "identity.born",
    },
    "birthday": lambda who: {
        "key": f"{who}_born", "kind": "date", "label": "Ngày, tháng, năm sinh", "required": True, "latest": "today",
        "help": _THREE_FIELDS + " Chữ do máy tự ghi.", "source": "identity.born",
    },
    "words": lambda who: {
        "key": f"{who}_born_words", "kind": "computed", "label": "Ngày, tháng, năm sinh bằng chữ",
        "compute": ["date_words", f"{who}_born"],
    },
    "sex": lambda who: {
        "key": f"{who}_sex", "kind": "choice", "label": "Giới tính", "options": ["male: Nam", "female: Nữ"],
        "required": True, "source": "identity.sex",
    },
    "ethnic": lambda who: {
        "key": f"{who}_ethnic_group", "kind": "code", "list": "ethnic_group", "label": "Dân tộc", "required": True,
        "need": f"{who}_nation = VN", "source": "identity.ethnic_group",
    },
    "nation": lambda who: {
        "key": f"{who}_nation", "kind": "code", "list": "nation", "label": "Quốc tịch", "required": True,
        "default": "VN", "source": "identity.nation",
    },
    "id": lambda who: {
        "key": f"{who}_personal_id", "kind": "personal_id", "label": "Số định danh cá nhân", "required": True,
        "need": f"not {who}_paper", "help": "12 chữ số trên thẻ căn cước. Không có thì điền giấy tờ tùy thân.",
        "source": "identity.personal_id",
    },
    "paper": lambda who: _paper(f"{who}_paper"),
    "childpaper": lambda who: _paper(f"{who}_paper", papers=("khai_sinh: Giấy khai sinh", *_PAPERS)),
    "residence": lambda who: residence(f"{who}_residence", need=f"not {who}_personal_id"),
    "home": lambda who: residence(f"{who}_residence"),
    "phone": lambda who: {
        "key": f"{who}_phone", "kind": "phone", "label": "Số điện thoại", "required": True, "own": True,
        "source": "identity.phone",
    },
    "email": lambda who: {
        "key": f"{who}_email", "kind": "email", "label": "Thư điện tử", "own": True, "source": "identity.email",
    },
    "photo": lambda who: {
        "key": f"{who}_photo", "kind": "file", "label": "Ảnh", "most": 1,
        "help": "Chỉ khi kết hôn có yếu tố nước ngoài.",
        "show": "not wife_nation = VN or not husband_nation = VN",
    },
    "times": lambda who: {
        "key": f"{who}_marriages", "kind": "number", "label": "Kết hôn lần thứ mấy", "required": True, "least": 1,
        "most": 20, "default": "1",
    },
}  # fmt: skip


def _copies(row: Table) -> list[Table]:
    label = row.get("label", "Đề nghị cấp bản sao")
    key = row.get("key", "copies")
    return [
        {"key": key, "kind": "yes_no", "label": label, "required": True},
        {
            "key": f"{key}_count", "kind": "number", "label": "Số lượng bản sao yêu cầu", "own": True, "required": True,
            "least": 1, "most": 50, "show": f"{key} = yes",
        },
    ]  # fmt: skip


def _attachments(row: Table) -> list[Table]:
    key = row.get("key", "attachments")
    return [{
        "key": key, "kind": "file", "label": "Hồ sơ đính kèm theo quy định", "most": 20,
        "help": "Thông tin lấy được từ cơ sở dữ liệu thì không phải nộp giấy.",
    }]  # fmt: skip


def _return_way(row: Table) -> list[Table]:
    key = row.get("key", "return_way")
    return [
        {
            "key": key, "kind": "choice", "label": "Phương thức nhận kết quả", "required": True,
            "options": ["truc_tiep: Trực tiếp", "truc_tuyen: Trực tuyến (bản điện tử)", "buu_chinh: Bưu chính"],
        },
        {
            "key": f"{key}_email", "kind": "email", "label": "Thư điện tử nhận bản điện tử", "own": True,
            "show": f"{key} = truc_tuyen", "help": "Để trống thì bản điện tử gửi về kho dữ liệu điện tử của anh/chị.",
        },
        {
            "key": f"{key}_address", "kind": "address", "label": "Địa chỉ nhận qua bưu chính", "own": True,
            "required": True, "show": f"{key} = buu_chinh",
        },
    ]  # fmt: skip


def _act(row: Table) -> list[Table]:
    """A registered paper: number, book, day; with `name` which paper, with `by` who issued it, with `nation` where.

    `source` says of which kind of the vault it may be filled in.
    """
    wanted = row.get("has", "number book day").split()
    parts = {
        "name": {"key": "name", "kind": "text", "label": "Tên giấy tờ", "required": True},
        "number": {"key": "number", "kind": "text", "label": "Số", "longest": 60, "required": True},
        "book": {"key": "book", "kind": "text", "label": "Quyển số", "longest": 60},
        "day": {
            "key": "day", "kind": "date", "label": row.get("day", "Ngày đăng ký"), "partial": True, "latest": "today",
        },
        "by": {"key": "by", "kind": "text", "label": "Cơ quan cấp"},
        "nation": {"key": "nation", "kind": "code", "list": "nation", "label": "Quốc gia"},
    }  # fmt: skip
    kinds = row.get("kinds")
    first = (
        [{"key": "kind", "kind": "choice", "label": "Loại", "options": kinds, "required": True}]
        if kinds
        else []
    )
    return [{
        "key": row["key"], "kind": "group", "label": row["label"], "help": row.get("help", ""),
        "required": row.get("required", False), **({"source": row["source"]} if "source" in row else {}),
        "parts": first + [parts[name] for name in wanted],
    }]  # fmt: skip


_BLOCKS: dict[str, Any] = {
    "copies": _copies,
    "attachments": _attachments,
    "return_way": _return_way,
    "act": _act,
}
