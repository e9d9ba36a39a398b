"""Addresses of the catalogue. Public ones are printed on papers and fixed for ever."""

from django.urls import URLPattern

from motcua.procedures.permissions import may_edit_catalogue, may_read_drafts
from motcua.procedures.views import drafting, forms_of_law, legal, local, managing, public, reviewing, staff
from motcua.ui.routing import Permission, View, everyone, officer, route

public_urls = [
    route("thu-tuc", public.index, permission=everyone, name="procedures"),
    route("thu-tuc/<str:code>", public.page, permission=everyone, name="procedure_page"),
    route("thu-tuc/<str:code>/to-huong-dan", public.sheet, permission=everyone, name="procedure_sheet"),
    route(
        "thu-tuc/<str:code>/ban-<int:number>",
        public.old_version,
        permission=everyone,
        name="procedure_version",
    ),
]

_ONE = "procedures/<int:procedure_id>/"
_VERSION = "procedures/versions/<int:version_id>/"
_APPROVAL = "procedures/approvals/<int:approval_id>/"


def _pages(permission: Permission, *rows: tuple[str, View, str]) -> list[URLPattern]:
    return [route(pattern, view, permission=permission, name=name) for pattern, view, name in rows]


staff_urls = [
    route("procedures/search", staff.pick, permission=officer, name="procedure_search"),
    *_pages(
        officer,
        ("legal/", legal.text_list, "legal_list"),
        ("legal/<int:text_id>/", legal.text, "legal_text"),
        (f"{_VERSION}basis/", legal.basis, "procedure_basis"),
        (f"{_VERSION}guide", legal.guide, "procedure_guide"),
    ),
    *_pages(
        may_edit_catalogue,
        ("procedures/flags", staff.flag_list, "procedure_flags"),
        ("procedures/flags/settled", staff.settled_list, "procedure_flags_settled"),
        ("procedures/flags/<int:number>", staff.flag, "procedure_flag"),
        ("legal/new/", legal.new_text, "legal_new"),
        ("legal/<int:text_id>/edit/", legal.edit_text, "legal_edit"),
        ("procedures/new/", managing.new, "procedure_new"),
        ("procedures/areas/", local.areas, "procedure_areas"),
        (f"{_ONE}fees/new/", local.new_fee, "procedure_new_fee"),
        (f"{_ONE}fees/<int:fee_id>/end/", local.end_fee, "procedure_end_fee"),
        (f"{_ONE}exemptions/new/", local.new_exemption, "procedure_new_exemption"),
        (f"{_ONE}exemptions/<int:exemption_id>/end/", local.end_exemption, "procedure_end_exemption"),
        (f"{_ONE}forms/", forms_of_law.families, "procedure_forms"),
        (f"{_ONE}draft/", managing.start_draft, "procedure_start_draft"),
        (f"{_ONE}repeal/", reviewing.repeal, "procedure_repeal"),
        (f"{_VERSION}discard/", drafting.discard, "procedure_discard"),
        (f"{_VERSION}edit/<str:part>/", drafting.edit, "procedure_edit"),
        (f"{_VERSION}send/", reviewing.propose, "procedure_propose"),
        (f"{_APPROVAL}withdraw/", reviewing.withdraw, "procedure_approval_withdraw"),
    ),
    *_pages(
        may_read_drafts,
        ("procedures/", managing.procedure_list, "procedure_list"),
        (_ONE, managing.card, "procedure_card"),
        (f"{_ONE}fees/", local.fees, "procedure_fees"),
        (f"{_ONE}national/", reviewing.national, "procedure_national"),
        (_VERSION, drafting.draft, "procedure_draft"),
        (f"{_VERSION}preview/", drafting.preview, "procedure_preview"),
        ("procedures/edits/<int:edit_id>/", drafting.typed, "procedure_typed"),
        ("procedures/compare/<int:before_id>/<int:after_id>/", drafting.compare, "procedure_compare"),
        (_APPROVAL, reviewing.approval, "procedure_approval"),
        (f"{_APPROVAL}approve/", reviewing.approve, "procedure_approve"),
        (f"{_APPROVAL}return/", reviewing.send_back, "procedure_return"),
    ),
]
