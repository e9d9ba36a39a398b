"""What people need, in their words, and the procedures that answer it: the first page's short cuts."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

NEEDS: list[tuple[Promise, str]] = [
    (_("Làm giấy khai sinh cho con, cháu"), "1.001193"),
    (_("Kết hôn"), "1.000894"),
    (_("Xin giấy xác nhận độc thân"), "1.004873"),
    (_("Khai tử cho người thân"), "1.000656"),
    (_("Sao y giấy tờ"), "2.000815"),
    (_("Xây nhà"), "1.013225"),
    (_("Sang tên sổ đỏ, sổ hồng"), "1.013831"),
    (_("Đổi sổ đỏ cũ, hỏng"), "1.012783"),
    (_("Mở cửa hàng, hộ kinh doanh"), "1.001612"),
    (_("Xin trợ cấp xã hội hàng tháng"), "1.001776"),
    (_("Xét hộ nghèo, hộ cận nghèo"), "1.011607"),
]
