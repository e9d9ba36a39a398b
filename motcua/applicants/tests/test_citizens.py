"""Citizens arrive from a provider that answers by HTTP: whose account that is, what the session keeps, what is refused."""

import re
import time
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.conf import settings as configured
from django.test import Client, RequestFactory
from django.utils import timezone

from motcua.accounts import citizen_session, levels, sessions
from motcua.accounts.models import Account
from motcua.agencies.queries import actor_of_request
from motcua.applicants import acting, queries
from motcua.applicants.models import CitizenAccount, CitizenIdentity, Person
from motcua.applicants.operations.citizens import arrive, release_identities
from motcua.applicants.operations.people import find_or_register_person
from motcua.applicants.operations.person_facts import PersonFacts
from motcua.base.audit.models import Entry
from motcua.cli.demo.identity import Citizen, Issuer
from motcua.clients import oidc
from motcua.clients.tests.issuer import running
from motcua.lib.actor import SYSTEM, Actor
from motcua.lib.refusal import Conflict, NotPermitted, Refusal

pytestmark = pytest.mark.django_db
LAN = "031190012345"


@pytest.fixture(scope="module")
def peer():
    with running() as (issuer, provider):
        yield issuer, provider


@pytest.fixture
def issuer(peer, settings):
    settings.OIDC = peer[1]
    return peer[0]


def leave(client, next_page="", **asked):
    """Press the button; return what the provider is asked."""
    answer = client.get("/dang-nhap-cong-dan/di/", {"next": next_page, **asked})
    assert answer.status_code == 302, answer.content.decode()
    return dict(parse_qsl(urlsplit(answer["Location"]).query))


def sign_in(issuer, client, sub="lan", next_page="", **asked):
    """Go the whole way; return the last answer."""
    back = urlsplit(issuer.grant(leave(client, next_page, **asked), sub))
    return client.get(f"{back.path}?{back.query}")


def identity(**facts):
    known = {
        "issuer": "https://a.example", "subject": "1", "personal_id": LAN, "name": "Phạm Thị Lan", "birth": "", "phone": "",
        "email": "", "address": "", "tax_code": "", "level": 2, "signed_in_at": int(time.time()), "id_token": "x",
    }  # fmt: skip
    return oidc.Identity(**(known | facts))


def test_somebody_signs_in_sees_their_account_and_leaves(issuer):
    client = Client()
    page = client.get("/dang-nhap-cong-dan/", {"next": "/tai-khoan/"}).content.decode()
    assert "Đăng nhập bằng VNeID" in page and "/dang-nhap-cong-dan/di/?next=%2Ftai-khoan%2F" in page
    answer = sign_in(issuer, client)
    assert (answer.status_code, answer["Location"]) == (302, "/tai-khoan/")
    page = client.get("/tai-khoan/").content.decode()
    assert "Phạm Thị Lan" in page and "Mức 2" in page and "•••••••••345" in page and LAN not in page
    citizen = CitizenAccount.objects.get(person__full_name="Phạm Thị Lan")
    assert citizen.person.personal_id == LAN and citizen.person.phone == "0912345678"
    assert not citizen.account.has_usable_password() and LAN not in citizen.account.login_name
    verbs = set(Entry.objects.filter(subject_kind="account").values_list("verb", flat=True))
    assert {"account.open", "citizen.link", "account.log_in"} <= verbs
    answer = client.post("/dang-xuat/")
    assert (
        "Đăng xuất cả khỏi VNeID" in answer.content.decode() and "id_token_hint=" in answer.content.decode()
    )
    assert client.get("/tai-khoan/")["Location"] == "/dang-nhap-cong-dan/?next=/tai-khoan/"


def test_what_the_browser_brings_writes_no_line_of_its_own_in_the_log(issuer, caplog):
    client = Client()
    asked = leave(client)
    forged = "a\n2026-11-29 12:00:00 WARNING forged"
    client.get("/dang-nhap-cong-dan/ve/", {"state": asked["state"], "iss": issuer.address, "error": forged})
    (said,) = [one.getMessage() for one in caplog.records if "sign-in refused" in one.getMessage()]
    assert "forged" in said and "\n" not in said


def test_the_second_time_it_is_the_same_account_and_a_new_session(issuer):
    client = Client()
    sign_in(issuer, client)
    first, key = client.session["_auth_user_id"], client.session.session_key
    sign_in(issuer, client)
    assert client.session["_auth_user_id"] == first and client.session.session_key != key
    other = Client()
    sign_in(issuer, other)
    assert other.session["_auth_user_id"] == first
    assert CitizenAccount.objects.count() == CitizenIdentity.objects.count() == 1


def test_another_person_on_the_same_machine_gets_nothing_of_the_first(issuer):
    client = Client()
    sign_in(issuer, client)
    session = client.session
    session["draft"] = "của Lan"
    session.save()
    sign_in(issuer, client, "hung")
    assert "draft" not in client.session
    assert Account.objects.get(pk=client.session["_auth_user_id"]).full_name == "Trần Quốc Hùng"


@pytest.mark.parametrize("sub", ["chi", "thu"])
def test_long_names_and_names_of_one_word(issuer, sub):
    client = Client()
    assert sign_in(issuer, client, sub).status_code == 302
    assert (
        next(one.name for one in issuer.citizens if one.sub == sub)
        in client.get("/tai-khoan/").content.decode()
    )


# ── The browser, the way back


def test_a_return_without_a_journey_or_with_another_browsers_is_refused(issuer):
    mine, theirs = Client(), Client()
    leave(theirs)
    stolen = urlsplit(issuer.grant(leave(mine), "lan"))
    for client in (theirs, Client()):
        answer = client.get(f"{stolen.path}?{stolen.query}")
        assert answer.status_code == 400 and "_auth_user_id" not in client.session
        assert "Lần đăng nhập này không dùng được nữa" in answer.content.decode()
    assert mine.get(f"{stolen.path}?{stolen.query}").status_code == 302  # nobody used the code up
    again = mine.get(f"{stolen.path}?{stolen.query}")  # loaded again after all went well
    assert again["Location"] == "/tai-khoan/"


def test_a_journey_is_over_after_ten_minutes_and_cannot_be_made_up(issuer, monkeypatch):
    client = Client()
    back = urlsplit(issuer.grant(leave(client), "lan"))
    now = time.time()
    monkeypatch.setattr(citizen_session.time, "time", lambda: now + 601)
    assert client.get(f"{back.path}?{back.query}").status_code == 400
    monkeypatch.undo()
    for text in ("", "x", "AAAA", "====", "A" * 4000):
        client.cookies[citizen_session.cookie_name()] = text
        assert client.get(f"{back.path}?{back.query}").status_code == 400


@pytest.mark.parametrize(
    "wanted",
    ["https://ke-gian.example/", "//ke-gian.example", "/\\ke-gian.example", "javascript:alert(1)", "tra-cuu",
     "http:/ke-gian", "/\t/ke-gian.example", "/%0d%0aX: y\r\n", "///ke-gian.example", " //ke-gian.example"],
)  # fmt: skip
def test_nobody_is_led_to_another_site(issuer, wanted):
    client = Client()
    assert sign_in(issuer, client, next_page=wanted)["Location"] == "/tai-khoan/"
    page = Client().get("/dang-nhap-cong-dan/", {"next": wanted}).content.decode()
    assert not [one for one in re.findall(r'(?:href|action)="([^"]*)"', page) if "ke-gian" in one]


def test_a_path_of_ours_is_led_back_to_with_its_question(issuer):
    assert (
        sign_in(issuer, Client(), next_page="/tra-cuu?code=H24.12-1")["Location"] == "/tra-cuu?code=H24.12-1"
    )


def test_who_turns_back_and_what_the_other_side_says_in_words_is_not_shown(issuer):
    client = Client()
    answer = sign_in(issuer, client, "")
    assert answer.status_code == 200 and "Anh/chị đã dừng đăng nhập" in answer.content.decode()
    state = leave(client)["state"]
    said = {"error": "<b>x", "error_description": "<script>1</script>", "state": state}
    answer = client.get("/dang-nhap-cong-dan/ve/", said)
    assert answer.status_code == 400 and "script>1" not in answer.content.decode()


def test_a_provider_that_is_down_says_what_to_do(settings):
    oidc.forget()
    answer = Client().get(
        "/dang-nhap-cong-dan/di/"
    )  # the settings of the tests name one that does not answer
    assert answer.status_code == 424 and "Đợi vài phút" in answer.content.decode()
    settings.OIDC = None
    assert Client().get("/dang-nhap-cong-dan/di/").status_code == 404
    assert "chưa được kết nối" in Client().get("/dang-nhap-cong-dan/").content.decode()


# ── Whose account it is


def test_missing_claims_are_refused_with_words(issuer, monkeypatch):
    right = Issuer.user
    for name in ("name", "personal_id"):
        monkeypatch.setattr(Issuer, "user", lambda self, access, name=name: right(self, access) | {name: ""})
        answer = sign_in(issuer, Client())
        assert answer.status_code == 400 and "Đăng nhập lại" in answer.content.decode()
    for bad in ("1" * 11, "12345678901a", "<script>", "0" * 13):
        with pytest.raises(Refusal, match="số định danh"):
            arrive(identity=identity(personal_id=bad), at=timezone.now())
    for bad in ("<script>alert(1)</script>", "1 2 3", "x" * 200):
        with pytest.raises(Refusal, match="không đọc được"):
            arrive(identity=identity(name=bad), at=timezone.now())
    assert not CitizenAccount.objects.exists() and not Person.objects.exists()


def test_the_person_is_found_by_the_number_never_by_the_name(db):
    at = timezone.now()
    facts = PersonFacts(full_name="Phạm Thị Lan", personal_id="031190099999")
    namesake = find_or_register_person(facts=facts, actor=SYSTEM, at=at).applicant.person
    facts = PersonFacts(full_name="Phạm Thị Lân", personal_id=LAN, phone="0987654321")
    known = find_or_register_person(facts=facts, actor=SYSTEM, at=at).applicant.person
    account = arrive(identity=identity(phone="0911111111"), at=at)
    citizen = queries.citizen(account.pk)
    assert citizen.person.pk == known.pk != namesake.pk
    known.refresh_from_db()
    assert known.full_name == "Phạm Thị Lan"  # level 2 is worth the card
    assert known.phone == "0987654321"  # what was told at the counter stays


def test_level_one_corrects_nothing(db):
    at = timezone.now()
    facts = PersonFacts(full_name="Phạm Thị Lân", personal_id=LAN)
    known = find_or_register_person(facts=facts, actor=SYSTEM, at=at).applicant.person
    arrive(identity=identity(level=1), at=at)
    known.refresh_from_db()
    assert known.full_name == "Phạm Thị Lân"


def test_two_identities_for_one_number(db):
    at = timezone.now()
    account = arrive(identity=identity(), at=at)
    assert arrive(identity=identity(issuer="https://b.example", subject="9"), at=at) == account
    with pytest.raises(Conflict, match="định danh khác") as caught:
        arrive(identity=identity(subject="2"), at=at)
    assert caught.value.code == "second_identity"
    with pytest.raises(NotPermitted):
        release_identities(
            account_id=account.pk, reason="x", actor=Actor(kind="officer", account_id=1), at=at
        )
    assert release_identities(account_id=account.pk, reason="Đã xem thẻ", actor=SYSTEM, at=at) == 2
    assert arrive(identity=identity(subject="2"), at=at) == account


def test_an_identity_that_changes_its_number_opens_nobodys_account(db):
    at = timezone.now()
    arrive(identity=identity(), at=at)
    with pytest.raises(Conflict) as caught:
        arrive(identity=identity(personal_id="031078005555"), at=at)
    assert caught.value.code == "other_number"


def test_a_closed_account_stays_closed(issuer):
    account = arrive(identity=identity(issuer=issuer.address, subject="lan"), at=timezone.now())
    Account.objects.filter(pk=account.pk).update(is_active=False, disabled_at=timezone.now())
    answer = sign_in(issuer, Client())
    assert answer.status_code == 400 and "đã bị khóa" in answer.content.decode()


# ── Levels, fresh sign-ins, idle sessions


def _request(client, path="/"):
    request = RequestFactory().get(path)
    request.session, request.user = client.session, Account.objects.get(pk=client.session["_auth_user_id"])
    request.actor = actor_of_request(request)
    return request


def test_the_gate_lets_level_two_pass_and_explains_itself_to_level_one(issuer):
    @levels.requires_level(2)
    def view(request):
        from django.http import HttpResponse

        return HttpResponse("nộp")

    low, high = Client(), Client()
    sign_in(issuer, low, "bay", muc="2")  # asked for 2, has 1
    sign_in(issuer, high)
    assert view(_request(high)).content.decode() == "nộp"
    answer = view(_request(low, "/nop?a=1"))
    text = answer.content.decode()
    assert answer.status_code == 403 and "mức 2" in text and "Công an cấp xã" in text
    assert "muc=2" in text and "next=%2Fnop%3Fa%3D1" in text
    with pytest.raises(NotPermitted):
        levels.require_level(_request(low).actor, 2)
    levels.require_level(_request(high).actor, 2)
    levels.require_level(SYSTEM, 2)


def test_a_level_belongs_to_who_signed_in(issuer):
    client = Client()
    sign_in(issuer, client)
    request = _request(client)
    request.session[citizen_session.LEVEL] = [0, 2]  # another account's
    assert citizen_session.level(request) == 0


def test_a_grave_act_asks_once_more(issuer, monkeypatch):
    client = Client()
    sign_in(issuer, client)
    request = _request(client)
    assert citizen_session.asked_again(request, "/nop") is None
    request.session[citizen_session.SIGNED_IN] -= 301
    away = citizen_session.asked_again(request, "/nop")["Location"]
    assert away == "/dang-nhap-cong-dan/di/?next=%2Fnop&muc=2&lai=1"
    assert leave(client, "/nop", lai="1")["prompt"] == "login"
    right = Issuer.claims
    monkeypatch.setattr(
        Issuer, "claims", lambda self, grant: right(self, grant) | {"auth_time": int(time.time()) - 999}
    )
    answer = sign_in(issuer, client, next_page="/nop", lai="1")
    assert answer.status_code == 400 and "Cần xác nhận lại" in answer.content.decode()


def test_half_an_hour_untouched_ends_the_session_and_leads_back(issuer):
    client = Client()
    sign_in(issuer, client)
    session = client.session
    session[sessions.TOUCHED] -= sessions.IDLE_CITIZEN.total_seconds() - 60
    session.save()
    assert client.get("/tai-khoan/phien/").status_code == 200
    session = client.session
    session[sessions.TOUCHED] -= sessions.IDLE_CITIZEN.total_seconds() + 1
    session.save()
    away = client.get("/tai-khoan/vai/?a=1")["Location"]
    assert away == "/dang-nhap-cong-dan/?next=/tai-khoan/vai/%3Fa%3D1"
    assert "Phiên đăng nhập đã hết" in client.get(away).content.decode()
    assert sign_in(issuer, client, next_page="/tai-khoan/vai/?a=1")["Location"] == "/tai-khoan/vai/?a=1"


def test_what_was_written_comes_back_when_the_session_is_over(issuer):
    answer = Client().post("/tai-khoan/vai/", {"role": "một câu dài đã gõ"})
    assert answer.status_code == 401 and "một câu dài đã gõ" in answer.content.decode()
    assert 'href="/dang-nhap-cong-dan/?next=/tai-khoan/vai/"' in answer.content.decode()


def test_the_actor_says_for_whom_and_how_surely(issuer):
    client = Client()
    sign_in(issuer, client)
    actor = _request(client).actor
    own = acting.who_may_act(actor.account_id, timezone.now())
    assert (actor.kind, actor.level, actor.for_applicant) == ("applicant", 2, own[0].applicant_id)
    assert acting.require_may_act(actor, own[0].applicant_id, timezone.now()).is_self
    stranger = find_or_register_person(
        facts=PersonFacts(full_name="Ai Đó", personal_id="031078005555"), actor=SYSTEM, at=timezone.now()
    ).applicant
    with pytest.raises(NotPermitted):
        acting.require_may_act(actor, stranger.pk, timezone.now())
    assert client.post("/tai-khoan/vai/", {"role": str(stranger.pk)}).status_code == 200
    assert _request(client).actor.for_applicant == own[0].applicant_id


def test_the_demo_provider_does_not_exist_in_production(monkeypatch):
    from motcua.cli.demo import identity as demo
    from motcua.config import env
    from motcua.config import identity as reading

    assert reading.read(demo=True).issuer == "http://localhost:9"
    with pytest.raises(env.BadSetting, match="demo only"):
        reading.read(demo=False)
    monkeypatch.setenv("MOTCUA_DEMO", "0")
    with pytest.raises(SystemExit, match="demo only"):
        demo.main()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PRESET", "khac"), ("ISSUER", "http://vneid.example"), ("ISSUER", "vneid"), ("CLIENT_ID", ""), ("AUTH", "jwt"),
        ("LEVELS", "LoA1=3"), ("CLAIMS", "tuoi=Tuoi"), ("TOKEN", "http://x.example/token"), ("SECRET", ""),
    ],
)  # fmt: skip
def test_bad_settings_stop_the_start(monkeypatch, tmp_path, name, value):
    from motcua.config import env
    from motcua.config import identity as reading

    monkeypatch.delenv("MOTCUA_DEMO_IDENTITY")
    (tmp_path / "secret").write_text("bi mat\n")
    monkeypatch.setenv(
        "MOTCUA_SECRET_OIDC_CLIENT_FILE", str(tmp_path / ("none" if name == "SECRET" else "secret"))
    )
    monkeypatch.setenv("MOTCUA_OIDC_ISSUER", "https://vneid.example")
    monkeypatch.setenv("MOTCUA_OIDC_CLIENT_ID", "motcua")
    monkeypatch.setenv("MOTCUA_OIDC_PRESET", "dvcqg")
    monkeypatch.setenv("MOTCUA_OIDC_CLAIMS", "name=HoTen,HoVaTen")
    if name != "SECRET":
        found = reading.read(demo=False)
        assert (found.client_secret, found.claims.name, found.ask) == (
            "bi mat",
            ("HoTen", "HoVaTen"),
            {1: "LoA1", 2: "LoA2"},
        )
        assert found.reach.hosts == {"vneid.example"} and not found.reach.private
        monkeypatch.setenv(f"MOTCUA_OIDC_{name}", value)
    with pytest.raises(env.BadSetting):
        reading.read(demo=False)


def test_invented_people_are_well_formed(db):
    from motcua.lib import personal_id

    for one in Issuer("x", {}).citizens:
        assert isinstance(one, Citizen) and not personal_id.read(one.personal_id).reasons, one
    assert configured.DEMO
