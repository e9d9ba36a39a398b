"""Find dossiers by anything that stands on a slip or a card: code, scanned address, name, numbers, phone, address."""

import re
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.db.models import Q

from motcua.applicants import queries as applicants
from motcua.applicants.models import Applicant
from motcua.dossiers import queries, search_marks
from motcua.dossiers.models import Dossier, Paper
from motcua.lib import citizen_card, lookup
from motcua.lib.actor import Actor
from motcua.lib.phone import normalize_phone
from motcua.lib.tax_code import normalize_tax_code
from motcua.lib.vietnamese import fold

_NUMBER = re.compile(r"[0-9]{9}|[0-9]{12}")
# On folded text. A paper is "số/năm", a line of the register "quyển/số thứ tự", on the slip with words around it.
_PAPER = re.compile(r"(?:so\s*:?\s*)?([0-9]{1,7})\s*/\s*([0-9]{4})")
_REGISTER = re.compile(
    r"(?:([0-9]{4})\s*/|(?:.*:\s*)?quyen(?: so)?\s*:?\s*([0-9]{4})[,;]?\s*(?:so thu tu|stt))\s*:?\s*([0-9]{1,7})"
)
_MOST = 50


def exact(actor: Actor, text: str) -> Dossier | None:
    """Return the one dossier that a scanned or typed code, or the address in a slip's QR, names."""
    wanted = text.strip()
    if wanted.lower().startswith(("http://", "https://")):
        return by_token(actor, urlsplit(wanted).fragment)
    code = lookup.parse_code(wanted)
    if code is None:
        return None
    home = queries.home_of(code)
    return queries.visible_to(actor).filter(code=code, home_agency_id=home).first() if home else None


def by_token(actor: Actor, token: str) -> Dossier | None:
    """Return the dossier whose slip carries this token, if the actor may see it."""
    if not token or len(token) > 64:
        return None
    digest = lookup.lookup_hash(token.partition(".")[0], settings.INDEX_KEY)
    return queries.visible_to(actor).filter(token_hash=digest).first()


def find(actor: Actor, text: str) -> list[UUID]:
    """Return the ids of the dossiers for anything typed or scanned into the search field, the best first."""
    wanted = text.strip()[:400]
    one = exact(actor, wanted)
    if one is not None:
        return [one.pk]
    found = [*by_other_code(actor, wanted), *_by_number(actor, wanted), *_by_mark(actor, wanted)]
    people = _people(wanted)
    if people is None:
        found += queries.search(actor, wanted, limit=_MOST)
    else:
        of_them = Q(applicant__in=people) | Q(submitter__in=people) | Q(representative__in=people)
        rows = queries.visible_to(actor).filter(of_them)
        found += rows.order_by("-submitted_at").values_list("pk", flat=True)[:_MOST]
    return list(dict.fromkeys(found))[:_MOST]


def by_other_code(actor: Actor, text: str) -> list[UUID]:
    """Return the dossiers that another system knows by this code: the national portal's, the old system's."""
    if not text or len(text) > 80 or not any(letter.isdigit() for letter in text):
        return []
    return list(queries.found_by(actor, code=text, most=_MOST).values_list("pk", flat=True))


def _by_number(actor: Actor, text: str) -> list[UUID]:
    """Return the dossiers of a paper's number ("03/2026") or of a line of the register ("2026/3"), as printed."""
    plain = fold(text)
    which = Q(pk__in=[])
    if paper := _PAPER.fullmatch(plain):
        number = f"{int(paper[1]):02d}/{paper[2]}"
        which |= Q(pk__in=Paper.objects.filter(number=number).values("dossier_id"))
    if line := _REGISTER.fullmatch(plain):
        which |= Q(book=line[1] or line[2], book_number=int(line[3]))
    if not (paper or line):
        return []
    rows = queries.visible_to(actor).filter(which).order_by("-submitted_at", "-id")
    return list(rows.values_list("pk", flat=True)[:_MOST])


def _by_mark(actor: Actor, text: str) -> list[UUID]:
    """Return the dossiers that keep this phone, e-mail or address, whole."""
    marks = search_marks.asked(text)
    if not marks:
        return []
    return list(queries.found_by(actor, marks=marks, most=_MOST).values_list("pk", flat=True))


def _people(text: str) -> list[Applicant] | None:
    """Return the applicants that a number of a card, a phone or a tax code belongs to; None for other text."""
    number = _card_number(text) or re.sub(r"[\s.]", "", text)
    found: list[Applicant] = []
    known = False
    if _NUMBER.fullmatch(number):
        known = True
        person = applicants.by_personal_id(number)
        found += [person.applicant] if person is not None else []
    if phone := normalize_phone(text):
        known = True
        found += applicants.by_phone(phone)
    if tax_code := normalize_tax_code(text):
        organization = applicants.by_tax_code(tax_code)
        known = known or organization is not None
        found += [organization.applicant] if organization is not None else []
    return found if known else None


def _card_number(text: str) -> str:
    """Return the personal number in the text of a scanned card, "" for other text."""
    card = citizen_card.parse(text).card if text.count("|") >= 5 else None
    return card.personal_id if card is not None else ""
