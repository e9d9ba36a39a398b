"""Staff pages about people, positions, the tree of agencies and what stands inside them."""

from motcua.agencies.roles import PEOPLE_ADMIN_ROLES, Role
from motcua.agencies.views import addresses, agencies, changes, levels, people, people_file, places, rights
from motcua.ui.routing import holds, officer, route

_people = holds(*sorted(PEOPLE_ADMIN_ROLES))
_system = holds(Role.SYSTEM_ADMIN)
_reviewers = holds(Role.LEADER, Role.SYSTEM_ADMIN)
_ONE = "agencies/<int:agency_id>/"

staff_urls = [
    route("account/positions/", people.my_positions, permission=officer, name="agencies_my_positions"),
    route("agencies/", agencies.tree, permission=officer, name="agencies_tree"),
    route("agencies/new/", agencies.open_agency, permission=_system, name="agencies_open"),
    route(_ONE, agencies.one, permission=officer, name="agencies_agency"),
    route("agencies/levels/", levels.levels, permission=_system, name="agencies_levels"),
    route("agencies/levels/new/", levels.new_level, permission=_system, name="agencies_new_level"),
    route("agencies/levels/<slug:code>/", levels.level, permission=_system, name="agencies_level"),
    route(
        "agencies/shops/<int:shop_id>/rename/",
        places.rename_shop,
        permission=_people,
        name="agencies_rename_shop",
    ),
    route(f"{_ONE}rename/", agencies.rename, permission=_system, name="agencies_rename"),
    route(f"{_ONE}code/", agencies.give_code, permission=_system, name="agencies_give_code"),
    route(
        "agencies/codes/<int:code_id>/end/", agencies.end_code, permission=_system, name="agencies_end_code"
    ),
    route(f"{_ONE}parent/", agencies.move, permission=_system, name="agencies_move"),
    route(f"{_ONE}calendar/", agencies.set_calendar, permission=_system, name="agencies_calendar"),
    route(f"{_ONE}close/", agencies.close, permission=_system, name="agencies_close"),
    route("agencies/changes/", changes.change_list, permission=_system, name="agencies_changes"),
    route("agencies/changes/<int:change_id>/", changes.change, permission=_system, name="agencies_change"),
    route(f"{_ONE}merge/", changes.merge, permission=_system, name="agencies_merge"),
    route(f"{_ONE}split/", changes.split, permission=_system, name="agencies_split"),
    route(
        "agencies/units/<int:unit_id>/move/",
        changes.move_unit,
        permission=_system,
        name="agencies_move_unit",
    ),
    route(f"{_ONE}units/new/", places.open_unit, permission=_people, name="agencies_open_unit"),
    route(
        "agencies/units/<int:unit_id>/rename/",
        places.rename_unit,
        permission=_people,
        name="agencies_rename_unit",
    ),
    route(
        "agencies/units/<int:unit_id>/close/",
        places.close_unit,
        permission=_people,
        name="agencies_close_unit",
    ),
    route(f"{_ONE}shops/new/", places.open_shop, permission=_people, name="agencies_open_shop"),
    route(
        "agencies/shops/<int:shop_id>/close/",
        places.close_shop,
        permission=_people,
        name="agencies_close_shop",
    ),
    route(
        "agencies/shops/<int:shop_id>/points/new/",
        places.open_point,
        permission=_people,
        name="agencies_open_point",
    ),
    route(
        "agencies/points/<int:point_id>/change/",
        places.change_point,
        permission=_people,
        name="agencies_change_point",
    ),
    route(
        "agencies/points/<int:point_id>/close/",
        places.close_point,
        permission=_people,
        name="agencies_close_point",
    ),
    route(
        "agencies/points/<int:point_id>/counters/new/",
        places.open_counter,
        permission=_people,
        name="agencies_open_counter",
    ),
    route(
        "agencies/counters/<int:counter_id>/close/",
        places.close_counter,
        permission=_people,
        name="agencies_close_counter",
    ),
    route("roles/", rights.roles, permission=_people, name="agencies_roles"),
    route("reviews/", rights.review_list, permission=_reviewers, name="agencies_reviews"),
    route("reviews/open/", rights.review_open, permission=_system, name="agencies_review_open"),
    route("reviews/<int:review_id>/", rights.review, permission=_system, name="agencies_review"),
    route(
        "reviews/<int:review_id>/close/",
        rights.review_close,
        permission=_system,
        name="agencies_review_close",
    ),
    route(
        "reviews/<int:review_id>/agencies/<int:agency_id>/",
        rights.review_agency,
        permission=_reviewers,
        name="agencies_review_agency",
    ),
    route(
        "reviews/<int:review_id>/agencies/<int:agency_id>/keep/",
        rights.review_keep,
        permission=_reviewers,
        name="agencies_review_keep",
    ),
    route(
        "reviews/items/<int:item_id>/",
        rights.review_answer,
        permission=_reviewers,
        name="agencies_review_answer",
    ),
    route("people/file/", people_file.people_from_file, permission=_people, name="agencies_people_file"),
    route("people/file/letters/", people_file.letters, permission=_people, name="agencies_people_letters"),
    route("people/", people.people_list, permission=_people, name="agencies_people"),
    route("people/new/", people.invite, permission=_people, name="agencies_invite"),
    route("people/emergency/", people.emergency, permission=_system, name="agencies_emergency"),
    route("people/emergency/new/", people.open_emergency, permission=_system, name="agencies_open_emergency"),
    route(
        "people/emergency/<int:account_id>/seal/",
        people.seal_emergency,
        permission=_system,
        name="agencies_seal_emergency",
    ),
    route("people/resets/", people.resets, permission=_people, name="agencies_resets"),
    route(
        "people/resets/<int:request_id>/confirm/",
        people.confirm_reset,
        permission=_people,
        name="agencies_confirm_reset",
    ),
    route(
        "people/resets/<int:request_id>/refuse/",
        people.refuse_reset,
        permission=_people,
        name="agencies_refuse_reset",
    ),
    route(
        "people/positions/<int:position_id>/end/",
        people.end_position,
        permission=_people,
        name="agencies_end_position",
    ),
    route("people/<int:account_id>/", people.person, permission=_people, name="agencies_person"),
    route(
        "people/<int:account_id>/email/", addresses.set_email, permission=_system, name="agencies_set_email"
    ),
    route("people/<int:account_id>/appoint/", people.appoint, permission=_people, name="agencies_appoint"),
    route("people/<int:account_id>/leave/", people.leave, permission=_people, name="agencies_leave"),
    route("people/<int:account_id>/reopen/", people.reopen, permission=_people, name="agencies_reopen"),
    route(
        "people/<int:account_id>/sessions/end/",
        people.end_sessions,
        permission=_people,
        name="agencies_end_sessions",
    ),
    route(
        "people/<int:account_id>/invite/",
        people.invite_again,
        permission=_people,
        name="agencies_invite_again",
    ),
    route("people/<int:account_id>/reset/", people.ask_reset, permission=_people, name="agencies_ask_reset"),
]
