"""The first log-in of staff: an authenticator app is enrolled, recovery codes are shown once and work once."""

import base64
import hashlib
import hmac
import re
import struct
import time

from allauth.mfa.models import Authenticator
from django.test import Client

from motcua.accounts.models import Notice, NoticeKind
from motcua.accounts.tests.conftest import PASSWORD, STAFF


def _client():
    return Client(headers={"host": STAFF})


def test_enrolling_an_app_opens_the_site_and_gives_recovery_codes(committed_people, django_db_blocker):
    with django_db_blocker.unblock():
        _enrol(committed_people["hoa"])


def _enrol(hoa):
    Authenticator.objects.filter(user_id=hoa.pk).delete()
    without_factor = _client()
    without_factor.post("/dang-nhap/", {"login": "hoa", "password": PASSWORD})
    page = without_factor.get("/account/second-factor/app/").content.decode()
    secret = re.search(r'<code translate="no">([A-Z2-7]+)</code>', page).group(1)
    key = base64.b32decode(secret)
    digest = hmac.new(key, struct.pack(">Q", int(time.time()) // 30), hashlib.sha1).digest()
    code = f"{(struct.unpack('>I', digest[digest[19] & 15 :][:4])[0] & 0x7FFFFFFF) % 10**6:06d}"
    answer = without_factor.post("/account/second-factor/app/", {"code": code})
    assert answer["Location"] == "/account/recovery-codes/"
    codes = re.findall(
        r"<li><code>(\d{10})</code>", without_factor.get("/account/recovery-codes/").content.decode()
    )
    assert len(codes) == 10
    again = without_factor.get("/account/recovery-codes/").content.decode()
    assert not any(code in again for code in codes), "shown once"
    assert without_factor.get("/agencies/").status_code == 200
    kinds = set(Notice.objects.filter(account=hoa).values_list("kind", flat=True))
    assert NoticeKind.TOTP_ADDED in kinds

    fresh = _client()
    fresh.post("/dang-nhap/", {"login": "hoa", "password": PASSWORD})
    assert fresh.post("/dang-nhap/ma/", {"code": codes[0]}).status_code == 302
    assert Notice.objects.filter(account=hoa, kind=NoticeKind.RECOVERY_CODE_USED).exists()
    twice = _client()
    twice.post("/dang-nhap/", {"login": "hoa", "password": PASSWORD})
    assert twice.post("/dang-nhap/ma/", {"code": codes[0]}).status_code == 200, "single use"


def test_parallel_wrong_tries_do_not_slip_past_the_limit(committed_people, django_db_blocker):
    from concurrent.futures import ThreadPoolExecutor
    from threading import Barrier

    from django.db import connections
    from django.utils import timezone

    from motcua.accounts.operations import guards

    at, start = timezone.now(), Barrier(12)

    def attempt(_number):
        start.wait(timeout=30)
        try:
            return guards.begin_try(name="hoa", address="10.3.3.3", at=at).allowed
        finally:
            connections.close_all()

    with django_db_blocker.unblock(), ThreadPoolExecutor(12) as pool:
        allowed = list(pool.map(attempt, range(12)))
    assert sum(allowed) == guards.WRONG_TRIES
