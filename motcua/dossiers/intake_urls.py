"""Addresses of the intake page and of drafts (staff host)."""

from django.urls import URLPattern

from motcua.agencies.roles import Role
from motcua.dossiers.views import (
    drafts,
    intake,
    intake_batch,
    intake_files,
    intake_help,
    intake_people,
    intake_splitting,
    people_lists,
    stations,
)
from motcua.ui.routing import holds, route

_RECEIVER = holds(Role.RECEIVER)
_DRAFT = "intake/<uuid:draft_id>/"
_LIST = "intake/lists/<uuid:list_id>/"

staff_urls: list[URLPattern] = [
    route("intake/", intake.begin, permission=_RECEIVER, name="intake"),
    route("intake/drafts/", drafts.mine, permission=_RECEIVER, name="intake-drafts"),
    route("intake/procedures", intake_help.procedures, permission=_RECEIVER, name="intake-procedures"),
    route("intake/points", intake_help.points, permission=_RECEIVER, name="intake-points"),
    route(_DRAFT, intake.page, permission=_RECEIVER, name="intake-page"),
    route(f"{_DRAFT}save", drafts.save, permission=_RECEIVER, name="intake-save"),
    route(f"{_DRAFT}discard", drafts.discard, permission=_RECEIVER, name="intake-discard"),
    route(f"{_DRAFT}card", intake_help.card, permission=_RECEIVER, name="intake-card"),
    route(f"{_DRAFT}known", intake_help.known, permission=_RECEIVER, name="intake-known"),
    route(f"{_DRAFT}people", intake_people.people, permission=_RECEIVER, name="intake-people"),
    route(f"{_DRAFT}choose", intake_people.choose, permission=_RECEIVER, name="intake-choose"),
    route(f"{_DRAFT}case", intake_help.case, permission=_RECEIVER, name="intake-case"),
    route(f"{_DRAFT}files/<slug:row>", intake_files.add, permission=_RECEIVER, name="intake-file"),
    route(
        f"{_DRAFT}files/<slug:row>/<uuid:file_id>/split/",
        intake_splitting.split,
        permission=_RECEIVER,
        name="intake-split",
    ),
    route(
        f"{_DRAFT}files/<slug:row>/<uuid:file_id>/drop",
        intake_files.drop,
        permission=_RECEIVER,
        name="intake-file-drop",
    ),
    route(f"{_DRAFT}scan/<slug:row>/", stations.intake_scan, permission=_RECEIVER, name="intake-scan"),
    route(
        f"{_DRAFT}scan/<slug:row>/<uuid:job_id>/",
        stations.intake_scan_take,
        permission=_RECEIVER,
        name="intake-scan-take",
    ),
    route(
        f"{_DRAFT}look/<uuid:file_id>/<int:number>",
        intake_files.preview,
        permission=_RECEIVER,
        name="intake-preview",
    ),
    route(f"{_DRAFT}same-person", intake_batch.same_person, permission=_RECEIVER, name="intake-same-person"),
    route(
        f"{_DRAFT}same-procedure",
        intake_batch.same_procedure,
        permission=_RECEIVER,
        name="intake-same-procedure",
    ),
    route("intake/batch/<uuid:batch_id>/", intake_batch.batch, permission=_RECEIVER, name="intake_batch"),
    route(
        "intake/batch/<uuid:batch_id>/slips.pdf",
        intake_batch.batch_slips,
        permission=_RECEIVER,
        name="intake_batch_slips",
    ),
    route("intake/lists/", people_lists.lists, permission=_RECEIVER, name="people_lists"),
    route(_LIST, people_lists.one, permission=_RECEIVER, name="people_list"),
    route(f"{_LIST}columns", people_lists.columns, permission=_RECEIVER, name="people_list_columns"),
    route(f"{_LIST}go", people_lists.go, permission=_RECEIVER, name="people_list_go"),
    route(f"{_LIST}give-up", people_lists.give_up, permission=_RECEIVER, name="people_list_give_up"),
    route(
        f"{_LIST}slips/<int:number>.pdf", people_lists.slips, permission=_RECEIVER, name="people_list_slips"
    ),
    route(f"{_DRAFT}done/", intake.done, permission=_RECEIVER, name="intake-done"),
]
