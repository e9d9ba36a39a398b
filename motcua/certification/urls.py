"""Addresses of the certification desk: officers only."""

from django.urls import URLPattern

from motcua.agencies.roles import Role
from motcua.certification.permissions import KEEPERS, LEADERS, READERS, TAKERS
from motcua.certification.views import book, desk, electronic, taking, visit
from motcua.ui.routing import holds, route

_read = holds(*READERS)
_take = holds(*TAKERS)
_move = holds(*LEADERS, Role.CLERK, Role.RETURNER)
_ONE = "certification/<uuid:visit_id>/"

staff_urls: list[URLPattern] = [
    route("certification/", desk.desk, permission=_read, name="certification"),
    route(
        "certification/many/",
        desk.many,
        permission=_move,
        name="certification-many",
    ),
    route("certification/new/", taking.new, permission=_take, name="certification-new"),
    route("certification/fee/", taking.fee, permission=_take, name="certification-fee"),
    route("certification/register/", book.register, permission=_read, name="certification-register"),
    route(
        "certification/register.pdf", book.register_pdf, permission=_read, name="certification-register-pdf"
    ),
    route("certification/volume/", book.open_volume, permission=holds(*KEEPERS), name="certification-volume"),
    route("certification/money/", book.tills, permission=_read, name="certification-money"),
    route(_ONE, visit.visit, permission=_read, name="certification-visit"),
    route(f"{_ONE}correct/", visit.correct, permission=_take, name="certification-correct"),
    route(f"{_ONE}papers/<uuid:copied_id>/void/", visit.void, permission=_take, name="certification-void"),
    route(
        f"{_ONE}papers/<uuid:copied_id>/electronic/",
        electronic.give,
        permission=_take,
        name="certification-electronic",
    ),
    route(f"{_ONE}words.pdf", visit.words, permission=_read, name="certification-words"),
]
