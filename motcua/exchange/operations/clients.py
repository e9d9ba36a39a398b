"""A client from its registration to its end. All of it stands in the history of the client."""

import ipaddress
import re
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.accounts.models import Account, AccountKind
from motcua.accounts.operations.accounts import open_account
from motcua.agencies.models import Agency
from motcua.base.audit import keys
from motcua.base.audit.operations import record
from motcua.exchange import permissions, queries
from motcua.exchange.models import AccessToken, Client, ClientSecret, Scope, Webhook
from motcua.lib.actor import Actor
from motcua.lib.refusal import Conflict, NotFound, NotPermitted, Refusal

LONGEST_LIFE = timedelta(days=2 * 366)
MOST_ADDRESSES, MOST_PER_MINUTE = 20, 6000
LONGEST_OVERLAP = 168  # hours
_SYSTEM = re.compile(r"[a-z][a-z0-9-]{1,29}")


@dataclass(frozen=True)
class ClientFacts:
    """What is written down of a client, but for its name in codes."""

    name: str
    owner: str
    contact: str
    agencies: tuple[int, ...]
    scopes: tuple[str, ...]
    expires_on: date
    only_own: bool = True
    addresses: tuple[str, ...] = ()
    per_minute: int = 120


@transaction.atomic
def register(*, system: str, facts: ClientFacts, actor: Actor, at: datetime, key: str) -> Client:
    """Register a program; it cannot do anything before it has a secret (`new_secret`).

    Refuses a short name in use, agencies that the actor does not administer, and what `_checked` refuses.
    """
    permissions.require_system_admin(actor)
    body = {"system": system, "facts": facts}
    claim = keys.claim(actor=actor, key=key, verb="client.register", body=body, at=at) if key else None
    if claim is not None and claim.answer is not None:
        return queries.client(claim.answer["client"])
    if not _SYSTEM.fullmatch(system):
        raise Refusal(
            _("Mã ngắn gồm 2–30 chữ thường không dấu, chữ số, gạch nối, bắt đầu bằng chữ."), field="system"
        )
    if Client.objects.filter(system=system).exists():
        raise Conflict(_("Mã ngắn này đã dùng cho một kết nối khác, kể cả đã thu hồi."), field="system")
    values = _checked(facts, at)
    _require_given(facts.agencies, actor, at)
    account = open_account(
        login_name=f"api.{system}", full_name=values["name"], account_kind=AccountKind.INTEGRATION, actor=actor,
        at=at,
    )  # fmt: skip
    row = Client.objects.create(account=account, system=system, created_at=at, **values)
    row.agencies.set(facts.agencies)
    _write(row, "client.register", actor, at, {"system": system, **_facts(values, facts)})
    if claim is not None:
        keys.keep(claim, {"client": row.pk})
    return row


@transaction.atomic
def change(*, client_id: int, facts: ClientFacts, actor: Actor, at: datetime, key: str) -> Client:
    """Write down what changed; tokens given before hold no longer, so that fewer rights hold at once.

    Agencies that the actor does not administer may stay, but none is added, and nothing more is opened in those.
    """
    permissions.require_system_admin(actor)
    body = {"client": client_id, "facts": facts}
    claim = keys.claim(actor=actor, key=key, verb="client.change", body=body, at=at) if key else None
    row = _lock(client_id)
    if claim is not None and claim.answer is not None:
        return row
    values = _checked(facts, at)
    before = {**{name: getattr(row, name) for name in values}, "agencies": _agencies(row)}
    after = {**values, "agencies": sorted(facts.agencies)}
    wider = not set(values["scopes"]) <= set(row.scopes) or (row.only_own and not facts.only_own)
    _require_given(facts.agencies if wider else set(facts.agencies) - set(before["agencies"]), actor, at)
    changed = {name: [before[name], after[name]] for name in after if before[name] != after[name]}
    if changed:
        for name, value in values.items():
            setattr(row, name, value)
        row.save(update_fields=list(values))
        row.agencies.set(facts.agencies)
        Account.objects.filter(pk=row.account_id).update(full_name=values["name"])
        AccessToken.objects.filter(client=row).delete()
        _write(row, "client.change", actor, at, {"changes": changed})
    if claim is not None:
        keys.keep(claim, {"client": row.pk})
    return row


@transaction.atomic
def new_secret(
    *, client_id: int, keep_hours: int, actor: Actor, at: datetime, key: str
) -> tuple[ClientSecret, str]:
    """Make a secret and return its text, which is kept nowhere; the ones before end after `keep_hours` (0: now).

    The same request again returns the row with an empty text: it was shown, and cannot be shown twice.
    """
    permissions.require_system_admin(actor)
    body = {"client": client_id, "keep": keep_hours}
    claim = keys.claim(actor=actor, key=key, verb="client.secret", body=body, at=at) if key else None
    row = _lock(client_id)
    if claim is not None and claim.answer is not None:
        return ClientSecret.objects.get(pk=claim.answer["secret"]), ""
    _require_given(_agencies(row), actor, at)  # whoever holds the secret has all that it opens
    if not 0 <= keep_hours <= LONGEST_OVERLAP:
        raise Refusal(_("Khóa cũ giữ thêm từ 0 đến 168 giờ."), field="keep_hours")
    text = f"mcs_{secrets.token_urlsafe(32)}"
    _end_secrets(row, at + timedelta(hours=keep_hours), at)
    made = ClientSecret.objects.create(
        client=row, hash=queries.hash_of(text, "secret"), tail=text[-4:], created_at=at
    )
    _write(row, "client.secret", actor, at, {"tail": made.tail, "keep_hours": keep_hours})
    if claim is not None:
        keys.keep(claim, {"secret": made.pk})
    return made, text


@transaction.atomic
def end_old_secrets(*, client_id: int, actor: Actor, at: datetime) -> Client:
    """End every secret but the newest at once, with the tokens they gave. Safe to repeat."""
    permissions.require_system_admin(actor)
    row = _lock(client_id)
    held = queries.secrets_of(row, at)[1:]
    if held:
        ids = [one.pk for one in held]
        ClientSecret.objects.filter(pk__in=ids).update(ends_at=at)
        AccessToken.objects.filter(secret__in=ids).delete()
        _write(row, "client.end_secrets", actor, at, {"tails": [one.tail for one in held]})
    return row


@transaction.atomic
def revoke(*, client_id: int, reason: str, actor: Actor, at: datetime) -> Client:
    """Shut the door at once and for ever: secrets, tokens and addresses. Safe to repeat."""
    permissions.require_system_admin(actor)
    row = Client.objects.select_for_update(of=("self",)).filter(pk=client_id).first()
    if row is None:
        raise NotFound(_("Không có kết nối này."))
    if row.revoked_at is not None:
        return row
    if not reason.strip():
        raise Refusal(_("Ghi lý do thu hồi."), field="reason")
    row.revoked_at, row.revoked_reason = at, reason.strip()[:300]
    row.save(update_fields=["revoked_at", "revoked_reason"])
    AccessToken.objects.filter(client=row).delete()
    ClientSecret.objects.filter(client=row, ends_at__isnull=True).update(ends_at=at)
    Webhook.objects.filter(client=row, removed_at=None).update(removed_at=at)
    Account.objects.filter(pk=row.account_id, is_active=True).update(
        is_active=False, disabled_at=at, disabled_reason=row.revoked_reason
    )
    _write(row, "client.revoke", actor, at, {"reason": row.revoked_reason})
    return row


def _end_secrets(row: Client, until: datetime, at: datetime) -> None:
    """Let the secrets before hold until then and no longer; the tokens of one that ends now end with it."""
    ClientSecret.objects.filter(client=row, ends_at__isnull=True).update(ends_at=until)
    ClientSecret.objects.filter(client=row, ends_at__gt=until).update(ends_at=until)
    if until <= at:
        AccessToken.objects.filter(client=row).delete()


def _lock(client_id: int) -> Client:
    row = Client.objects.select_for_update(of=("self",)).filter(pk=client_id).first()
    if row is None:
        raise NotFound(_("Không có kết nối này."))
    if row.revoked_at is not None:
        raise Conflict(_("Kết nối này đã bị thu hồi; đăng ký một kết nối mới."))
    return row


def _agencies(row: Client) -> list[int]:
    return sorted(row.agencies.values_list("pk", flat=True))


def _require_given(agencies: Iterable[int], actor: Actor, at: datetime) -> None:
    """Refuse to open agencies that the actor does not administer."""
    given = permissions.agencies_given(actor, timezone.localdate(at))
    foreign = frozenset() if given is None else frozenset(agencies) - given
    if foreign:
        names = ", ".join(
            Agency.objects.filter(pk__in=foreign).order_by("sort_key").values_list("name", flat=True)
        )
        text = _("Anh/chị không quản trị: %(agencies)s. Nhờ quản trị của cơ quan đó hoặc của cả tỉnh.")
        raise NotPermitted(text % {"agencies": names}, field="agencies")


def _checked(facts: ClientFacts, at: datetime) -> dict[str, Any]:
    """Return the columns that the facts fill; refuses what is empty, unknown, too long or over."""
    for name in ("name", "owner", "contact"):
        if not getattr(facts, name).strip():
            raise Refusal(_("Mục này không được để trống."), field=name)
    known = Agency.objects.filter(pk__in=facts.agencies).count()
    if not facts.agencies or known != len(set(facts.agencies)):
        raise Refusal(_("Chọn ít nhất một cơ quan."), field="agencies")
    if not facts.scopes or not set(facts.scopes) <= set(Scope.values):
        raise Refusal(_("Chọn ít nhất một quyền."), field="scopes")
    today = timezone.localdate(at)
    if not today < facts.expires_on <= today + LONGEST_LIFE:
        raise Refusal(_("Ngày hết hạn phải sau hôm nay, nhiều nhất hai năm."), field="expires_on")
    if not 1 <= facts.per_minute <= MOST_PER_MINUTE:
        raise Refusal(_("Số lượt mỗi phút từ 1 đến 6.000."), field="per_minute")
    return {
        "name": facts.name.strip()[:120], "owner": facts.owner.strip()[:200],
        "contact": facts.contact.strip()[:200], "scopes": [one for one in Scope.values if one in facts.scopes],
        "only_own": facts.only_own, "addresses": _networks(facts.addresses), "per_minute": facts.per_minute,
        "expires_on": facts.expires_on,
    }  # fmt: skip


def _networks(texts: Sequence[str]) -> list[str]:
    """Return the networks in their one written form. A visitor with IPv6 counts as a /64, so none may be smaller."""
    found: list[str] = []
    for text in texts:
        try:
            network = ipaddress.ip_network(text.strip())
        except ValueError:
            message = _("“%(text)s” không phải địa chỉ mạng. Ví dụ: 203.0.113.7 hoặc 203.0.113.0/24.")
            raise Refusal(message % {"text": text.strip()[:60]}, field="addresses") from None
        if network.version == 6 and network.prefixlen > 64:
            raise Refusal(_("Với IPv6, ghi dải từ /64 trở lên."), field="addresses")
        found.append(str(network))
    if len(found) > MOST_ADDRESSES:
        raise Refusal(_("Nhiều nhất 20 dải địa chỉ."), field="addresses")
    return list(dict.fromkeys(found))


def _facts(values: dict[str, Any], facts: ClientFacts) -> dict[str, Any]:
    return {**values, "agencies": sorted(facts.agencies)}


def _write(row: Client, verb: str, actor: Actor, at: datetime, payload: dict[str, Any]) -> None:
    record(actor=actor, verb=verb, subject_kind=queries.SUBJECT, subject_id=row.pk, at=at, payload=payload)
