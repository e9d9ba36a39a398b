"""Reads of integration: clients for administrators; dossiers, changes and addresses for a client itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from motcua.dossiers import queries as dossiers
from motcua.dossiers.models import Dossier, DossierFile, Paper, Result, SupplementRequest
from motcua.dossiers.states import Status
from motcua.dossiers.words import FilePurpose
from motcua.exchange.models import Change, Client, ClientDay, ClientSecret, Delivery, Upload, Webhook
from motcua.lib import crypto
from motcua.lib.actor import Actor
from motcua.lib.refusal import NotFound

SUBJECT = "client"
_LOOKED = ("procedure_version__procedure", "owner_unit", "home_agency", "competent_agency")
_SEEN = """
with recursive seen(id) as (
    select unnest(%s::bigint[])
  union
    select g.agency_id from seen s join agencies_succession g on g.successor_id = s.id and g.on_day <= %s
)
select id from seen
"""


def hash_of(text: str, purpose: str) -> bytes:
    """Return the keyed hash under which a secret or token is kept."""
    return crypto.index(text, settings.INDEX_KEY, purpose=f"exchange.{purpose}")


# ── For administrators


def clients(now: datetime) -> list[Client]:
    """Return every client, those that still hold first; each says whether it has a secret (`has_secret`)."""
    held = ClientSecret.objects.filter(client=OuterRef("pk")).filter(
        Q(ends_at__isnull=True) | Q(ends_at__gt=now)
    )
    return list(
        Client.objects.prefetch_related("agencies")
        .annotate(has_secret=Exists(held))
        .order_by(F("revoked_at").desc(nulls_first=True), "-pk")
    )


def client(number: int) -> Client:
    """Return one client; NotFound otherwise."""
    found = Client.objects.select_related("account").prefetch_related("agencies").filter(pk=number).first()
    if found is None:
        raise NotFound(_("Không có kết nối này."))
    return found


def secrets_of(row: Client, now: datetime) -> list[ClientSecret]:
    """Return the secrets that still open the door, the newest first."""
    return list(
        row.secrets.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=now)).order_by("-created_at", "-pk")
    )


def days_of(row: Client, today: date, *, back: int = 14) -> list[ClientDay]:
    """Return the calls of the last days, today first; a day without calls has no row."""
    return list(row.days.filter(day__gt=today - timedelta(days=back)).order_by("-day"))


def webhooks_of(row: Client) -> list[Webhook]:
    """Return the addresses a client is told at, each with how much waits there."""
    waits = Count("deliveries", filter=Q(deliveries__delivered_at__isnull=True))
    return list(row.webhooks.filter(removed_at=None).annotate(waits=waits).order_by("created_at", "pk"))


# ── For a client itself


def agencies_seen(row: Client, on: date) -> frozenset[int]:
    """Return the agencies a client was let in for, and the closed ones that went over into them."""
    own = list(row.agencies.values_list("pk", flat=True))
    with connection.cursor() as cursor:
        cursor.execute(_SEEN, [own, on])
        return frozenset(pk for (pk,) in cursor.fetchall())


def visible(actor: Actor, row: Client) -> QuerySet[Dossier]:
    """Return the dossiers a client may see: of its agencies, and where it was let in for its own alone, those."""
    found = dossiers.visible_to(actor)
    return found.filter(incoming__client=row) if row.only_own else found


def dossier_for(actor: Actor, row: Client, code: str, *, own: bool = False) -> Dossier:
    """Return one dossier; another agency's answers as one that does not exist. `own`: only what it sent itself."""
    found = dossiers.get_for(actor, code)
    theirs = getattr(found, "incoming", None)
    if (own or row.only_own) and (theirs is None or theirs.client_id != row.pk):
        dossiers.refuse_unseen()
    return found


def page_of_dossiers(
    actor: Actor, row: Client, *, since: datetime | None, status: int | None, after: tuple[datetime, UUID] | None,
    size: int,
) -> list[Dossier]:  # fmt: skip
    """Return dossiers, the oldest first, from `after` on; one more than `size` tells that there is another page.

    Parts that another agency does are left out, as in the changes: other systems follow the whole.
    """
    found = visible(actor, row).filter(parent=None).select_related(*_LOOKED)
    if since is not None:
        found = found.filter(submitted_at__gte=since)
    if status is not None:
        found = found.filter(status=status)
    if after is not None:
        at, last = after
        found = found.filter(Q(submitted_at__gt=at) | Q(submitted_at=at, pk__gt=last))
    return list(found.order_by("submitted_at", "pk")[: size + 1])


def changes_after(actor: Actor, row: Client, number: int, size: int) -> list[Change]:
    """Return what happened after a number, in order; one more than `size` tells that there is more."""
    found = Change.objects.filter(pk__gt=number, dossier__visible_to__overlap=sorted(actor.agencies))
    if row.only_own:
        found = found.filter(dossier__incoming__client=row)
    return list(found.order_by("pk")[: size + 1])


def newest_change() -> int:
    """Return the number of the newest change, 0 before the first."""
    return Change.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def first_change_since(moment: datetime) -> int:
    """Return the number below the first change at or after a moment."""
    found = Change.objects.filter(at__gte=moment).order_by("pk").values_list("pk", flat=True).first()
    return found - 1 if found is not None else newest_change()


def asked_of(dossier: Dossier) -> SupplementRequest | None:
    """Return what the applicant was asked for and may still answer."""
    if dossier.status != Status.AWAITING_SUPPLEMENT:
        return None  # withdrawn, refused, stopped: nothing is asked for any more
    return SupplementRequest.objects.filter(dossier=dossier, received_at=None).order_by("-number").first()


def result_of(dossier: Dossier) -> Result | None:
    """Return the result, once it is issued: a draft is nobody's business outside."""
    return Result.objects.filter(dossier=dossier, issued_at__isnull=False).first()


def papers_of(dossier: Dossier) -> list[Paper]:
    """Return the papers that were issued on a dossier, oldest first."""
    return list(
        Paper.objects.filter(dossier=dossier).select_related("replaced_by").order_by("issued_at", "pk")
    )


def paper_of(dossier: Dossier, paper_id: UUID) -> Paper:
    """Return one issued paper; NotFound otherwise."""
    found = dossiers.paper_of(dossier, paper_id)
    if found is None:
        raise NotFound(_("Không tìm thấy giấy này."))
    return found


def files_of(dossier: Dossier, *, results: bool) -> list[DossierFile]:
    """Return what was handed in, and with `results` the signed result once it is issued; opinions stay inside."""
    wanted = [FilePurpose.DOCUMENT, FilePurpose.SUPPLEMENT]
    if results and dossier.finished_at is not None:
        wanted.append(FilePurpose.RESULT)
    return list(
        DossierFile.objects.filter(dossier=dossier, purpose__in=wanted)
        .select_related("stored", "document")
        .order_by("added_at", "pk")
    )


def file_of(dossier: Dossier, file_id: UUID, *, results: bool) -> DossierFile:
    """Return one of those files; NotFound otherwise."""
    found = next((one for one in files_of(dossier, results=results) if one.pk == file_id), None)
    if found is None:
        raise NotFound(_("Không có tệp này."))
    return found


def waiting_uploads(row: Client, ids: Sequence[UUID]) -> dict[UUID, Upload]:
    """Lock and return those of a client's uploads that are not used yet."""
    held = Upload.objects.select_for_update(of=("self",)).select_related("stored")
    return {one.pk: one for one in held.filter(client=row, pk__in=ids, used_at=None).order_by("pk")}


def webhook(row: Client, number: UUID) -> Webhook:
    """Return one of a client's addresses; NotFound otherwise."""
    found = Webhook.objects.filter(pk=number, client=row, removed_at=None).first()
    if found is None:
        raise NotFound(_("Không có địa chỉ nhận tin này."))
    return found


def deliveries_of(hook: Webhook, size: int) -> list[Delivery]:
    """Return the newest messages to an address."""
    return list(hook.deliveries.order_by("-pk")[:size])


@dataclass(frozen=True)
class Figures:
    """Counts of the dossiers that came in within some days, of one agency."""

    agency: str
    received: int
    online: int
    post: int
    in_person: int
    finished: int
    on_time: int
    late: int
    returned: int


def figures(actor: Actor, since: date, until: date) -> list[Figures]:
    """Count what each competent agency received from `since` to `until`, both days in, and what came of it."""
    rows = (
        dossiers.visible_to(actor)
        .filter(
            competent_agency_id__in=actor.agencies, submitted_at__date__gte=since, submitted_at__date__lte=until,
            parent=None,
        )
        .values("competent_agency__name")
        .annotate(
            received=Count("pk"),
            online=Count("pk", filter=Q(channel="online")),
            post=Count("pk", filter=Q(channel="post")),
            in_person=Count("pk", filter=Q(channel="in_person")),
            finished=Count("pk", filter=Q(finished_at__isnull=False, due_at__isnull=False)),
            on_time=Count("pk", filter=Q(finished_at__lte=F("due_at"))),
            late=Count("pk", filter=Q(finished_at__gt=F("due_at"))),
            returned=Count("pk", filter=Q(returned_at__isnull=False)),
        )
        .order_by("competent_agency__name")
    )  # fmt: skip
    plain: list[dict[str, Any]] = [dict(row) for row in rows]
    return [Figures(agency=row.pop("competent_agency__name"), **row) for row in plain]


def waiting_at(hook: Webhook) -> int:
    """Return how many messages wait for an address."""
    return hook.deliveries.filter(delivered_at=None).count()


def codes_of(dossier: Dossier) -> list[str]:
    """Return the codes other systems know a dossier by."""
    return list(dossier.external_codes.order_by("pk").values_list("code", flat=True))
