"""Addresses of the officers' screens around a dossier (staff host), and of original files (files host)."""

from django.urls import URLPattern

from motcua.dossiers.views import actions, detail, due, files, lists, live, papers, search, splitting
from motcua.ui.routing import everyone, officer, route

_ONE = "dossiers/<str:code>/"
_FILE = f"{_ONE}files/<uuid:file_id>/"

staff_urls: list[URLPattern] = [
    route("search", search.search, permission=officer, name="search"),
    route("lists/counts", lists.counts, permission=officer, name="list-counts"),
    route("live/token", live.token, permission=officer, name="live-token"),
    route(_ONE, detail.detail, permission=officer, name="dossier"),
    route(f"{_ONE}peek/", detail.peek, permission=officer, name="dossier-peek"),
    route(f"{_ONE}workflow/", detail.workflow, permission=officer, name="dossier-workflow"),
    route(f"{_ONE}reveal/", detail.reveal, permission=officer, name="dossier-reveal"),
    route(f"{_ONE}due/", due.due, permission=officer, name="dossier-due"),
    route(f"{_ONE}do/<str:verb>/", actions.act, permission=officer, name="dossier-act"),
    route(f"{_ONE}extend-check/", actions.extend_check, permission=officer, name="dossier-extend-check"),
    route(f"{_ONE}papers/<uuid:paper_id>.pdf", papers.paper, permission=officer, name="dossier-paper"),
    route(
        f"{_ONE}papers/<uuid:paper_id>/reprint/", papers.reprint, permission=officer, name="dossier-reprint"
    ),
    route(f"{_ONE}control-sheet.pdf", papers.control_sheet, permission=officer, name="dossier-control-sheet"),
    route(f"{_ONE}files/", files.upload, permission=officer, name="dossier-upload"),
    route(_FILE, files.look, permission=officer, name="dossier-file"),
    route(f"{_FILE}page/<int:number>.png", files.picture, permission=officer, name="dossier-file-page"),
    route(f"{_FILE}download", files.download, permission=officer, name="dossier-file-download"),
    route(f"{_FILE}split/", splitting.split, permission=officer, name="dossier-split"),
    route(f"{_ONE}separators.pdf", splitting.sheets, permission=officer, name="dossier-separators"),
]

files_urls: list[URLPattern] = [
    route("f/<str:token>", files.original, permission=everyone, name="file"),
]
