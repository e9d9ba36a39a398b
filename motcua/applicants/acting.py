"""For whom somebody who signed in may act now, and for whom this session does.

The choice stands in the session; the right to it is read from its rows with every request, so that a mandate that was
revoked a second ago holds nobody's door open.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from motcua.accounts import citizen_session
from motcua.accounts.models import Account
from motcua.applicants import mandate_queries, queries
from motcua.applicants.models import MandateKind
from motcua.lib.actor import Actor
from motcua.lib.refusal import NotPermitted

ACTING = "motcua_acting"
CHOICE = "/tai-khoan/vai/"  # the page on which a role is chosen
_CACHE = "_motcua_role"


@dataclass(frozen=True, slots=True)
class ActingRole:
    """One applicant somebody may act for now. `kind` is "self" or a `MandateKind`; `mandate` its row."""

    applicant_id: UUID
    name: str
    kind: str = "self"
    mandate: UUID | None = None

    @property
    def kind_words(self) -> str:
        """By what right, in words."""
        return str(_("Chính tôi") if self.is_self else MandateKind(self.kind).label)

    @property
    def is_self(self) -> bool:
        """Whether the person acts for themself."""
        return self.mandate is None


def who_may_act(account_id: int, at: datetime) -> list[ActingRole]:
    """Return every applicant the account may act for at this moment, the person's own first; none for a stranger."""
    citizen = queries.citizen(account_id)
    if citizen is None:
        return []
    own = ActingRole(citizen.person.applicant.pk, citizen.person.full_name)
    others = [
        ActingRole(one.applicant_id, one.applicant.name, one.kind, one.pk)
        for one in mandate_queries.holding(account_id, timezone.localdate(at))
        if one.applicant is not None and one.applicant_id is not None and one.applicant_id != own.applicant_id
    ]
    return [own, *others]


def role_for(account_id: int, applicant_id: UUID, at: datetime) -> ActingRole | None:
    """Return by what right the account acts for this applicant at this moment; None when it may not."""
    return next((one for one in who_may_act(account_id, at) if one.applicant_id == applicant_id), None)


def require_may_act(actor: Actor, applicant_id: UUID, at: datetime) -> ActingRole:
    """Refuse an applicant who may not act for `applicant_id` now; for operations, with the applicant of the draft.

    Not with the role of the session: the person may have chosen another one in another tab meanwhile.
    """
    found = (
        role_for(actor.account_id, applicant_id, at)
        if actor.kind == "applicant" and actor.account_id
        else None
    )
    if found is None:
        raise NotPermitted(
            _("Anh/chị không còn quyền làm thay người này. Xem lại các vai ở trang Tài khoản của tôi."),
            code="may_not_act",
        )
    return found


def first_page(request: HttpRequest, account: Account, back: str) -> str:
    """Return where somebody goes who just signed in: who may act for several, first to the page that asks for whom.

    Not who chose in this session already: they sign in once more for a grave act, and go on where they were.
    """
    owner, _chosen = request.session.get(ACTING, (None, ""))
    if owner == account.pk or back.startswith(CHOICE) or len(who_may_act(account.pk, timezone.now())) < 2:
        return back
    return f"{CHOICE}?{urlencode({'next': back})}"


def choose(request: HttpRequest, role: ActingRole) -> None:
    """Act for this applicant from now on, in this session."""
    request.session[ACTING] = [request.user.pk, str(role.applicant_id)]
    setattr(request, _CACHE, None)


def roles_of_request(request: HttpRequest) -> list[ActingRole]:
    """Return for whom the person behind this request may act; read once per request."""
    kept = getattr(request, _CACHE, None)
    if kept is None:
        user = request.user
        kept = who_may_act(user.pk, timezone.now()) if isinstance(user, Account) else []
        setattr(request, _CACHE, kept)
    return list(kept)


def role_of_request(request: HttpRequest) -> ActingRole | None:
    """Return the role this session acts in: the chosen one while it holds, else the person's own."""
    roles = roles_of_request(request)
    owner, wanted = request.session.get(ACTING, (None, ""))
    if owner == request.user.pk:
        chosen = next((one for one in roles if str(one.applicant_id) == wanted), None)
        if chosen is not None:
            return chosen
    return roles[0] if roles else None


def actor_of_citizen(request: HttpRequest) -> Actor:
    """Return the actor of a citizen's request: the account, for whom it acts, how sure the log-in is."""
    account = request.user
    assert isinstance(account, Account)
    role = role_of_request(request)
    return Actor(
        kind="applicant",
        account_id=account.pk,
        name=account.full_name,
        for_applicant=role.applicant_id if role else None,
        level=citizen_session.level(request),
    )
