"""The officers' first page, and the working calendars: everybody at the office reads them, few change them."""

from django.urls import URLPattern

from motcua.agencies.roles import Role
from motcua.dossiers.views import lists
from motcua.procedures.permissions import may_edit_catalogue, may_read_drafts
from motcua.sites.desk.views import (
    administration,
    agency_procedures,
    calendar_changes,
    calendars,
    citizen_sign_in,
    keeping,
    letters,
    malware,
    reading_patterns,
    recomputes,
    retention,
    wall,
)
from motcua.ui.routing import holds, officer, route

_keepers = holds(Role.BUSINESS_ADMIN, Role.SYSTEM_ADMIN)
_administers = holds(*sorted(administration.ADMINISTER))
_numbers = holds(Role.UNIT_ADMIN, Role.SYSTEM_ADMIN)
_system = holds(Role.SYSTEM_ADMIN)
_inspects = holds(Role.UNIT_ADMIN, Role.SYSTEM_ADMIN, Role.MONITOR)
_oversees = holds(Role.UNIT_ADMIN, Role.SYSTEM_ADMIN, Role.MONITOR, Role.LEADER)
_ONE = "calendars/<int:calendar_id>/"

_PROCEDURE = "procedures/<int:procedure_id>/agencies/"

staff_urls: list[URLPattern] = [
    route("", lists.home, permission=officer, name="home"),
    route("administration/", administration.home, permission=_administers, name="administration"),
    route(
        "administration/trail/",
        administration.trail,
        permission=holds(Role.SYSTEM_ADMIN, Role.MONITOR),
        name="administration_trail",
    ),
    route("administration/readings/", administration.read_log, permission=_inspects, name="readings"),
    route(
        "administration/readings/patterns/",
        reading_patterns.patterns,
        permission=_oversees,
        name="reading_patterns",
    ),
    route("administration/retention/", retention.retained, permission=_inspects, name="retention"),
    route("administration/retention/<slug:key>/", retention.kind, permission=_system, name="retention_kind"),
    route(
        "administration/retention/changes/<uuid:change_id>/decide/",
        retention.decide,
        permission=_system,
        name="retention_decide",
    ),
    route("administration/malware/", malware.scanner, permission=_system, name="malware"),
    route("administration/sign-in/", citizen_sign_in.shown, permission=_system, name="citizen_sign_in"),
    route(
        "administration/sign-in/try/", citizen_sign_in.tried, permission=_system, name="citizen_sign_in_try"
    ),
    route("administration/keeping/", keeping.periods, permission=_system, name="keeping"),
    route(
        "administration/keeping/sectors/<int:sector_id>/",
        keeping.sector,
        permission=_system,
        name="keeping_sector",
    ),
    route(
        "administration/keeping/procedures/<int:procedure_id>/",
        keeping.procedure,
        permission=_system,
        name="keeping_procedure",
    ),
    route(
        "administration/keeping/<int:period_id>/decide/",
        keeping.decide,
        permission=_system,
        name="keeping_decide",
    ),
    route("administration/letters/", letters.letters, permission=_system, name="letters"),
    route("administration/letters/act", letters.act, permission=_system, name="letters_act"),
    route("administration/series/", administration.series, permission=_numbers, name="series"),
    route(
        "administration/series/<int:agency_id>/next/",
        administration.series_next,
        permission=_numbers,
        name="series_next",
    ),
    route(_PROCEDURE, agency_procedures.at_agencies, permission=may_read_drafts, name="procedure_agencies"),
    route(
        f"{_PROCEDURE}<int:agency_id>/",
        agency_procedures.at_agency,
        permission=may_edit_catalogue,
        name="procedure_agency",
    ),
    route("agencies/<int:agency_id>/wall/", wall.wall, permission=officer, name="agency_wall"),
    route("agencies/<int:agency_id>/wall/poster", wall.poster, permission=officer, name="wall_poster"),
    route("agencies/<int:agency_id>/wall/labels", wall.labels, permission=officer, name="wall_labels"),
    route("calendars/", calendars.calendar_list, permission=officer, name="calendar_list"),
    route("calendars/new/", calendar_changes.new_calendar, permission=_keepers, name="calendar_new"),
    route(_ONE, calendars.calendar_year, permission=officer, name="calendar_year"),
    route(f"{_ONE}rename/", calendar_changes.rename, permission=_keepers, name="calendar_rename"),
    route(f"{_ONE}hours/", calendar_changes.hours, permission=_keepers, name="calendar_hours"),
    route(f"{_ONE}days/new/", calendar_changes.add_day, permission=_keepers, name="calendar_add_day"),
    route(f"{_ONE}days/<int:day_id>/", calendar_changes.day, permission=officer, name="calendar_day"),
    route(
        f"{_ONE}days/<int:day_id>/act/",
        calendar_changes.day_act,
        permission=_keepers,
        name="calendar_day_act",
    ),
    route(
        f"{_ONE}years/<int:year>/confirm/",
        calendar_changes.confirm_year,
        permission=_keepers,
        name="calendar_confirm",
    ),
    route(
        f"{_ONE}years/<int:year>/propose/",
        calendar_changes.propose_year,
        permission=_keepers,
        name="calendar_propose",
    ),
    route("calendars/recomputes/", recomputes.recompute_list, permission=_keepers, name="recompute_list"),
    route("calendars/recomputes/<int:recompute_id>/", recomputes.one, permission=_keepers, name="recompute"),
    route(
        "calendars/recomputes/<int:recompute_id>/act/",
        recomputes.act,
        permission=_keepers,
        name="recompute_act",
    ),
    route(
        "calendars/days/<int:day_id>/recompute/",
        recomputes.start,
        permission=_keepers,
        name="recompute_start",
    ),
    route(
        "calendars/hours/<int:change_id>/recompute/",
        recomputes.start_hours,
        permission=_keepers,
        name="recompute_start_hours",
    ),
]
