"""What is wrong with a value, in words for people; what is rare keeps the English of the library that found it."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _


def of(fault: Mapping[str, Any]) -> str:
    """Return the words for one fault that pydantic found."""
    said = str(fault.get("msg", ""))
    words = _words().get(str(fault.get("type", "")))
    if words is None:
        return said
    try:
        return str(words % fault.get("ctx", {}))
    except (KeyError, TypeError):
        return said


def _words() -> dict[str, str]:
    whole, yes_no = _("Cần một số nguyên, không để trong ngoặc kép."), _("Cần true hoặc false.")
    day = _("Cần một ngày có thật, ví dụ 2026-11-20.")
    moment = _("Cần một thời điểm có múi giờ, ví dụ 2026-11-20T09:00:00+07:00.")
    one_of = _("Chỉ nhận: %(expected)s.")
    thing = _("Cần một đối tượng JSON.")
    return {
        "missing": _("Thiếu mục này."),
        "extra_forbidden": _("Không có mục tên này."),
        "string_type": _("Cần một chuỗi chữ."),
        "string_too_long": _("Dài quá %(max_length)s chữ."),
        "string_too_short": _("Ngắn hơn %(min_length)s chữ."),
        "too_long": _("Nhiều hơn %(max_length)s phần tử."),
        "too_short": _("Ít hơn %(min_length)s phần tử."),
        "enum": one_of,
        "literal_error": one_of,
        "union_tag_invalid": _("Chỉ nhận: %(expected_tags)s."),
        "union_tag_not_found": _("Thiếu “kind”."),
        "int_parsing": _("Cần một số nguyên."),
        "int_type": whole,
        "int_from_float": whole,
        "bool_type": yes_no,
        "bool_parsing": yes_no,
        "list_type": _("Cần một danh sách."),
        "dict_type": thing,
        "model_type": thing,
        "model_attributes_type": thing,
        "date_type": day,
        "date_parsing": day,
        "date_from_datetime_parsing": day,
        "datetime_type": moment,
        "datetime_parsing": moment,
        "datetime_from_date_parsing": moment,
        "timezone_aware": moment,
        "not_a_date": _("Ghi ngày như 2026-11-20."),
        "out_of_range": _("Chỉ nhận năm từ 1900 đến 2199."),
        "uuid_type": _("Cần một mã UUID."),
        "uuid_parsing": _("Cần một mã UUID."),
        "greater_than_equal": _("Nhỏ nhất là %(ge)s."),
        "greater_than": _("Phải lớn hơn %(gt)s."),
        "less_than_equal": _("Lớn nhất là %(le)s."),
        "less_than": _("Phải nhỏ hơn %(lt)s."),
    }
