"""Registering organizations by tax code."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from psycopg.errors import UniqueViolation

from motcua.applicants import permissions
from motcua.applicants.models import Applicant, ApplicantKind, Organization
from motcua.applicants.models.organization import PHONE
from motcua.applicants.operations.contact import address_of, email_of, phone_of
from motcua.applicants.operations.people import Registered
from motcua.base.audit.operations import record
from motcua.lib.actor import Actor
from motcua.lib.encrypted_field import blind_index
from motcua.lib.finding import Finding, finding
from motcua.lib.finding import mark as _mark
from motcua.lib.refusal import Conflict, Refusal
from motcua.lib.tax_code import looks_mistyped, normalize_tax_code
from motcua.lib.vietnamese import fold, normalize, sort_key

_LONGEST_NAME = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationFacts:
    """What is known of an organization at this moment. Empty means "not said".

    `renamed` says that the officer has seen the paper of a change of name: only then does a name correct the
    one that stands under the tax code.
    """

    name: str
    tax_code: str = ""
    no_tax_code_reason: str = ""
    legal_representative: str = ""
    phone: str = ""
    email: str = ""
    address: str = ""
    renamed: bool = False


@transaction.atomic
def register_organization(*, facts: OrganizationFacts, actor: Actor, at: datetime) -> Registered:
    """Return the organization with this tax code, made if new, with contact and representative brought up.

    Refuses: no name, what is no tax code, no tax code without a reason, a known tax code under another name
    unless it was renamed. A wrong check digit only warns: old codes exist that break the rule.
    """
    permissions.require_may_register(actor)
    code, values = _checked(facts)
    known = _known(code)
    applicant = _create(values, at) if known is None else None
    if applicant is None:  # known, or registered by somebody else between the two lines above
        known = known or _known(code)
        assert known is not None
        changed = _bring_up(known, facts, values, at)
        applicant = Applicant.objects.select_related("organization").get(organization=known)
        created = False
    else:
        created, changed = True, ()
    if created or changed:
        record(
            actor=actor,
            verb="organization.register" if created else "organization.update",
            subject_kind="organization",
            subject_id=applicant.party.pk,
            at=at,
            payload={"changed": changed, "tax_code": code},
        )
    return Registered(applicant, created, changed, _warnings(code))


def _known(code: str | None) -> Organization | None:
    """Lock and return the organization with this tax code."""
    return Organization.objects.select_for_update().filter(tax_code=code).first() if code else None


def _checked(facts: OrganizationFacts) -> tuple[str | None, dict[str, Any]]:
    """Return the tax code and the columns that the facts fill."""
    name = normalize(facts.name)
    if not any(letter.isalpha() for letter in name) or len(name) > _LONGEST_NAME or "<" in name:
        raise Refusal(_("Nhập tên tổ chức (tối đa 300 chữ)."), code="bad_name", field="name")
    code = normalize_tax_code(facts.tax_code)
    if facts.tax_code.strip() and code is None:
        message = _("Mã số thuế có 10 chữ số, hoặc 10 chữ số, gạch ngang và 3 chữ số.")
        raise Refusal(message, code="bad_tax_code", field="tax_code")
    reason = normalize(facts.no_tax_code_reason)
    if code is None and not reason:
        message = _("Nhập mã số thuế, hoặc lý do không có mã số thuế.")
        raise Refusal(message, code="no_tax_code", field="tax_code")
    phone = phone_of(facts.phone)
    said = {
        "legal_representative": normalize(facts.legal_representative)[:120],
        "email": email_of(facts.email),
        "address": address_of(facts.address),
        "phone": phone,
        "phone_index": blind_index(phone, PHONE) if phone else None,
        "no_tax_code_reason": "" if code else reason[:300],
    }
    names = {"name": name, "search_text": fold(name)[:400], "sort_key": sort_key(name)[:1300]}
    return code, {"tax_code": code, **names, **{column: value for column, value in said.items() if value}}


def _bring_up(
    known: Organization, facts: OrganizationFacts, values: dict[str, Any], at: datetime
) -> tuple[str, ...]:
    """Write what is new about a known organization; return the columns that changed."""
    if not facts.renamed and fold(known.name) != values["search_text"]:
        message = _(
            "Mã số thuế này đã có trong hệ thống với tên %(name)s. Kiểm tra lại mã; nếu tổ chức đã đổi tên,"
            " hãy đánh dấu đã đổi tên."
        ) % {"name": known.name}
        raise Conflict(message, code="other_name", field="name")
    kept = () if facts.renamed else ("name", "search_text", "sort_key")
    changed = [column for column in values if column not in kept and _differs(known, column, values[column])]
    if not changed:
        return ()
    for column in changed:
        setattr(known, column, values[column])
    known.updated_at = at
    known.save(update_fields=[*changed, "updated_at"])
    return tuple(column for column in changed if not column.endswith(("_index", "_text", "_key")))


def _differs(known: Organization, column: str, new: Any) -> bool:
    value = getattr(known, column)
    return bool((bytes(value) if isinstance(value, memoryview) else value) != new)


def _create(values: dict[str, Any], at: datetime) -> Applicant | None:
    """Write organization and applicant; None when the tax code was registered in the meantime."""
    try:
        with transaction.atomic():
            organization = Organization.objects.create(**values, registered_at=at, updated_at=at)
    except IntegrityError as error:
        if isinstance(error.__cause__, UniqueViolation):
            return None
        raise
    return Applicant.objects.create(kind=ApplicantKind.ORGANIZATION, organization=organization)


def _warnings(code: str | None) -> tuple[Finding, ...]:
    if code and looks_mistyped(code):
        return (finding("tax_code", _mark("Chữ số kiểm tra của mã số thuế không khớp. Hãy đối chiếu.")),)
    return ()
