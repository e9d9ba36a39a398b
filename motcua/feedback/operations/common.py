"""What every act on a petition does first and last: lock, permit, look at the state; record, tell the sender."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from motcua.agencies import queries as agencies
from motcua.agencies.models import Agency
from motcua.base.audit.operations import record
from motcua.base.notifications.channels import screen
from motcua.base.notifications.operations import people
from motcua.base.notifications.operations.telling import tell
from motcua.feedback import permissions
from motcua.feedback.models import Petition, PetitionMessage
from motcua.feedback.models.petition import MOST_TEXT
from motcua.feedback.queries.petitions import SUBJECT
from motcua.feedback.states import MOVES, Kind, State, Verb
from motcua.lib.actor import Actor
from motcua.lib.refusal import Conflict, NotFound, Refusal
from motcua.lib.vietnamese import normalize

#: A petition's address at the office. Written out: to ask for it, commands would load every page of the product.
OFFICE = "/petitions/%s/"


def begin(petition_id: UUID, verb: Verb, actor: Actor) -> Petition:
    """Lock a petition and return it, when the actor may do this to it and it stands where the act begins."""
    petition = Petition.objects.select_for_update(of=("self",)).filter(pk=petition_id).first()
    if petition is None:
        raise _gone_on(petition_id)
    if not actor.speaks_for(petition.at_agency_id) and any(map(actor.speaks_for, petition.passed_by)):
        raise _gone_on(petition_id)
    permissions.require(verb, actor, petition)
    if petition.state not in MOVES[verb][0]:
        raise Conflict(
            _(
                "Phản ánh này đã sang trạng thái “%(state)s”, có thể vừa có người khác làm. Tải lại trang để xem."
            )
            % {"state": State(petition.state).label}
        )
    return petition


def _gone_on(petition_id: UUID) -> Conflict | NotFound:
    """Return why a petition cannot be locked: it went on to another agency, or it is not there for this actor."""
    found = Petition.objects.filter(pk=petition_id).select_related("at_agency").first()
    if found is None:
        return NotFound(_("Không có phản ánh, kiến nghị này."))
    said = _("Phản ánh này đã ở %(agency)s, cơ quan anh/chị chỉ xem được. Tải lại trang để xem.")
    return Conflict(said % {"agency": found.at_agency.name})


def move(
    petition: Petition, verb: Verb, actor: Actor, at: datetime, facts: dict[str, Any], *changed: str
) -> None:
    """Bring a petition to where the verb leads, save what changed and record the act. `facts` name no person."""
    before = petition.state
    after = MOVES[verb][1]
    if after is not None:
        petition.state = after
    petition.save(update_fields=["state", *changed])
    record(
        actor=actor, verb=f"petition.{verb}", subject_kind=SUBJECT, subject_id=petition.pk, at=at,
        agency_id=petition.home_agency_id, payload={"from": before, "to": petition.state, **facts},
    )  # fmt: skip


def say(petition: Petition, kind: Kind, text: str, actor: Actor, at: datetime) -> PetitionMessage:
    """Write one message, which belongs to the agency that has the petition; the sender stays without a name."""
    return PetitionMessage.objects.create(
        home_agency_id=petition.at_agency_id, petition=petition, kind=kind, text=text, at=at,
        author_name=actor.name if actor.kind == "officer" else "",
    )  # fmt: skip


def open_agency(agency_id: int, at: datetime) -> Agency:
    """Return an agency; refuses one that is closed."""
    found = agencies.agency(agency_id)
    if found.closed_on is not None and found.closed_on <= timezone.localdate(at):
        raise Refusal(
            _("Cơ quan này đã kết thúc hoạt động. Chọn cơ quan khác."), code="closed", field="agency"
        )
    return found


def words(text: str, *, field: str, missing: str, most: int = MOST_TEXT) -> str:
    """Return a text with its lines kept and everything invisible gone. Refuses none at all, and too much."""
    lines = [normalize(line) for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    clean = "\n".join(lines).strip()
    while "\n\n\n" in clean:
        clean = clean.replace("\n\n\n", "\n\n")
    if not clean:
        raise Refusal(missing, code="no_words", field=field)
    if len(clean) > most:
        raise Refusal(
            _("Dài quá %(most)s chữ cái. Viết gọn lại, phần còn lại gửi kèm thành tệp.") % {"most": most},
            code="too_long", field=field,
        )  # fmt: skip
    return clean


def address_of(petition: Petition) -> str:
    """Return the sender's own address of a petition, whole."""
    path = reverse("petition-mine", args=[petition.token], urlconf="motcua.config.urls_public")
    return f"{settings.PUBLIC_URL}{path}"


#: Told to the sender, in Vietnamese whatever language the officer works in.
_SAID = {
    "file": gettext_lazy("Cơ quan đã nhận được nội dung anh/chị gửi."),
    "refuse": gettext_lazy("Cơ quan không tiếp nhận nội dung này và đã ghi lý do."),
    "forward": gettext_lazy("Nội dung này đã được chuyển đến cơ quan có thẩm quyền."),
    "give_back": gettext_lazy("Nội dung này đã được trả lại cơ quan nhận lúc đầu để xem lại."),
    "ask": gettext_lazy("Cơ quan cần anh/chị nói thêm để giải quyết."),
    "approve": gettext_lazy("Cơ quan đã trả lời anh/chị."),
}


def tell_sender(petition: Petition, what: str, at: datetime) -> None:
    """Tell the sender, if they left an address: that something happened and where to read it, not what it says.

    A text message leads to the page where the petition is found by its code: its own address is worth as much as the
    code and the secret, and text messages are read over shoulders.
    """
    if not (petition.phone or petition.email):
        return
    hub = settings.PUBLIC_URL + reverse("petitions-hub", urlconf="motcua.config.urls_public")
    with override("vi"):
        sentence = str(_SAID[what])
        people.tell(
            phone=petition.phone, email=petition.email, at=at,
            mark=f"petition:{petition.pk}:{what}:{at:%Y%m%d%H%M%S%f}",
            subject=_("Phản ánh, kiến nghị %(code)s") % {"code": petition.code},
            text=_("Phản ánh %(code)s: %(said)s Xem bằng mã phản ánh và mã tra cứu: %(link)s")
            % {"code": petition.code, "said": sentence, "link": hub.partition("://")[2]},
            body=sentence + "\n\n" + _("Xem ở trang riêng của anh/chị (đừng chuyển đường dẫn này cho ai):")
            + "\n" + address_of(petition), link=address_of(petition), about=f"petition:{petition.pk}",
        )  # fmt: skip


def tell_officer(petition: Petition, account_id: int, sentence: str, at: datetime) -> None:
    """Put a line on an officer's screen that leads to the petition."""
    tell(
        channel=screen.NAME, mark=f"petition:{petition.pk}:{account_id}:{at:%Y%m%d%H%M%S%f}", subject=sentence,
        body="", at=at, account_id=account_id, link=OFFICE % petition.code,
    )  # fmt: skip
