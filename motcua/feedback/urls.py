"""Addresses of ratings and petitions. The public ones are printed and sent, and fixed for ever."""

from django.urls import URLPattern

from motcua.feedback.permissions import QUESTION_KEEPERS, READERS
from motcua.feedback.views import office, public, questions, ratings
from motcua.ui.routing import everyone, holds, officer, route

_ONE = "petitions/<str:code>/"

public_urls: list[URLPattern] = [
    route("danh-gia/ho-so/", ratings.of_dossier, permission=everyone, name="rate-dossier"),
    route("danh-gia/<str:token>/", ratings.of_ticket, permission=everyone, name="rate-visit"),
    route("phan-anh/", public.hub, permission=everyone, name="petitions-hub"),
    route("phan-anh/gui/", public.send, permission=everyone, name="petition-send"),
    route("phan-anh/ve-ho-so/", public.about_dossier, permission=everyone, name="petition-about-dossier"),
    route("phan-anh/tim/", public.find, permission=everyone, name="petition-find"),
    route("phan-anh/cua-toi/<str:token>/", public.mine, permission=everyone, name="petition-mine"),
    route("phan-anh/khieu-nai-to-cao/", public.elsewhere, permission=everyone, name="petitions-elsewhere"),
    route("phan-anh/da-tra-loi/", public.published, permission=everyone, name="petitions-published"),
    route("phan-anh/da-tra-loi/<int:number>/", public.one, permission=everyone, name="petition-published"),
]
staff_urls: list[URLPattern] = [
    route("ratings/", ratings.ratings, permission=holds(*READERS), name="ratings"),
    route("rating-questions/", questions.listed, permission=holds(*QUESTION_KEEPERS), name="questions"),
    route("rating-questions/new/", questions.new, permission=holds(*QUESTION_KEEPERS), name="questions-new"),
    route(
        "rating-questions/<int:set_id>/",
        questions.one,
        permission=holds(*QUESTION_KEEPERS),
        name="questions-one",
    ),
    route(
        "rating-questions/<int:set_id>/<str:verb>/",
        questions.decide,
        permission=holds(*QUESTION_KEEPERS),
        name="questions-decide",
    ),
    route("petitions/", office.listed, permission=officer, name="petitions"),
    route(_ONE, office.one, permission=officer, name="petition"),
    route(f"{_ONE}act/<str:verb>/", office.act, permission=officer, name="petition-act"),
    route(f"{_ONE}publish/", office.publish, permission=officer, name="petition-publish"),
    route(f"{_ONE}files/<uuid:file_id>/", office.download, permission=officer, name="petition-file"),
    route(
        f"{_ONE}files/<uuid:file_id>/<int:number>.png",
        office.picture,
        permission=officer,
        name="petition-page",
    ),
]
