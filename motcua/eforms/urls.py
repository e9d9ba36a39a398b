"""Addresses of declarations. Those behind a secret stand in messages and on paper: fixed for ever."""

from django.urls import URLPattern

from motcua.eforms.views import approving, building, editing, filling, proving, trying
from motcua.procedures.permissions import may_edit_catalogue, may_read_drafts
from motcua.ui.routing import Permission, View, everyone, route

public_urls = [
    route("to-khai/moi/<str:code>/", filling.start, permission=everyone, name="eform-start"),
    route("to-khai/<str:token>/", filling.fill, permission=everyone, name="eform-fill"),
    route("to-khai/<str:token>/luu", filling.autosave, permission=everyone, name="eform-autosave"),
    route("to-khai/<str:token>/xem/", filling.check, permission=everyone, name="eform-check"),
    route("to-khai/<str:token>/to-khai.pdf", filling.paper, permission=everyone, name="eform-paper"),
    route("cung-xac-nhan/<str:token>/", filling.confirm, permission=everyone, name="eform-confirm"),
]

_FORMS = "procedures/<int:procedure_id>/form/"
_DRAFT = f"{_FORMS}drafts/<int:form_id>/"
_APPROVAL = f"{_FORMS}approvals/<int:approval_id>/"


def _pages(permission: Permission, *rows: tuple[str, View, str]) -> list[URLPattern]:
    return [route(pattern, view, permission=permission, name=name) for pattern, view, name in rows]


staff_urls = [
    *_pages(
        may_edit_catalogue,
        (f"{_FORMS}new/", building.begin, "procedure_eform_begin"),
        (f"{_DRAFT}edit/", editing.edit, "procedure_eform_frame"),
        (f"{_DRAFT}edit/<str:path>/", editing.edit, "procedure_eform_edit"),
        (f"{_DRAFT}checks/", approving.checks, "procedure_eform_checks"),
        (f"{_DRAFT}send/", approving.send, "procedure_eform_send"),
        (f"{_APPROVAL}withdraw/", approving.withdraw, "procedure_eform_withdraw"),
    ),
    *_pages(
        may_read_drafts,
        (_FORMS, trying.forms, "procedure_eforms"),
        (f"{_FORMS}<int:definition_id>/", trying.one, "procedure_eform"),
        (f"{_FORMS}compare/<int:before_id>/<int:after_id>/", approving.compare, "procedure_eform_compare"),
        (_DRAFT, building.draft, "procedure_eform_draft"),
        (f"{_DRAFT}preview/", proving.preview, "procedure_eform_preview"),
        (f"{_DRAFT}trials/", proving.trial_list, "procedure_eform_trials"),
        (f"{_DRAFT}trials/new/", proving.trial, "procedure_eform_new_trial"),
        (f"{_DRAFT}trials/<int:number>/", proving.trial, "procedure_eform_trial"),
        (_APPROVAL, approving.approval, "procedure_eform_approval"),
        (f"{_APPROVAL}approve/", approving.approve, "procedure_eform_approve"),
        (f"{_APPROVAL}return/", approving.send_back, "procedure_eform_return"),
    ),
]
