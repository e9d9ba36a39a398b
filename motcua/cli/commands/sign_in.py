"""`motcua sign-in`: is the provider by whom citizens sign in connected as it should be."""

import time

import click

from motcua.cli.django import ready

_MARKS = {"good": "đúng", "bad": "SAI", "silent": "không rõ"}


@click.command("sign-in")
def sign_in() -> None:
    """Thử kết nối với nơi định danh của người dân: địa chỉ, khóa, đồng hồ, khóa bí mật. Không ai được đăng nhập.

    Mã trả về khác 0 khi chưa kết nối hoặc có chỗ sai.
    """
    ready()
    from django.conf import settings  # noqa: PLC0415  (needs Django's apps)

    from motcua.accounts.citizen_views import return_address  # noqa: PLC0415
    from motcua.clients.oidc_check import check  # noqa: PLC0415
    from motcua.sites.desk.views.citizen_sign_in import POINTS  # noqa: PLC0415

    if settings.OIDC is None:
        click.echo("Chưa kết nối: đặt MOTCUA_OIDC_ISSUER.")
        raise SystemExit(1)
    points = check(settings.OIDC, back=return_address(), now=time.time())
    for one in points:
        title, advice = POINTS[one.what]
        click.echo(f"{_MARKS[one.state]:>9}  {title}{f': {one.told}' if one.told else ''}")
        if one.state == "bad":
            click.echo(f"{'':>11}{advice}")
    if any(one.state == "bad" for one in points):
        raise SystemExit(1)
