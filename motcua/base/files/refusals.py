"""Why a file is not taken, in words that say what to do. One function per family; codes are stable."""

import re
from difflib import get_close_matches
from typing import Any

from django.utils.translation import gettext as _

from motcua.base.files import names
from motcua.lib.file_kinds import KINDS
from motcua.lib.refusal import Refusal

MEGAPIXELS = 80


def what_it_is(code: str) -> str:
    """Return the plain name of a sniffed kind."""
    return {
        "pdf": _("tệp PDF"),
        "jpeg": _("ảnh JPEG"),
        "png": _("ảnh PNG"),
        "heic": _("ảnh HEIC"),
        "gif": _("ảnh GIF"),
        "bmp": _("ảnh BMP"),
        "tiff": _("ảnh TIFF"),
        "webp": _("ảnh WebP"),
        "avif": _("ảnh AVIF"),
        "svg": _("hình vẽ SVG"),
        "html": _("trang web"),
        "xml": _("tệp XML"),
        "docx": _("tệp Word"),
        "xlsx": _("tệp Excel"),
        "pptx": _("tệp PowerPoint"),
        "opendocument": _("tệp OpenDocument"),
        "old_office": _("tệp Office đời cũ"),
        "rtf": _("tệp RTF"),
        "archive": _("tệp nén"),
        "program": _("chương trình máy tính"),
        "audio": _("tệp âm thanh"),
        "video": _("đoạn phim"),
        "text": _("tệp chữ thuần"),
    }.get(code, _("tệp không rõ loại"))


_CONVERT = {"docx", "xlsx", "pptx", "opendocument", "old_office", "rtf", "text", "html", "xml", "svg"}
_PICTURES = {"gif", "bmp", "tiff", "webp", "avif"}


def too_large(name: str, limit: int) -> Refusal:
    return Refusal(
        _(
            "Tệp «%(name)s» lớn hơn %(limit)d MB nên chưa được nhận. Hãy quét lại ở 200–300 dpi, hoặc tách "
            "thành nhiều tệp rồi gửi từng tệp."
        )
        % {"name": name, "limit": limit // 1024 // 1024},
        code="file_too_large",
    )


def longer_than_said(name: str) -> Refusal:
    return Refusal(_("Tệp «%(name)s» dài hơn đã báo. Chọn lại tệp.") % {"name": name}, code="file_longer")


def not_one_paper(name: str) -> Refusal:
    """Several files came at once, and this one is no picture that could be a page."""
    return Refusal(
        _(
            "Chỉ ghép được ảnh (JPEG, PNG, HEIC) thành một tệp PDF; «%(name)s» không phải ảnh. Gửi riêng tệp đó, "
            "từng tệp một."
        )
        % {"name": name},
        code="file_not_a_picture",
    )


def too_many_pictures(most: int) -> Refusal:
    return Refusal(
        _("Mỗi lần ghép nhiều nhất %(most)d ảnh. Chia thành nhiều lần gửi.") % {"most": most},
        code="file_too_many_pictures",
    )


def malware(name: str) -> Refusal:
    """This very content was found to be malware before."""
    return Refusal(
        _(
            "Tệp «%(name)s» có mã độc nên không được nhận. Quét vi-rút máy hoặc điện thoại của mình, rồi quét hay "
            "chụp lại giấy tờ và gửi tệp mới."
        )
        % {"name": name},
        code="file_malware",
    )


def empty(name: str) -> Refusal:
    return Refusal(
        _("Tệp «%(name)s» rỗng (0 byte). Hãy mở tệp trên máy để kiểm tra rồi chọn lại.") % {"name": name},
        code="file_empty",
    )


def kind_not_taken(name: str, code: str) -> Refusal:
    """The content is of a kind the program does not take, whatever the name says."""
    values = {"name": name, "what": what_it_is(code)}
    if code in _CONVERT:
        advice = _("Hãy mở tệp, chọn In rồi lưu thành PDF, và gửi tệp PDF.")
    elif code in _PICTURES:
        advice = _("Hãy lưu lại ảnh dạng JPEG hoặc PNG rồi gửi.")
    elif code == "archive":
        advice = _("Hãy giải nén rồi gửi từng giấy tờ.")
    else:
        advice = _("Hãy quét hoặc chụp giấy tờ rồi gửi dạng PDF, JPEG, PNG hoặc HEIC.")
    if names.claimed_kind(name):
        found = _("Tệp «%(name)s» thật ra là %(what)s nên chưa được nhận.") % values
    else:
        found = _("Tệp «%(name)s» là %(what)s, loại này chưa nhận được.") % values
    return Refusal(" ".join((found, advice)), code="file_kind_not_taken")


def kind_differs(name: str, code: str) -> Refusal:
    """The content is fine but the name claims another kind."""
    values = {
        "name": name,
        "claimed": names.ending(name),
        "what": what_it_is(code),
        "right": KINDS[code].endings[0],
    }
    return Refusal(
        _(
            "Tệp «%(name)s» mang đuôi .%(claimed)s nhưng thật ra là %(what)s. Hãy kiểm tra có chọn đúng tệp "
            "không; nếu đúng, đổi đuôi tên thành .%(right)s rồi gửi lại."
        )
        % values,
        code="file_kind_differs",
    )


def found_bad(name: str, problem: str, code: str) -> Refusal:
    """What the checker found inside. `problem` is one of its words, `code` the sniffed kind."""
    values = {"name": name, "what": what_it_is(code), "megapixels": MEGAPIXELS}
    messages = {
        "encrypted": _(
            "Tệp «%(name)s» đang đặt mật khẩu hoặc khóa quyền. Hãy mở bằng mật khẩu, chọn In rồi lưu thành "
            "PDF không khóa, và gửi tệp mới."
        ),
        "truncated": _(
            "Tệp «%(name)s» bị cắt cụt, có thể do tải hoặc chép chưa xong. Hãy mở tệp gốc để kiểm tra rồi "
            "gửi lại."
        ),
        "broken": _(
            "Tệp «%(name)s» bị hỏng, không mở được như %(what)s. Hãy quét, chụp hoặc xuất lại tệp rồi gửi."
        ),
        "active": _(
            "Tệp «%(name)s» có lệnh tự chạy bên trong nên chưa được nhận. Hãy mở tệp, chọn In rồi lưu thành "
            "PDF mới, và gửi tệp mới."
        ),
        "attachments": _(
            "Tệp «%(name)s» có tệp khác đính kèm bên trong. Hãy lưu riêng từng tệp đính kèm rồi gửi từng tệp."
        ),
        "xfa": _(
            "Tệp «%(name)s» là biểu mẫu động (XFA), máy khác mở có thể không thấy nội dung. Hãy mở bằng phần "
            "mềm đã điền, chọn In rồi lưu thành PDF, và gửi tệp mới."
        ),
        "disguised": _(
            "Tệp «%(name)s» vừa là %(what)s vừa chứa nội dung loại khác nên chưa được nhận. Hãy xuất lại tệp "
            "từ phần mềm gốc rồi gửi."
        ),
        "too_many_pixels": _(
            "Ảnh «%(name)s» lớn hơn %(megapixels)d triệu điểm ảnh. Hãy quét ở 200–300 dpi hoặc chụp ở cỡ "
            "thường rồi gửi lại."
        ),
        "too_many_pages": _("Tệp «%(name)s» có hơn 2.000 trang. Hãy tách thành nhiều tệp rồi gửi từng tệp."),
        "too_heavy": _(
            "Tệp «%(name)s» quá nặng, máy chủ mở không xong trong 10 giây. Hãy quét lại ở 200–300 dpi hoặc "
            "tách thành nhiều tệp rồi gửi lại."
        ),
    }
    return Refusal(messages[problem] % values, code=f"file_{problem}")


def sheet_too_large(name: str, limit: int) -> Refusal:
    return Refusal(
        _("Tệp «%(name)s» lớn hơn %(limit)d MB. Tách thành nhiều tệp nhỏ hơn rồi gửi từng tệp.")
        % {"name": name, "limit": limit // 1024 // 1024},
        code="file_too_large",
        field="file",
    )


def sheet_not_taken(name: str, problem: str, most_rows: int) -> Refusal:
    """Why a file of rows is not read. `problem` is a word of `spreadsheet`, or the kind that came instead."""
    values = {"name": name, "what": what_it_is(problem), "rows": f"{most_rows:,}".replace(",", ".")}
    messages = {
        "not_a_sheet": _("Tệp «%(name)s» không phải bảng Excel (.xlsx). Mở bằng Excel, chọn Lưu thành .xlsx rồi gửi."),
        "old_office": _("Tệp «%(name)s» là tệp Excel đời cũ (.xls) hoặc đang đặt mật khẩu. Mở bằng Excel hay "
                        "LibreOffice, bỏ mật khẩu, lưu thành .xlsx rồi gửi."),
        "sheet_broken": _("Tệp «%(name)s» bị hỏng, không mở được. Mở bằng Excel, lưu thành tệp .xlsx mới rồi gửi."),
        "sheet_locked": _("Tệp «%(name)s» đang đặt mật khẩu. Bỏ mật khẩu, lưu lại rồi gửi."),
        "sheet_active": _("Tệp «%(name)s» có macro. Lưu thành .xlsx (không macro) rồi gửi."),
        "sheet_dtd": _("Tệp «%(name)s» khai báo DTD bên trong. Mở bằng Excel, lưu thành tệp .xlsx mới rồi gửi."),
        "sheet_too_heavy": _("Tệp «%(name)s» mở ra quá lớn so với một bảng. Chép riêng bảng cần nộp sang tệp mới "
                             "rồi gửi."),
        "sheet_merged": _("Tệp «%(name)s» có hơn 20.000 vùng ô gộp. Bỏ gộp ô, điền đủ từng dòng rồi gửi."),
        "sheet_empty": _("Tệp «%(name)s» không có dòng nào ở trang tính đang hiện. Kiểm tra lại rồi gửi."),
        "too_many_rows": _("Tệp «%(name)s» có hơn %(rows)s dòng. Tách thành nhiều tệp rồi gửi từng tệp."),
        "text_encoding": _("Không đọc được chữ trong tệp «%(name)s». Lưu lại thành .xlsx, hoặc CSV với bảng mã UTF-8, "
                           "rồi gửi."),
        "text_quotes": _("Tệp CSV «%(name)s» có dấu ngoặc kép không khép. Lưu lại thành .xlsx rồi gửi."),
    }  # fmt: skip
    other = _("Tệp «%(name)s» thật ra là %(what)s. Mở bằng Excel, chọn Lưu thành .xlsx rồi gửi.")
    return Refusal(messages.get(problem, other) % values, code=f"file_{problem}", field="file")


def template_not_taken(name: str, problem: str, what: str, allowed: dict[str, Any]) -> Refusal:
    """Why a template of a result is not taken. `problem` is a word of `word`, or the kind that came instead."""
    values = {"name": name, "what": what, "kind": what_it_is(problem)}
    messages = {
        "not_a_doc": _("Tệp «%(name)s» không phải văn bản Word (.docx). Mở bằng Word, chọn Lưu thành .docx rồi gửi."),
        "doc_broken": _("Tệp «%(name)s» bị hỏng, không mở được. Mở bằng Word, lưu thành tệp .docx mới rồi gửi."),
        "doc_locked": _("Tệp «%(name)s» đang đặt mật khẩu. Bỏ mật khẩu, lưu lại rồi gửi."),
        "doc_macro": _("Tệp «%(name)s» có macro. Lưu thành .docx (không macro) rồi gửi."),
        "doc_embedded": _("Tệp «%(name)s» có đối tượng nhúng (%(what)s). Xóa đối tượng đó, chỉ giữ chữ, bảng và hình "
                          "PNG, JPEG, rồi gửi."),
        "doc_external": _("Tệp «%(name)s» lấy nội dung từ nơi khác: “%(what)s”. Gỡ liên kết đó (mẫu ở xa, hình liên "
                          "kết, siêu liên kết), lưu lại rồi gửi."),
        "doc_field": _("Tệp «%(name)s» có trường tự chạy (%(what)s). Xóa trường đó rồi gửi."),
        "doc_dtd": _("Tệp «%(name)s» khai báo DTD bên trong. Mở bằng Word, lưu thành tệp .docx mới rồi gửi."),
        "doc_too_heavy": _("Tệp «%(name)s» mở ra quá lớn so với một văn bản. Bớt hình rồi gửi."),
        "too_heavy": _("Tệp «%(name)s» mở ra quá lớn so với một văn bản. Bớt hình rồi gửi."),
        "broken": _("Tệp «%(name)s» bị hỏng, không mở được. Mở bằng Word, lưu thành tệp .docx mới rồi gửi."),
        "doc_unknown": _("Không có ô “%(what)s”."),
        "doc_order": _("“%(what)s” là lệnh, không phải tên ô."),
        "doc_loop": _("Vòng lặp “%(what)s” viết không đúng mẫu."),
        "doc_syntax": _("Không đọc được “%(what)s”: thiếu dấu ngoặc, thiếu endfor, hoặc là lệnh không dùng được."),
        "doc_place": _("“%(what)s” đặt ở chỗ không điền được. Chỉ đặt ô trong phần chữ, đầu trang, chân trang."),
        "doc_torn": _("Vòng lặp đặt sai chỗ làm vỡ văn bản. Dòng mở, dòng đóng vòng lặp mỗi dòng một đoạn hoặc một "
                      "hàng riêng của bảng."),
    }  # fmt: skip
    other = _("Tệp «%(name)s» thật ra là %(kind)s. Mở bằng Word, chọn Lưu thành .docx rồi gửi.")
    text = messages.get(problem, other) % values
    if problem in {"doc_unknown", "doc_order", "doc_loop", "doc_syntax"}:
        text = f"{text} {allowed_words(allowed, what)}"
    return Refusal(text, code=f"file_{problem}", field="file")


def allowed_words(allowed: dict[str, Any], what: str) -> str:
    """Return where all names stand that a template may have filled in, and those most like what was written."""
    word = re.search(r"[a-z_]+", what.lower())
    near = get_close_matches(word.group(), allowed["names"], n=3, cutoff=0.55) if word else []
    said = (
        [_("Gần nhất: %(names)s.") % {"names": ", ".join(f"{{{{ {one} }}}}" for one in near)}] if near else []
    )
    return " ".join([*said, _("Chỉ dùng các ô và vòng lặp trong danh sách “Ô điền sẵn” của trang này.")])


def not_filled() -> Refusal:
    return Refusal(
        _("Chưa soạn được văn bản từ mẫu này. Thử lại sau ít phút; nếu vẫn vậy, báo quản trị nghiệp vụ."),
        code="template_not_filled",
    )


def not_checked(name: str) -> Refusal:
    return Refusal(
        _(
            "Máy chủ chưa kiểm tra được tệp «%(name)s» nên chưa nhận. Hãy gửi lại sau ít phút; nếu vẫn vậy, "
            "báo người quản trị."
        )
        % {"name": name},
        code="file_not_checked",
    )


def no_room(name: str) -> Refusal:
    return Refusal(
        _("Máy chủ không còn chỗ ghi nên tệp «%(name)s» chưa được nhận. Hãy báo người quản trị rồi gửi lại.")
        % {"name": name},
        code="file_no_room",
    )
