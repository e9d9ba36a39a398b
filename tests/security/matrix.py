"""Who may open what: the table a person reads. A route that is not written here fails the test.

Letters: 0 nobody logged in, l citizen, f officer whose second factor is not proven, m counter, h specialist and
head of division, t leader, c clerk, r return desk, a administrator of the system, b counter of another commune.
Whoever is not named is sent to the log-in page, to the second factor, or gets 403.
"""

EVERYONE = "0lfmhtcrab"
PUBLIC = "0lmhtcrab"  # half a log-in opens nothing: `f` finishes it or leaves by one of the DOOR pages
DOOR = EVERYONE
SIGNED_IN = "lmhtcrab"  # `f` reaches only the pages that lead to a second factor
OFFICERS = "mhtcrab"
COUNTER = "mb"
PEOPLE = "a"
READERS = "hta"  # of workflows: heads, leaders, administrators
CATALOGUE = ""  # the business administrator; none of these people is one

# Host, route, who gets in. A dossier route also asks whose dossier it is: see HOME_ONLY.
TABLE: dict[tuple[str, str], str] = {
    ("public", "portal-home"): PUBLIC,
    ("public", "account_login"): DOOR,
    ("public", "account_logout"): DOOR,
    ("public", "track"): PUBLIC,
    ("public", "procedures"): PUBLIC,
    ("public", "procedure_page"): PUBLIC,
    ("public", "procedure_version"): PUBLIC,
    ("public", "ui_theme_sheet"): PUBLIC,
    ("public", "ui_components_citizen"): PUBLIC,  # the demo's pattern pages; administrators only elsewhere
    ("public", "ui_home_model"): PUBLIC,
    ("public", "ui_track_model"): PUBLIC,
    ("public", "health"): PUBLIC,
    ("public", "language"): DOOR,
    ("files", "file"): PUBLIC,  # the token in the address is the right, for a minute
    ("staff", "account_login"): DOOR,
    ("staff", "account_logout"): DOOR,
    ("staff", "mfa_authenticate"): PUBLIC,  # leads back to the log-in where no log-in is under way
    ("staff", "mfa_login_webauthn"): PUBLIC,
    ("staff", "accounts_invitation"): PUBLIC,  # one-time token
    ("staff", "ui_theme_sheet"): PUBLIC,
    ("staff", "ui_theme"): DOOR,
    ("staff", "ui_components"): PUBLIC,  # the demo's pattern pages; administrators only elsewhere
    ("staff", "ui_components_public"): PUBLIC,
    ("staff", "ui_options"): PUBLIC,
    ("staff", "ui_save"): PUBLIC,
    ("staff", "ui_clock"): PUBLIC,
    ("staff", "ui_upload"): PUBLIC,
    ("staff", "ui_sample_pdf"): PUBLIC,
    ("staff", "account_reauthenticate"): SIGNED_IN + "f",
    ("staff", "accounts_second_factor"): SIGNED_IN + "f",
    ("staff", "mfa_activate_totp"): SIGNED_IN + "f",
    ("staff", "mfa_add_webauthn"): SIGNED_IN + "f",
    ("staff", "mfa_reauthenticate"): SIGNED_IN,
    ("staff", "mfa_reauthenticate_webauthn"): SIGNED_IN,
    ("staff", "accounts_me"): SIGNED_IN,
    ("staff", "mfa_index"): SIGNED_IN,
    ("staff", "accounts_end_session"): SIGNED_IN,
    ("staff", "accounts_end_other_sessions"): SIGNED_IN,
    ("staff", "account_change_password"): SIGNED_IN,
    ("staff", "accounts_emergency"): SIGNED_IN,
    ("staff", "mfa_deactivate_totp"): SIGNED_IN,
    ("staff", "mfa_list_webauthn"): SIGNED_IN,
    ("staff", "mfa_edit_webauthn"): SIGNED_IN,
    ("staff", "mfa_remove_webauthn"): SIGNED_IN,
    ("staff", "mfa_view_recovery_codes"): SIGNED_IN,
    ("staff", "mfa_generate_recovery_codes"): SIGNED_IN,
    ("staff", "home"): OFFICERS,
    ("staff", "agencies_my_positions"): OFFICERS,
    ("staff", "agencies_tree"): OFFICERS,
    ("staff", "agencies_open"): PEOPLE,
    ("staff", "agencies_agency"): OFFICERS,
    ("staff", "agencies_rename"): PEOPLE,
    ("staff", "agencies_give_code"): PEOPLE,
    ("staff", "agencies_end_code"): PEOPLE,
    ("staff", "agencies_move"): PEOPLE,
    ("staff", "agencies_calendar"): PEOPLE,
    ("staff", "agencies_close"): PEOPLE,
    ("staff", "agencies_open_unit"): PEOPLE,
    ("staff", "agencies_rename_unit"): PEOPLE,
    ("staff", "agencies_close_unit"): PEOPLE,
    ("staff", "agencies_open_shop"): PEOPLE,
    ("staff", "agencies_close_shop"): PEOPLE,
    ("staff", "agencies_open_point"): PEOPLE,
    ("staff", "agencies_change_point"): PEOPLE,
    ("staff", "agencies_close_point"): PEOPLE,
    ("staff", "agencies_open_counter"): PEOPLE,
    ("staff", "agencies_close_counter"): PEOPLE,
    ("staff", "calendar_list"): OFFICERS,
    ("staff", "calendar_new"): PEOPLE,
    ("staff", "calendar_year"): OFFICERS,
    ("staff", "calendar_hours"): PEOPLE,
    ("staff", "calendar_add_day"): PEOPLE,
    ("staff", "calendar_day"): OFFICERS,
    ("staff", "calendar_day_act"): PEOPLE,
    ("staff", "calendar_confirm"): PEOPLE,
    ("staff", "calendar_propose"): PEOPLE,
    ("staff", "agencies_people"): PEOPLE,
    ("staff", "agencies_invite"): PEOPLE,
    ("staff", "agencies_resets"): PEOPLE,
    ("staff", "agencies_emergency"): PEOPLE,  # system administrators only, as the two below
    ("staff", "agencies_open_emergency"): PEOPLE,
    ("staff", "agencies_seal_emergency"): PEOPLE,
    ("staff", "agencies_confirm_reset"): PEOPLE,
    ("staff", "agencies_refuse_reset"): PEOPLE,
    ("staff", "agencies_end_position"): PEOPLE,
    ("staff", "agencies_person"): PEOPLE,
    ("staff", "agencies_appoint"): PEOPLE,
    ("staff", "agencies_leave"): PEOPLE,
    ("staff", "agencies_reopen"): PEOPLE,
    ("staff", "agencies_end_sessions"): PEOPLE,
    ("staff", "agencies_invite_again"): PEOPLE,
    ("staff", "agencies_ask_reset"): PEOPLE,
    ("staff", "procedure_search"): OFFICERS,
    ("staff", "procedure_flags"): CATALOGUE,
    ("staff", "procedure_flag"): CATALOGUE,
    ("staff", "workflow_list"): READERS,
    ("staff", "workflow_detail"): READERS,
    ("staff", "intake"): COUNTER,
    ("staff", "intake-drafts"): COUNTER,
    ("staff", "intake-procedures"): COUNTER,
    ("staff", "intake-page"): COUNTER,
    ("staff", "intake-save"): COUNTER,
    ("staff", "intake-card"): COUNTER,
    ("staff", "intake-known"): COUNTER,
    ("staff", "intake-case"): COUNTER,
    ("staff", "intake-file"): COUNTER,
    ("staff", "intake-file-drop"): COUNTER,
    ("staff", "intake-preview"): COUNTER,
    ("staff", "intake-done"): COUNTER,
    ("staff", "intake-discard"): COUNTER,
    ("staff", "search"): OFFICERS,
    ("staff", "list-counts"): OFFICERS,
    ("staff", "batch-assign"): OFFICERS,  # each row asks for the right of its own act
    ("staff", "batch-approve"): OFFICERS,
    ("staff", "dossier-note"): OFFICERS,
    ("staff", "dossier-note-remove"): OFFICERS,
    ("staff", "dossier-watch"): OFFICERS,
    ("staff", "dossier-colleagues"): OFFICERS,
    ("staff", "reminders"): OFFICERS,
    ("staff", "opinion-templates"): OFFICERS,
    ("staff", "opinion-texts"): OFFICERS,
    ("staff", "opinion-template-drop"): OFFICERS,
    ("staff", "delegations"): OFFICERS,
    ("staff", "delegation-new"): OFFICERS,
    ("staff", "delegation-act"): OFFICERS,
    ("staff", "delegation-approval"): PEOPLE,
    ("staff", "live-token"): OFFICERS,
    ("staff", "dossier"): OFFICERS,
    ("staff", "dossier-peek"): OFFICERS,
    ("staff", "dossier-workflow"): OFFICERS,
    ("staff", "dossier-reveal"): OFFICERS,
    ("staff", "dossier-due"): OFFICERS,
    ("staff", "dossier-act"): OFFICERS,
    ("staff", "dossier-extend-check"): OFFICERS,
    ("staff", "dossier-paper"): OFFICERS,
    ("staff", "dossier-reprint"): OFFICERS,
    ("staff", "dossier-control-sheet"): OFFICERS,
    ("staff", "dossier-upload"): OFFICERS,
    ("staff", "dossier-file"): OFFICERS,
    ("staff", "dossier-file-page"): OFFICERS,
    ("staff", "dossier-file-download"): OFFICERS,
    ("staff", "api-dossier-due"): OFFICERS,
    ("staff", "api-due"): OFFICERS,
}

# Minh's dossier and Minh's draft exist for their own only: everybody else who gets in is told 404 (or that the
# method is none), exactly as for a code that was never given.
DOSSIER = tuple(route for route in TABLE if route[1].startswith("dossier") or route[1] == "api-dossier-due")
STRANGERS = "b"  # to the dossier: officers of other agencies
DRAFT = tuple(
    route for route in TABLE
    if route[1].startswith("intake-") and route[1] not in {"intake-drafts", "intake-procedures"}
)  # fmt: skip
NOT_MINE = "b"  # to the draft: other officers at a counter
