"""Addresses of paper (lists, hand-over slips, giving back) and of the register of dossiers received elsewhere."""

from django.urls import URLPattern

from motcua.dossiers.permissions import REGISTER_READERS
from motcua.dossiers.views import custody, elsewhere
from motcua.ui.routing import holds, officer, route

_READERS = holds(*REGISTER_READERS)
_SLIP = "papers/slips/<str:number>/"

staff_urls: list[URLPattern] = [
    route("register/elsewhere/", elsewhere.register, permission=officer, name="register-elsewhere"),
    route("register/elsewhere/xlsx", elsewhere.copy, permission=_READERS, name="register-elsewhere-copy"),
    route("papers/", custody.papers, permission=officer, name="papers"),
    route("papers/held/<uuid:holding_id>/", custody.end, permission=officer, name="paper-end"),
    route(_SLIP, custody.slip, permission=officer, name="slip"),
    route(f"{_SLIP}print.pdf", custody.slip_pdf, permission=officer, name="slip-pdf"),
    route(f"{_SLIP}withdraw/", custody.slip_withdraw, permission=officer, name="slip-withdraw"),
    route(
        f"{_SLIP}lines/<uuid:line_id>/settle/", custody.slip_settle, permission=officer, name="slip-settle"
    ),
]
