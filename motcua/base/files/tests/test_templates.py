"""DOCX templates: what is taken, every hostile kind refused by name, values that stay text. In the real checker."""

import io
from typing import Any

import pytest
from docx import Document

from motcua.base.files import operations
from motcua.base.files.tests.documents import KIND, changed, docx, in_body, papers_table, related, text_of
from motcua.lib.refusal import Refusal

ALLOWED: dict[str, Any] = {
    "names": ["ho_ten", "so_ket_qua", "co_quan"], "loops": {"cac_giay_to": ["stt", "ten_giay_to", "so_ban"]},
}  # fmt: skip
RELS, BODY, TYPES = "word/_rels/document.xml.rels", "word/document.xml", "[Content_Types].xml"
PLAIN = docx("Kính gửi {{ ho_ten }}")


def read(data: bytes, name: str = "mau.docx") -> operations.TemplateRead:
    return operations.read_template(stream=io.BytesIO(data), filename=name, allowed=ALLOWED)


def refused(data: bytes, name: str = "mau.docx") -> Refusal:
    with pytest.raises(Refusal) as found:
        read(data, name)
    assert found.value.field == "file"
    return found.value


def fill(data: bytes, papers: list[list[str]] | None = None, **names: str) -> bytes:
    values = {
        "names": {**dict.fromkeys(ALLOWED["names"], ""), **names},
        "loops": {"cac_giay_to": papers or []},
    }
    return operations.fill_template(content=data, values=values)


# ── Taken and filled


def test_names_are_filled_in_body_table_head_and_foot() -> None:
    data = docx(
        "Kính gửi {{ ho_ten }},", "{{co_quan}}", rows=papers_table(), header="Số {{ so_ket_qua }}", footer="{{ co_quan }}"
    )  # fmt: skip
    taken = read(data)
    assert taken.names == ["ho_ten", "co_quan", "cac_giay_to", "so_ket_qua"]
    made = fill(
        taken.content, [["1", "Đơn", "2"], ["2", "Căn cước", "1"]], ho_ten="Phạm Thị Hương", so_ket_qua="01/2026",
        co_quan="UBND phường",
    )  # fmt: skip
    lines = text_of(made).split("\n")
    assert lines == [
        "Số 01/2026", "Kính gửi Phạm Thị Hương,", "UBND phường", "TT|Tên|Số bản", "1|Đơn|2", "2|Căn cước|1", "UBND phường",
    ]  # fmt: skip


def test_a_name_cut_up_by_word_is_still_one() -> None:
    made, kept = Document(), io.BytesIO()
    paragraph = made.add_paragraph("Ông ")
    for piece in ("{{", " ho", "_ten ", "}}"):
        paragraph.add_run(piece).bold = piece == " ho"
    made.save(kept)
    assert read(kept.getvalue()).names == ["ho_ten"]
    assert "Ông Lê Văn Tám" in text_of(fill(kept.getvalue(), ho_ten="Lê Văn Tám"))


def test_a_table_without_papers_keeps_its_head() -> None:
    assert "TT|Tên|Số bản" in text_of(fill(docx(rows=papers_table())))


@pytest.mark.parametrize(
    "name",
    [
        "A & B <b>đậm</b>", "</w:t></w:r></w:p><w:p/>", "{{ 7*7 }}", "{% for x in y %}", "{_{ so_ket_qua }_}", "{_% x %_}",
        "\"'><!--", "&amp;&#0;", "]]>", "Lê_Văn%Tám", "<w:instrText>DDEAUTO</w:instrText>",
    ],
)  # fmt: skip
def test_hostile_values_stay_text(name: str) -> None:
    assert text_of(fill(PLAIN, ho_ten=name)).split("\n")[1] == f"Kính gửi {name}"


def test_control_characters_are_left_out_and_lines_stay() -> None:
    made = text_of(fill(PLAIN, ho_ten="Lê\x00\x07\x0b\x0c\x1b Văn\u202e Tám\ufffe\nhai\tba"))
    assert "Kính gửi Lê Văn Tám\nhai ba" in made


def test_a_value_does_not_fill_another(monkeypatch: pytest.MonkeyPatch) -> None:
    data = docx("{{ ho_ten }}", "{{ co_quan }}")
    made = text_of(fill(data, ho_ten="{{ co_quan }}", co_quan="Mật"))
    assert made.split("\n")[1:3] == ["{{ co_quan }}", "Mật"]


# ── The language


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("{{ ho_ten.__class__ }}", "ho_ten.__class__"),
        ("{{ ho_ten.upper }}", "ho_ten.upper"),
        ("{{ ho_ten['x'] }}", "ho_ten[…]"),
        ("{{ ho_ten|upper }}", "ho_ten|upper"),
        ("{{ ho_ten|attr('x') }}", "ho_ten|attr"),
        ("{{ ho_ten() }}", "ho_ten(…)"),
        ("{{ cycler.__init__.__globals__ }}", "cycler.__init__.__globals__"),
        ("{{ 7 * 7 }}", "7 * 7"),
        ("{{ 'chữ' }}", "chữ"),
        ("{{ la }}", "la"),
        ("{{ so_ban }}", "so_ban"),
        ("{{ self }}", "self"),
        ("{{ {{ ho_ten }} }}", "{{ {{ ho_ten }}"),
        ("{% import 'x' as y %}", "import"),
        ("{% from 'x' import y %}", "import"),
        ("{% include 'x' %}", "include"),
        ("{% extends 'x' %}", "extends"),
        ("{% set x = 1 %}", "set"),
        ("{% if ho_ten %}có{% endif %}", "if"),
        ("{% macro x() %}{% endmacro %}", "macro"),
        ("{% raw %}{{ x }}{% endraw %}", "raw"),
        ("{% for x in cac_giay_to %}{% endfor %}", "cac_giay_to"),
        ("{% for stt, ten_giay_to, so_ban in ho_ten %}{% endfor %}", "ho_ten"),
        ("{% for stt, ten_giay_to, so_ban in range(9) %}{% endfor %}", "range(…)"),
        (
            "{% for stt, ten_giay_to, so_ban in cac_giay_to %}{% for stt, ten_giay_to, so_ban in cac_giay_to %}{% endfor %}{% endfor %}",
            "cac_giay_to",
        ),
        ("{% for stt, ten_giay_to, so_ban in cac_giay_to %}{{ stt.x }}{% endfor %}", "stt.x"),
        ("{{ ho_ten", "{{ ho_ten"),
        ("{% debug %}", "{% debug %}"),
    ],
)
def test_what_is_no_plain_name_is_refused_by_name(text: str, named: str) -> None:
    said = refused(docx(f"Kính gửi {text} nhé")).message
    assert named in said
    assert "Ô điền sẵn" in said, "where the whole list stands"
    if "ho_ten" in named:
        assert "Gần nhất: {{ ho_ten }}" in said


@pytest.mark.parametrize("place", ["header", "footer"])
def test_heads_and_feet_are_looked_at_too(place: str) -> None:
    assert "la" in refused(docx("x", **{place: "{{ la }}"})).message  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["{{r ho_ten }}", "{{p ho_ten }}"])
def test_a_name_that_would_be_put_in_as_markup_is_refused(text: str) -> None:
    found = refused(docx(f"a {text}"))
    assert found.code == "file_doc_place" and "ho_ten" in found.message


def test_names_outside_the_text_are_refused() -> None:
    title = changed(
        PLAIN,
        edit={
            "docProps/core.xml": lambda text: text.replace("<dc:title/>", "<dc:title>{{ ho_ten }}</dc:title>")
        },
    )
    assert refused(title).code == "file_doc_place"
    alt = in_body('<w:p><w:bookmarkStart w:id="0" w:name="{{ ho_ten }}"/><w:bookmarkEnd w:id="0"/></w:p>')
    assert refused(changed(PLAIN, edit={BODY: alt})).code == "file_doc_place"


def test_a_loop_that_would_tear_the_document_is_refused() -> None:
    rows = [["{%tc for stt, ten_giay_to, so_ban in cac_giay_to %}", "{{ stt }}", "{%tr endfor %}"]]
    assert refused(docx(rows=rows)).code in {"file_doc_torn", "file_doc_syntax"}
    only = [["{%tr for stt, ten_giay_to, so_ban in cac_giay_to %}"], ["{{ stt }}"], ["{%tr endfor %}"]]
    assert (
        refused(docx(rows=only)).code == "file_doc_torn"
    )  # no paper, no row: Word does not open such a table


# ── The container


def _content(text: str) -> str:
    return text.replace("wordprocessingml.document.main+xml", "wordprocessingml.template.main+xml")


def _macro_content(text: str) -> str:
    wanted = "application/vnd.ms-word.document.macroEnabled.main+xml"
    return text.replace(KIND + ".main+xml", wanted)


FIELD = '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>{}</w:instrText></w:r></w:p>'
DTD = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'


def _with_dtd(text: str) -> str:
    head, end, rest = text.partition("?>")
    return f"{head}{end}{DTD}{rest}"


HOSTILE: dict[str, tuple[bytes, str]] = {
    "macro project": (changed(PLAIN, add={"word/vbaProject.bin": b"\xd0\xcf\x11\xe0"}), "doc_macro"),
    "macro type": (changed(PLAIN, edit={TYPES: _macro_content}), "doc_macro"),
    "macro relation": (changed(PLAIN, edit={RELS: related("vbaProject", "x.xml")}), "doc_macro"),
    "another kind of document": (changed(PLAIN, edit={TYPES: _content}), "not_a_doc"),
    "OLE object": (changed(PLAIN, add={"word/embeddings/oleObject1.bin": b"\xd0\xcf"}), "doc_embedded"),
    "OLE relation": (changed(PLAIN, edit={RELS: related("oleObject", "x.xml")}), "doc_embedded"),
    "embedded package": (changed(PLAIN, edit={RELS: related("package", "x.xml")}), "doc_embedded"),
    "ActiveX": (changed(PLAIN, add={"word/activeX/activeX1.xml": b"<x/>"}), "doc_embedded"),
    "control": (changed(PLAIN, edit={RELS: related("control", "x.xml")}), "doc_embedded"),
    "alternative chunk": (changed(PLAIN, edit={RELS: related("aFChunk", "x.xml")}), "doc_embedded"),
    "foreign part": (changed(PLAIN, add={"word/media/x.html": b"<script>"}), "doc_embedded"),
    "program": (changed(PLAIN, add={"word/x.exe": b"MZ"}), "doc_embedded"),
    "remote template": (
        changed(PLAIN, edit={RELS: related("attachedTemplate", "https://evil.example/x.dotm", external=True)}), "doc_external",
    ),
    "linked picture": (changed(PLAIN, edit={RELS: related("image", "file:///etc/x.png", external=True)}), "doc_external"),
    "link in settings": (
        changed(PLAIN, add={"word/_rels/settings.xml.rels": (
            b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
            b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate" '
            b'Target="//evil/x.dotm" TargetMode="External"/></Relationships>')}), "doc_external",
    ),
    "DDE field": (changed(PLAIN, edit={BODY: in_body(FIELD.format("DDEAUTO c:\\\\cmd.exe"))}), "doc_field"),
    "field in pieces": (
        changed(PLAIN, edit={BODY: in_body("<w:p><w:r><w:instrText>DD</w:instrText></w:r><w:r><w:instrText>E x</w:instrText></w:r></w:p>")}),
        "doc_field",
    ),
    "included text": (changed(PLAIN, edit={BODY: in_body('<w:p><w:fldSimple w:instr="INCLUDETEXT x"/></w:p>')}), "doc_field"),
    "embedded element": (changed(PLAIN, edit={BODY: in_body("<w:p><w:r><w:object/></w:r></w:p>")}), "doc_embedded"),
    "DTD in the body": (changed(PLAIN, edit={BODY: _with_dtd}), "doc_dtd"),
    "DTD in the styles": (changed(PLAIN, edit={"word/styles.xml": _with_dtd}), "doc_dtd"),
    "DTD in relations": (changed(PLAIN, edit={RELS: _with_dtd}), "doc_dtd"),
    "bomb": (changed(PLAIN, add={"word/x.xml": b"<x>" + b" " * 20_000_000 + b"</x>"}), "doc_too_heavy"),
    "large": (changed(PLAIN, add={f"word/x{n}.xml": b"<x/>" for n in range(500)}), "doc_too_heavy"),
    "broken XML": (changed(PLAIN, edit={BODY: lambda text: text[:-9]}), "doc_broken"),
    "no body": (changed(PLAIN, drop=[BODY]), "not_a_doc"),
    "way out": (changed(PLAIN, add={"../x.xml": b"<x/>"}), "doc_broken"),
    "cut": (PLAIN[: len(PLAIN) // 2], "doc_broken"),
    "PDF": (b"%PDF-1.7\n%", "pdf"),
    "old Word": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "old_office"),
}  # fmt: skip


@pytest.mark.parametrize("kind", HOSTILE)
def test_every_hostile_kind_is_refused(kind: str) -> None:
    data, problem = HOSTILE[kind]
    found = refused(data)
    assert found.code == f"file_{problem}"
    assert "«mau.docx»" in found.message


def test_a_part_twice_is_refused() -> None:
    with pytest.warns(UserWarning, match="Duplicate name"):
        data = changed(PLAIN, add={BODY: b"<x/>"})
    assert refused(data).code == "file_doc_broken"


def test_more_than_two_megabytes_are_not_read() -> None:
    with pytest.raises(Refusal, match="2 MB"):
        read(b"PK\x03\x04" + b"\x00" * (2 * 1024 * 1024 + 1))
    with pytest.raises(Refusal, match="rỗng"):
        read(b"")


def test_pictures_are_kept() -> None:
    from PIL import Image

    made, kept, picture = Document(), io.BytesIO(), io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(picture, "PNG")
    made.add_picture(picture)
    made.add_paragraph("{{ ho_ten }}")
    made.save(kept)
    assert read(kept.getvalue()).names == ["ho_ten"]
    assert len(Document(io.BytesIO(fill(kept.getvalue(), ho_ten="A"))).inline_shapes) == 1
