"""Addresses of the screens. Each device opens `/man-hinh/` and is led on once it is paired; nobody logs in."""

from django.urls import URLPattern

from motcua.sites.boards import views
from motcua.ui.routing import everyone, route

public_urls: list[URLPattern] = [
    route("man-hinh/", views.door, permission=everyone, name="boards-door"),
    route("man-hinh/ma", views.letters, permission=everyone, name="boards-letters"),
    route("man-hinh/ghep/<str:text>/", views.link, permission=everyone, name="boards-link"),
    route("man-hinh/sanh/", views.hall, permission=everyone, name="boards-hall"),
    route("man-hinh/quay/", views.counter, permission=everyone, name="boards-counter"),
    route("man-hinh/cho/", views.waiting, permission=everyone, name="boards-waiting"),
    route("man-hinh/tien-do/", views.progress, permission=everyone, name="boards-progress"),
    route("man-hinh/phieu-song", views.stream_token, permission=everyone, name="boards-token"),
    route("man-hinh/trang-thai", views.state, permission=everyone, name="boards-state"),
]
