"""How the ten national dossier states look: plain word, legal word, colour class and shape.

The codes and legal words are those of the national synchronization (one-stop rules under NĐ 118/2025 and
QĐ 31/2021's field list); the plain words are ours. Shape carries the meaning where colour cannot: print,
forced colours, colour-blind eyes.
"""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# code → (plain words, legal words, look). Looks: new, work, wait, stop, good, late (see ui.css `.mc-status`).
NATIONAL: dict[int, tuple[Promise, Promise, str]] = {
    1: (_("Mới nộp"), _("Mới đăng ký"), "new"),
    2: (_("Đã nhận"), _("Được tiếp nhận"), "work"),
    3: (_("Không nhận"), _("Không được tiếp nhận"), "stop"),
    4: (_("Đang xử lý"), _("Đang xử lý"), "work"),
    5: (_("Chờ bổ sung"), _("Yêu cầu bổ sung giấy tờ"), "wait"),
    6: (_("Chờ nộp tiền"), _("Yêu cầu thực hiện nghĩa vụ tài chính"), "wait"),
    7: (_("Đã rút"), _("Công dân yêu cầu rút hồ sơ"), "stop"),
    8: (_("Dừng xử lý"), _("Dừng xử lý"), "stop"),
    9: (_("Đã có kết quả"), _("Đã xử lý xong"), "good"),
    10: (_("Đã trả kết quả"), _("Đã trả kết quả"), "done"),
}
