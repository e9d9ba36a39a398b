"""Addresses of declarations. Those behind a secret stand in messages and on paper: fixed for ever."""

from motcua.eforms.views import filling, trying
from motcua.procedures.permissions import may_read_drafts
from motcua.ui.routing import everyone, route

public_urls = [
    route("to-khai/moi/<str:code>/", filling.start, permission=everyone, name="eform-start"),
    route("to-khai/<str:token>/", filling.fill, permission=everyone, name="eform-fill"),
    route("to-khai/<str:token>/luu", filling.autosave, permission=everyone, name="eform-autosave"),
    route("to-khai/<str:token>/xem/", filling.check, permission=everyone, name="eform-check"),
    route("to-khai/<str:token>/to-khai.pdf", filling.paper, permission=everyone, name="eform-paper"),
    route("cung-xac-nhan/<str:token>/", filling.confirm, permission=everyone, name="eform-confirm"),
]

staff_urls = [
    route("procedures/<int:procedure_id>/form/", trying.forms, permission=may_read_drafts, name="procedure_eforms"),
    route(
        "procedures/<int:procedure_id>/form/<int:definition_id>/", trying.one, permission=may_read_drafts,
        name="procedure_eform",
    ),
]  # fmt: skip
