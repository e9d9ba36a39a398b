"""The 12-digit personal identification number (số định danh cá nhân) and what it says of its holder.

Structure (Nghị định 137/2015/NĐ-CP, Điều 13; codes in the annex of Thông tư 59/2021/TT-BCA):
3 digits for the place where the birth was registered, 1 for century and sex (0 and 1 = male and female born
1900–1999, 2 and 3 = 2000–2099, and so on), 2 for the year of birth, 6 random. There is no check digit, so a
wrong digit among the last six can't be seen. The number stays for life: the place is the province of that
day, before the mergers of 2025, and people have had sex or birth date corrected; hence `contradictions`
only warns.
"""

import re
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from motcua.lib.finding import Finding, finding
from motcua.lib.finding import mark as _

Sex = Literal["male", "female"]

# Provinces and cities as they were until 30/6/2025, in the order of their codes.
_PLACES: Final = """
001 Hà Nội, 002 Hà Giang, 004 Cao Bằng, 006 Bắc Kạn, 008 Tuyên Quang, 010 Lào Cai, 011 Điện Biên, 012 Lai
Châu, 014 Sơn La, 015 Yên Bái, 017 Hòa Bình, 019 Thái Nguyên, 020 Lạng Sơn, 022 Quảng Ninh, 024 Bắc Giang,
025 Phú Thọ, 026 Vĩnh Phúc, 027 Bắc Ninh, 030 Hải Dương, 031 Hải Phòng, 033 Hưng Yên, 034 Thái Bình, 035 Hà
Nam, 036 Nam Định, 037 Ninh Bình, 038 Thanh Hóa, 040 Nghệ An, 042 Hà Tĩnh, 044 Quảng Bình, 045 Quảng Trị,
046 Thừa Thiên Huế, 048 Đà Nẵng, 049 Quảng Nam, 051 Quảng Ngãi, 052 Bình Định, 054 Phú Yên, 056 Khánh Hòa,
058 Ninh Thuận, 060 Bình Thuận, 062 Kon Tum, 064 Gia Lai, 066 Đắk Lắk, 067 Đắk Nông, 068 Lâm Đồng, 070 Bình
Phước, 072 Tây Ninh, 074 Bình Dương, 075 Đồng Nai, 077 Bà Rịa - Vũng Tàu, 079 Hồ Chí Minh, 080
Long An, 082 Tiền Giang, 083 Bến Tre, 084 Trà Vinh, 086 Vĩnh Long, 087 Đồng Tháp, 089 An Giang, 091 Kiên
Giang, 092 Cần Thơ, 093 Hậu Giang, 094 Sóc Trăng, 095 Bạc Liêu, 096 Cà Mau
"""
PROVINCES: Final = {entry.strip()[:3]: entry.strip()[4:] for entry in " ".join(_PLACES.split()).split(",")}
_LAST_CENTURY_DIGIT = 3  # 4 and more: born after 2099
_DIGITS = re.compile(r"[0-9]+")
_LENGTH = 12


@dataclass(frozen=True, slots=True)
class Reading:
    """What the number says. `reasons` is empty exactly when it is valid; what can be read is given anyway."""

    number: str
    province: str | None
    sex: Sex | None
    birth_year: int | None
    reasons: tuple[Finding, ...]

    @property
    def valid(self) -> bool:
        return not self.reasons


def read(number: str, *, today: date | None = None) -> Reading:
    """Read a personal identification number; with `today`, a birth year to come is a reason too."""
    if not _DIGITS.fullmatch(number):
        return Reading(number, None, None, None, (finding("not_digits", _("Số định danh chỉ gồm chữ số.")),))
    if len(number) != _LENGTH:
        text = _("Số định danh có 12 chữ số, ở đây có %(count)s.")
        return Reading(number, None, None, None, (finding("length", text, count=len(number)),))
    reasons: list[Finding] = []
    province = PROVINCES.get(number[:3])
    if province is None:
        text = _("Ba số đầu %(code)s không phải mã tỉnh, thành phố nào.")
        reasons.append(finding("province", text, code=number[:3]))
    century = int(number[3])
    sex: Sex = "female" if century % 2 else "male"
    birth_year: int | None = 1900 + century // 2 * 100 + int(number[4:6])
    if century > _LAST_CENTURY_DIGIT:
        text = _("Chữ số thứ tư (%(digit)s) chỉ người sinh sau năm 2099.")
        reasons.append(finding("century", text, digit=century))
        birth_year = None
    elif today and birth_year and birth_year > today.year:
        reasons.append(finding("future", _("Năm sinh %(year)s chưa tới."), year=birth_year))
    return Reading(number, province, sex, birth_year, tuple(reasons))


def contradictions(number: str, birth_year: int | None, sex: Sex | None) -> tuple[Finding, ...]:
    """Return warnings where the number says another birth year or sex than the paper does.

    Never a refusal: corrections of civil status leave the number as it is. A number that can't be read
    contradicts nothing.
    """
    reading = read(number)
    found: list[Finding] = []
    if birth_year and reading.birth_year and birth_year != reading.birth_year:
        text = _("Số định danh ghi năm sinh %(number_year)s, giấy tờ ghi %(year)s. Hãy đối chiếu.")
        found.append(finding("birth_year", text, number_year=reading.birth_year, year=birth_year))
    if sex and reading.sex and sex != reading.sex:
        text = _("Số định danh ghi giới tính %(number_sex)s, giấy tờ ghi %(sex)s. Hãy đối chiếu.")
        found.append(finding("sex", text, number_sex=SEX_WORDS[reading.sex], sex=SEX_WORDS[sex]))
    return tuple(found)


SEX_WORDS: Final[dict[Sex, str]] = {"male": _("Nam"), "female": _("Nữ")}
