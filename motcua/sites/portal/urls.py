"""Addresses of the front page and of what each agency posts. Public ones are printed on walls and fixed for ever."""

from django.urls import URLPattern

from motcua.base.notifications.channels.email import LEAVE
from motcua.sites.portal import (
    account_views,
    arrivals,
    figure_views,
    guide_views,
    mandate_views,
    place_views,
    telling,
    views,
)
from motcua.ui.routing import citizen, everyone, route

public_urls: list[URLPattern] = [
    route("", views.home, permission=everyone, name="portal-home"),
    route("su-kien/", guide_views.index, permission=everyone, name="guides"),
    route("su-kien/<slug:slug>/", guide_views.page, permission=everyone, name="guide"),
    route("noi-tiep-nhan/", place_views.index, permission=everyone, name="places"),
    route("so-lieu/", figure_views.index, permission=everyone, name="figures"),
    route("so-lieu/so-lieu-<int:year>.csv", figure_views.file, permission=everyone, name="figures-file"),
    route("so-lieu/<str:code>/", figure_views.agency, permission=everyone, name="figures-of"),
    route("niem-yet-ho-so/", views.posting_agencies, permission=everyone, name="portal-postings"),
    route("niem-yet-ho-so/<str:code>", views.posted_dossiers, permission=everyone, name="portal-postings-of"),
    route("niem-yet/<str:code>", views.posted, permission=everyone, name="portal-posted"),
    route("tai-khoan/", account_views.me, permission=citizen, name="portal-account"),
    route("tai-khoan/phien/", account_views.stay, permission=citizen, name="portal-stay"),
    route(
        "tai-khoan/phien/ket-thuc/", account_views.end_others, permission=citizen, name="portal-end-sessions"
    ),
    route("tai-khoan/vai/", account_views.choose_role, permission=citizen, name="portal-role"),
    route("bao-tin/tho.js", telling.worker, permission=everyone, name="telling-worker"),
    route("bao-tin/ve/zalo", arrivals.zalo, permission=everyone, name="arrivals-zalo"),
    route("bao-tin/ve/sms/<str:name>", arrivals.sms, permission=everyone, name="arrivals-sms"),
    route("bao-tin/<str:token>/", telling.choice, permission=everyone, name="telling"),
    route("bao-tin/<str:token>/may", telling.browser, permission=everyone, name="telling-browser"),
    route(f"bao-tin/<str:token>/{LEAVE}", telling.leave, permission=everyone, name="telling-leave"),
    route("tai-khoan/lam-thay/", mandate_views.mine, permission=citizen, name="portal-mandates"),
    route("tai-khoan/lam-thay/moi/", mandate_views.ask, permission=citizen, name="portal-mandate-ask"),
    route(
        "tai-khoan/lam-thay/<uuid:mandate_id>/ket-thuc/",
        mandate_views.end,
        permission=citizen,
        name="portal-mandate-end",
    ),
]
