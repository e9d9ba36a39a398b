"""Acting for others: asked with a proof, confirmed by the agency's counter, ended by whoever it concerns."""

import io
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, RequestFactory
from django.utils import timezone

from motcua.accounts import citizen_session
from motcua.accounts.models import Account
from motcua.agencies.models import ShopKind
from motcua.agencies.operations import places
from motcua.applicants import acting, queries
from motcua.applicants.models import Mandate
from motcua.applicants.operations import mandates
from motcua.applicants.operations.citizens import arrive
from motcua.applicants.operations.people import find_or_register_person
from motcua.applicants.operations.person_facts import PersonFacts
from motcua.applicants.tests.test_citizens import identity
from motcua.base.files.tests.corpus import jpeg, pdf
from motcua.base.notifications.models import Message
from motcua.clients import sms
from motcua.config.providers import Providers
from motcua.dossiers.tests import intake_world
from motcua.lib.actor import SYSTEM, Actor
from motcua.lib.refusal import Conflict, NotPermitted, Refusal

pytestmark = pytest.mark.django_db
CHILD, COMPANY = "031218000999", "0100112437"


@pytest.fixture
def world(db):
    return intake_world.build()


@pytest.fixture
def lan(world):
    account = arrive(identity=identity(phone="0912345678"), at=timezone.now())
    return Actor(kind="applicant", account_id=account.pk, name=account.full_name, level=2)


def ask(
    world,
    actor,
    kind="child",
    name="Phạm Gia Bảo",
    number=CHILD,
    born=date(2018, 5, 6),
    content=None,
    key="k",
):
    return mandates.ask(
        kind=kind, name=name, number=number, birth_date=born, agency_id=world.home.pk,
        stream=io.BytesIO(pdf() if content is None else content), filename="giay.pdf", actor=actor,
        at=timezone.now(), key=key,
    )  # fmt: skip


def confirm(world, one, until=None, who="minh", key="c"):
    return mandates.confirm(
        mandate_id=one.pk, valid_until=until, actor=world.actor(who), at=timezone.now(), key=key
    )


def roles(actor, at=None):
    return [(one.name, one.kind) for one in acting.who_may_act(actor.account_id, at or timezone.now())]


def test_a_mother_acts_for_her_child_until_it_is_of_age(world, lan):
    one = ask(world, lan)
    assert roles(lan) == [("Phạm Thị Lan", "self")]  # nothing before somebody looked at the paper
    held = confirm(world, one)
    assert held.valid_until == date(2036, 5, 5)
    assert roles(lan) == [("Phạm Thị Lan", "self"), ("Phạm Gia Bảo", "child")]
    child = acting.who_may_act(lan.account_id, timezone.now())[1]
    assert acting.require_may_act(lan, child.applicant_id, timezone.now()).mandate == one.pk
    assert len(roles(lan, timezone.now() + timedelta(days=365 * 12))) == 1  # of age
    mandates.end(mandate_id=one.pk, reason="", actor=lan, at=timezone.now(), key="e")
    with pytest.raises(NotPermitted):
        acting.require_may_act(lan, child.applicant_id, timezone.now())


def test_a_business_has_a_last_day_and_a_new_confirmation_replaces_the_old(world, lan):
    today = timezone.localdate()
    first = ask(world, lan, "business", "Công ty TNHH Sóng Biển", COMPANY, None)
    for until in (None, today - timedelta(days=1)):
        with pytest.raises(Refusal, match="ngày cuối cùng"):
            confirm(world, first, until, key=f"c{until}")
    confirm(world, first, today)
    second = ask(world, lan, "business", "Công ty TNHH Sóng Biển", COMPANY, None, key="k2")
    confirm(world, second, today + timedelta(days=9), key="c2")
    first.refresh_from_db()
    assert first.state == "revoked" and len(roles(lan)) == 2


def test_an_owner_acts_for_their_business_until_somebody_ends_it(world, lan):
    one = ask(world, lan, "business", "Công ty TNHH Sóng Biển", COMPANY, None)
    frame = {"mandate_id": one.pk, "actor": world.actor("minh"), "at": timezone.now(), "no_end": True}
    with pytest.raises(Refusal, match="Chọn một"):
        mandates.confirm(valid_until=timezone.localdate(), key="both", **frame)
    held = mandates.confirm(valid_until=None, key="one", **frame)
    assert held.valid_until is None and len(roles(lan, timezone.now() + timedelta(days=9999))) == 2
    parent = ask(world, lan, "parent", "Phạm Văn Bảy", "031049000777", None, key="p")
    with pytest.raises(Refusal, match="ngày cuối cùng"):
        mandates.confirm(valid_until=None, key="two", **{**frame, "mandate_id": parent.pk})


def test_who_is_acted_for_sees_it_and_ends_it(world, lan):
    father = arrive(
        identity=identity(subject="2", personal_id="031049000777", name="Phạm Văn Bảy"), at=timezone.now()
    )
    one = ask(world, lan, "parent", "Phạm Văn Bảy", "031049000777", None)
    confirm(world, one, timezone.localdate() + timedelta(days=30))
    his = Actor(kind="applicant", account_id=father.pk, name=father.full_name, level=2)
    stranger = Actor(kind="applicant", account_id=world.accounts["mai"].pk, name="ai đó", level=2)
    with pytest.raises(NotPermitted):
        mandates.end(mandate_id=one.pk, reason="", actor=stranger, at=timezone.now(), key="s")
    mandates.end(mandate_id=one.pk, reason="", actor=his, at=timezone.now(), key="h")
    assert len(roles(lan)) == 1


def test_asking_tells_nothing_of_who_stands_under_a_number(world, lan):
    facts = PersonFacts(full_name="Người Có Thật", personal_id="031078005555")
    find_or_register_person(facts=facts, actor=SYSTEM, at=timezone.now())
    one = ask(world, lan, "parent", "Tên Khác", "031078005555", None)
    assert one.applicant_id is None
    with pytest.raises(Conflict):  # the officer, who may see it, is told
        confirm(world, one, timezone.localdate() + timedelta(days=1))


def test_who_may_answer(world, lan):
    one = ask(world, lan)
    for who in ("binh", "hoa"):  # another agency's counter; no role at the counter
        with pytest.raises(NotPermitted):
            confirm(world, one, who=who, key=who)
    with pytest.raises(Refusal, match="thiếu gì"):
        mandates.refuse(mandate_id=one.pk, reason=" ", actor=world.actor("minh"), at=timezone.now(), key="r")
    mandates.refuse(
        mandate_id=one.pk, reason="Ảnh mờ", actor=world.actor("minh"), at=timezone.now(), key="r2"
    )
    with pytest.raises(Conflict):
        confirm(world, one, key="c9")


def test_bad_requests(world, lan):
    low = Actor(kind="applicant", account_id=lan.account_id, name="Lan", level=1)
    with pytest.raises(NotPermitted, match="mức 2"):
        ask(world, low)
    for bad in (
        {"kind": "khac"}, {"number": "12"}, {"number": ""}, {"name": "<script>"}, {"born": None}, {"born": date(2001, 1, 1)},
        {"born": date(2999, 1, 1)}, {"kind": "business", "number": CHILD[:9]}, {"kind": "business", "number": COMPANY, "name": "1"},
        {"content": b""}, {"content": b"khong phai tep"},
    ):  # fmt: skip
        with pytest.raises(Refusal):
            ask(world, lan, key=str(bad), **bad)
    assert not Mandate.objects.exists()
    assert ask(world, lan).pk == ask(world, lan).pk  # sent twice
    for number in range(9):
        ask(world, lan, key=f"n{number}", name=f"Con {'abcdefghi'[number]}")
    with pytest.raises(Refusal, match="chờ xác nhận"):
        ask(world, lan, key="one too many")


def test_an_account_without_a_person_acts_for_nobody(world):
    assert acting.who_may_act(world.accounts["minh"].pk, timezone.now()) == []
    assert queries.citizen(world.accounts["minh"].pk) is None


@pytest.fixture
def reachable(settings):
    settings.PROVIDERS = Providers(sms=(sms.Json(name="one", url="http://127.0.0.1:9", body={}),))
    settings.MAIL = True


def told(to):
    """What went out to the one who asked ("asker") or to the one acted for ("over"): channel and words, in order."""
    rows = Message.objects.filter(mark__startswith="mandate:", mark__endswith=f":{to}").order_by("pk")
    return [(one.channel, one.body or "") for one in rows]


def test_who_asked_is_told_what_became_of_it(world, lan, reachable):
    confirm(world, ask(world, lan))
    [(channel, said)] = told("asker")
    assert channel == "sms" and said.startswith("Quyền làm thay đã được xác nhận.")
    assert said.endswith("/tai-khoan/vai/") and "Bảo" not in said and CHILD not in said
    assert told("over") == []  # a child of eight is told nothing
    refused = ask(world, lan, key="k2")
    words = {"mandate_id": refused.pk, "reason": "Ảnh mờ, chụp lại", "actor": world.actor("minh"), "key": "r"}
    now = timezone.now()
    mandates.refuse(**words, at=now)
    mandates.refuse(**words, at=now)  # the same press again
    assert len(told("asker")) == 2 and told("asker")[1][1].endswith("/tai-khoan/lam-thay/")
    assert "Ảnh mờ" not in told("asker")[1][1]  # why stands on the page, behind the sign-in


def test_somebody_acted_for_is_told_so_and_ending_tells_the_other(world, lan, reachable):
    known = identity(
        subject="2",
        personal_id="031049000777",
        name="Phạm Văn Bảy",
        phone="0987000777",
        email="bay@example.vn",
    )
    father = arrive(identity=known, at=timezone.now())
    one = ask(world, lan, "parent", "Phạm Văn Bảy", "031049000777", None)
    confirm(world, one, timezone.localdate() + timedelta(days=30))
    assert [channel for channel, _said in told("over")][:1] == ["sms"]
    assert all("chấm dứt ở trang này" in said and "Lan" not in said for _channel, said in told("over"))
    his = Actor(kind="applicant", account_id=father.pk, name=father.full_name, level=2)
    mandates.end(mandate_id=one.pk, reason="", actor=his, at=timezone.now(), key="h")
    assert told("asker")[-1][1].startswith("Quyền làm thay đã chấm dứt.")
    mine = ask(world, lan, key="mine")
    before = len(told("asker"))
    mandates.end(mandate_id=mine.pk, reason="", actor=lan, at=timezone.now(), key="m")
    assert len(told("asker")) == before  # nobody is told of what they did


def test_nobody_to_tell_is_no_fault(world, lan, settings):
    settings.PROVIDERS, settings.MAIL = Providers(), False
    confirm(world, ask(world, lan))
    assert told("asker") == []


def test_the_proof_may_be_several_photos(world, lan):
    opened = {"opened_on": date(2026, 1, 1), "actor": SYSTEM, "at": timezone.now()}
    shop = places.open_shop(agency_id=world.home.pk, name="Trung tâm", kind=ShopKind.COMMUNE_CENTRE, **opened)
    places.open_point(shop_id=shop.pk, name="Quầy", address="Số 1", **opened)
    client = Client()
    client.force_login(Account.objects.get(pk=lan.account_id))
    session = client.session
    session[citizen_session.LEVEL] = [lan.account_id, 2]
    session.save()
    fields = {
        "kind": "child", "name": "Phạm Gia Bảo", "number": CHILD, "birth_date": "06/05/2018",
        "place": str(world.home.pk),
    }  # fmt: skip

    def sent(key, *files):
        return client.post(
            "/tai-khoan/lam-thay/moi/",
            fields | {"key": key, "file": [SimpleUploadedFile(name, content) for name, content in files]},
        )

    answer = sent("two photos", ("trang 1.jpg", jpeg()), ("trang 2.jpg", jpeg()))
    assert answer.status_code == 302, answer.content.decode()
    assert Mandate.objects.get().proof.pages == 2
    fields["number"] = "123"
    both = sent("nothing").content.decode()  # the wrong number and the missing paper are said together
    assert 'href="#id_number"' in both and 'href="#id_file"' in both
    fields["number"] = CHILD
    mixed = sent("mixed", ("trang 1.jpg", jpeg()), ("a.pdf", pdf()))
    assert mixed.status_code == 422 and "Phạm Gia Bảo" in mixed.content.decode()
    refused = Mandate.objects.get()
    mandates.refuse(
        mandate_id=refused.pk, reason="Ảnh mờ", actor=world.actor("minh"), at=timezone.now(), key="r"
    )
    mine = client.get("/tai-khoan/lam-thay/").content.decode()
    assert "Ảnh mờ" in mine and f"/tai-khoan/lam-thay/moi/?lai={refused.pk}" in mine
    again = client.get(f"/tai-khoan/lam-thay/moi/?lai={refused.pk}").content.decode()
    assert 'value="Phạm Gia Bảo"' in again and 'value="06/05/2018"' in again
    for other in (uuid4(), "x", "'"):
        assert "Phạm Gia Bảo" not in client.get(f"/tai-khoan/lam-thay/moi/?lai={other}").content.decode()


def test_who_acts_for_several_is_asked_for_whom_after_signing_in(world, lan):
    account = Account.objects.get(pk=lan.account_id)
    request = RequestFactory().get("/")
    request.session, request.user = {}, account
    assert acting.first_page(request, account, "/thu-tuc") == "/thu-tuc"  # nobody else to act for
    confirm(world, ask(world, lan))
    first = acting.first_page(request, account, "/to-khai/moi/1.0?a=1")
    assert first == "/tai-khoan/vai/?next=%2Fto-khai%2Fmoi%2F1.0%3Fa%3D1"
    assert acting.first_page(request, account, first) == first
    acting.choose(request, acting.who_may_act(account.pk, timezone.now())[1])
    assert acting.first_page(request, account, "/thu-tuc") == "/thu-tuc"  # chosen: signed in once more
