"""A few legal texts of the demo's procedures: numbers, days, and of one law the articles on registering a birth.

Legal texts are free of copyright (Luật Sở hữu trí tuệ, Điều 15). Entered from memory for show; the pages say that the
official text has to be compared.
"""

from datetime import date, datetime

from motcua.lib.actor import SYSTEM
from motcua.lib.legal_numbers import key_of
from motcua.procedures.models import LegalText
from motcua.procedures.operations.legal_texts import TextFacts, enter

_BIRTHS = (
    "(Trích để trình diễn)\n"
    "Điều 15. Trách nhiệm đăng ký khai sinh\n"
    "1. Trong thời hạn 60 ngày kể từ ngày sinh con, cha hoặc mẹ có trách nhiệm đăng ký khai sinh cho con; "
    "trường hợp cha, mẹ không thể đăng ký khai sinh cho con thì ông hoặc bà hoặc người thân thích khác "
    "hoặc cá nhân, tổ chức đang nuôi dưỡng trẻ em có trách nhiệm đăng ký khai sinh cho trẻ em.\n"
    "2. Công chức tư pháp - hộ tịch thường xuyên kiểm tra, đôn đốc việc đăng ký khai sinh cho trẻ em trên "
    "địa bàn trong thời hạn quy định; trường hợp cần thiết thì thực hiện đăng ký lưu động.\n"
    "Điều 16. Thủ tục đăng ký khai sinh\n"
    "1. Người đi đăng ký khai sinh nộp tờ khai theo mẫu quy định và giấy chứng sinh cho cơ quan đăng ký "
    "hộ tịch. Trường hợp không có giấy chứng sinh thì nộp văn bản của người làm chứng xác nhận về việc "
    "sinh; nếu không có người làm chứng thì phải có giấy cam đoan về việc sinh."
)

TEXTS = (
    TextFacts("60/2014/QH13", "Luật Hộ tịch", "Quốc hội", date(2014, 11, 20), date(2016, 1, 1), body=_BIRTHS),
    TextFacts(
        "52/2014/QH13", "Luật Hôn nhân và gia đình", "Quốc hội", date(2014, 6, 19), date(2015, 1, 1)
    ),
    TextFacts(
        "123/2015/NĐ-CP", "Quy định chi tiết một số điều và biện pháp thi hành Luật Hộ tịch", "Chính phủ",
        date(2015, 11, 15), date(2016, 1, 1),
    ),
    TextFacts(
        "23/2015/NĐ-CP",
        "Về cấp bản sao từ sổ gốc, chứng thực bản sao từ bản chính, chứng thực chữ ký "
        "và chứng thực hợp đồng, giao dịch",
        "Chính phủ", date(2015, 2, 16), date(2015, 4, 10),
    ),
)  # fmt: skip


def load(*, at: datetime) -> None:
    """Enter what is not there yet."""
    known = set(LegalText.objects.values_list("key", flat=True))
    for facts in TEXTS:
        if key_of(facts.number) not in known:
            enter(facts=facts, actor=SYSTEM, at=at)
