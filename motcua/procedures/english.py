"""English words for common procedures, whose names are Vietnamese: what to look for in their place."""

import re

#: The longer phrases first: "birth certificate" is none of "certificate".
WORDS: tuple[tuple[tuple[str, ...], str], ...] = (
    (("single status", "marital status", "certificate of singleness"), "xác nhận tình trạng hôn nhân"),
    (("civil status", "civil registration"), "hộ tịch"),
    (("marriage", "marry", "wedding"), "đăng ký kết hôn"),
    (("birth", "newborn", "baby"), "khai sinh"),
    (("death",), "khai tử"),
    (("adoption", "adopt"), "nuôi con nuôi"),
    (("guardian", "guardianship", "custody"), "giám hộ"),
    (("certified copy", "copy", "copies"), "chứng thực bản sao"),
    (("signature",), "chứng thực chữ ký"),
    (("certify", "certification", "notary", "notarize", "notarise", "authentication"), "chứng thực"),
    (("business household", "household business", "shop", "business"), "hộ kinh doanh"),
    (("cooperative",), "hợp tác xã"),
    (("land", "red book", "land use"), "đất đai"),
    (("house", "building", "construction"), "giấy phép xây dựng"),
    (("disability", "disabled"), "khuyết tật"),
    (("elderly", "pension", "old age"), "người cao tuổi"),
    (("social allowance", "allowance", "social assistance", "welfare"), "trợ cấp xã hội"),
    (("poor household", "poverty"), "hộ nghèo"),
    (("work permit",), "giấy phép lao động"),
    (("school", "pupil", "student"), "học sinh"),
    (("health insurance",), "bảo hiểm y tế"),
    (("environment",), "môi trường"),
    (("alcohol", "liquor"), "rượu"),
    (("certificate",), "giấy xác nhận"),
)


def vietnamese_for(typed: str) -> str:
    """Return what to search for in place of English words; "" where none is known."""
    words = f" {' '.join(re.findall(r'[a-z]+', typed.lower()))} "
    return next((found for phrases, found in WORDS if any(f" {one} " in words for one in phrases)), "")
