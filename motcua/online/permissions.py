"""Who may prepare and hand in: somebody signed in who may act for the applicant; never another's account."""

from django.utils.translation import gettext as _

from motcua.lib.actor import Actor
from motcua.lib.refusal import NotPermitted


def require_citizen(actor: Actor) -> int:
    """Return the account of an applicant; refuses anybody else."""
    if actor.kind != "applicant" or not actor.account_id:
        raise NotPermitted(_("Chỉ người đã đăng nhập bằng tài khoản định danh mới nộp hồ sơ trực tuyến."))
    return actor.account_id
