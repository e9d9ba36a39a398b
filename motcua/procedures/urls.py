"""Addresses of the catalogue. Public ones are printed on papers and fixed for ever."""

from motcua.procedures.permissions import may_edit_catalogue
from motcua.procedures.views import public, staff
from motcua.ui.routing import everyone, officer, route

public_urls = [
    route("thu-tuc", public.index, permission=everyone, name="procedures"),
    route("thu-tuc/<str:code>", public.page, permission=everyone, name="procedure_page"),
    route(
        "thu-tuc/<str:code>/ban-<int:number>",
        public.old_version,
        permission=everyone,
        name="procedure_version",
    ),
]

staff_urls = [
    route("procedures/search", staff.pick, permission=officer, name="procedure_search"),
    route("procedures/flags", staff.flag_list, permission=may_edit_catalogue, name="procedure_flags"),
    route("procedures/flags/<int:number>", staff.flag, permission=may_edit_catalogue, name="procedure_flag"),
]
