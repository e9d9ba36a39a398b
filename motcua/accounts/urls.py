"""Log-in and one's own account. allauth's views stand under our paths, behind `route` like every page."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys

from motcua.accounts import citizen_views, views
from motcua.ui.routing import everyone, officer, route, signed_in

_DOOR = [
    route("dang-nhap/", account.login, permission=everyone, name="account_login"),
    route("dang-xuat/", views.log_out, permission=everyone, name="account_logout"),
]

public_urls = [
    route("dang-nhap-cong-dan/", citizen_views.sign_in, permission=everyone, name="citizen_sign_in"),
    route("dang-nhap-cong-dan/di/", citizen_views.go, permission=everyone, name="citizen_go"),
    route("dang-nhap-cong-dan/ve/", citizen_views.come_back, permission=everyone, name="citizen_return"),
    route("dang-nhap/", citizen_views.password_log_in, permission=everyone, name="account_login"),
    route("dang-xuat/", citizen_views.log_out, permission=everyone, name="account_logout"),
]

staff_urls = [
    *_DOOR,
    route("dang-nhap/ma/", mfa.authenticate, permission=everyone, name="mfa_authenticate"),
    route("dang-nhap/khoa/", passkeys.login_webauthn, permission=everyone, name="mfa_login_webauthn"),
    route("loi-moi/<str:token>/", views.invitation, permission=everyone, name="accounts_invitation"),
    route("xac-nhan-lai/", account.reauthenticate, permission=signed_in, name="account_reauthenticate"),
    route("xac-nhan-lai/ma/", mfa.reauthenticate, permission=signed_in, name="mfa_reauthenticate"),
    route(
        "xac-nhan-lai/khoa/",
        passkeys.reauthenticate_webauthn,
        permission=signed_in,
        name="mfa_reauthenticate_webauthn",
    ),
    route("account/", views.me, permission=signed_in, name="accounts_me"),
    route("account/", views.me, permission=signed_in, name="mfa_index"),
    route(
        "account/sessions/<int:session_id>/end/",
        views.end_session,
        permission=signed_in,
        name="accounts_end_session",
    ),
    route(
        "account/sessions/end/",
        views.end_other_sessions,
        permission=signed_in,
        name="accounts_end_other_sessions",
    ),
    route("account/password/", views.change_password, permission=signed_in, name="account_change_password"),
    route("account/email/", views.change_email, permission=officer, name="accounts_email"),
    route("account/emergency/", views.emergency, permission=signed_in, name="accounts_emergency"),
    route("account/second-factor/", views.second_factor, permission=signed_in, name="accounts_second_factor"),
    route("account/second-factor/app/", totp.activate_totp, permission=signed_in, name="mfa_activate_totp"),
    route(
        "account/second-factor/app/remove/",
        totp.deactivate_totp,
        permission=signed_in,
        name="mfa_deactivate_totp",
    ),
    route("account/passkeys/", views.me, permission=signed_in, name="mfa_list_webauthn"),
    route("account/passkeys/new/", passkeys.add_webauthn, permission=signed_in, name="mfa_add_webauthn"),
    route(
        "account/passkeys/<int:pk>/", passkeys.edit_webauthn, permission=signed_in, name="mfa_edit_webauthn"
    ),
    route(
        "account/passkeys/<int:pk>/remove/",
        views.remove_passkey,
        permission=signed_in,
        name="mfa_remove_webauthn",
    ),
    route(
        "account/recovery-codes/",
        codes.view_recovery_codes,
        permission=signed_in,
        name="mfa_view_recovery_codes",
    ),
    route(
        "account/recovery-codes/new/",
        codes.generate_recovery_codes,
        permission=signed_in,
        name="mfa_generate_recovery_codes",
    ),
]
