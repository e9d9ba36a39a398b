"""Addresses of online applications. They stand in messages: fixed for ever."""

from django.urls import URLPattern

from motcua.online.views import applying, following, renewing
from motcua.ui.routing import citizen, everyone, route

_DRAFT = "nop-ho-so/ban/<uuid:application_id>/"
_MINE = "ho-so-cua-toi/<str:code>/"

public_urls: list[URLPattern] = [
    route("nop-ho-so/<str:code>/", applying.start, permission=everyone, name="online-start"),
    route("nop-ho-so/to-khai/<uuid:answer_id>/", applying.of_answer, permission=citizen, name="online-of-answer"),
    route(_DRAFT, applying.draft, permission=citizen, name="online-draft"),
    route(f"{_DRAFT}to-khai/", applying.declaration, permission=citizen, name="online-declaration"),
    route(f"{_DRAFT}giay-to/", applying.papers, permission=citizen, name="online-papers"),
    route(f"{_DRAFT}giay-to/khac/", applying.own_paper, permission=citizen, name="online-own-paper"),
    route(f"{_DRAFT}giay-to/<int:number>/", applying.paper, permission=citizen, name="online-paper"),
    route(f"{_DRAFT}nhan-ket-qua/", applying.contact, permission=citizen, name="online-contact"),
    route(f"{_DRAFT}nop/", applying.check, permission=citizen, name="online-check"),
    route(f"{_DRAFT}ban-moi/", renewing.renew, permission=citizen, name="online-renew"),
    route(f"{_DRAFT}bo/", applying.discard, permission=citizen, name="online-discard"),
    route("ho-so-cua-toi/", following.mine, permission=citizen, name="online-mine"),
    route(_MINE, following.one, permission=citizen, name="online-one"),
    route(f"{_MINE}bo-sung/", following.supplement, permission=citizen, name="online-supplement"),
    route(f"{_MINE}bo-sung/<int:item>/", following.supplement_item, permission=citizen, name="online-supplement-item"),
    route(f"{_MINE}nop-lai/", renewing.again, permission=citizen, name="online-again"),
    route(f"{_MINE}rut/", following.withdraw, permission=citizen, name="online-withdraw"),
    route(f"{_MINE}ai-da-xem/", following.readers, permission=citizen, name="online-readers"),
    route(f"{_MINE}giay/<uuid:paper_id>.pdf", following.issued, permission=citizen, name="online-issued"),
    route(f"{_MINE}ket-qua/<uuid:file_id>", following.result, permission=citizen, name="online-result"),
    route(f"{_MINE}tep/<uuid:file_id>", following.own_file, permission=citizen, name="online-file"),
]  # fmt: skip
