"""Who confirms a declaration of two: by a link, or signed in as who is named there."""

import io
import re
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote_plus

import pypdf
import pytest
from django.test import Client
from django.utils import timezone

from motcua.dossiers.tests.intake_world import World
from motcua.eforms import papers
from motcua.eforms import queries as eforms
from motcua.eforms.models import FormAnswer, FormDefinition
from motcua.eforms.operations import signing
from motcua.eforms.tests.conftest import marriage
from motcua.online.tests.conftest import actor_of, citizen, signed_in
from motcua.online.tests.test_applying import begun, filled

pytestmark = [pytest.mark.django_db, pytest.mark.sql]


def test_who_signs_in_to_confirm_is_known_and_must_be_who_is_named(
    world: World, shipped: Any, settings: Any
) -> None:
    settings.OIDC = SimpleNamespace(levels={})  # asked only whether there is a provider
    code = FormDefinition.objects.get(code="HT-013").procedure.code
    account = citizen(marriage()["wife_personal_id"], "Nguyễn Thị Lan")
    client = signed_in(account)
    row = begun(world, account, code)
    filled(row, client, marriage())
    answer = row.answer
    asked = signing.invite(
        answer_id=answer.pk, signer="husband", actor=actor_of(account), at=timezone.now(), key=""
    )
    page = f"/cung-xac-nhan/{asked.token}/"
    stranger = Client(HTTP_HOST="localhost")
    said = stranger.get(page).content.decode()
    assert f"next={quote_plus(page)}" in said and "Xác nhận bằng liên kết" in said
    hers = client.get(page).content.decode()
    assert "Máy này đang đăng nhập bằng tài khoản của" in hers and "lai=1" in hers
    digest = re.search(r'name="noi-dung" value="(\w+)"', hers)
    assert digest is not None
    refused = client.post(page, {"noi-dung": digest[1], "key": "k0"})  # a page that she was not shown
    assert refused.status_code == 409 and "Phiên đăng nhập đã hết" in refused.content.decode()
    impostor = citizen("031078009999", marriage()["husband_name"])  # the same name, another person
    other = signed_in(impostor)
    said = other.post(page, {"noi-dung": digest[1], "key": "k1", "dau": _seal(other, page)})
    assert said.status_code == 409 and "còn tờ khai ghi" in said.content.decode()
    assert stranger.post(page, {"noi-dung": digest[1], "key": "k2", "lien-ket": "1"}).status_code == 302
    asked.refresh_from_db()
    assert (asked.account_id, asked.level) == (None, 0) and asked.confirmed_at is not None
    assert "bằng liên kết, không đăng nhập" in _text(answer)
    assert "Chứng minh đó là anh/chị" in stranger.get(page).content.decode()
    husband = citizen(marriage()["husband_personal_id"], marriage()["husband_name"])
    his = signed_in(husband)
    assert his.post(page, {"noi-dung": digest[1], "key": "k3"}).status_code == 409, "pressed by another site"
    wrong = {"noi-dung": digest[1], "key": "k3", "dau": _seal(other, page)}
    assert his.post(page, wrong).status_code == 409
    assert his.post(page, wrong | {"dau": _seal(his, page)}).status_code == 302
    asked.refresh_from_db()
    assert (asked.account_id, asked.level) == (husband.pk, 2)
    assert stranger.post(page, {"noi-dung": digest[1], "key": "k4", "lien-ket": "1"}).status_code == 302
    asked.refresh_from_db()
    assert asked.account_id == husband.pk, "a link used afterwards does not make it less sure"
    assert "tài khoản định danh mức 2" in _text(answer)


def test_without_a_provider_who_is_signed_in_is_known_all_the_same(
    world: World, shipped: Any, settings: Any
) -> None:
    settings.OIDC = None  # a closed installation with log-ins of its own
    account = citizen(marriage()["wife_personal_id"], "Nguyễn Thị Lan")
    row = begun(world, account, FormDefinition.objects.get(code="HT-013").procedure.code)
    filled(row, signed_in(account), marriage())
    asked = signing.invite(
        answer_id=row.answer.pk, signer="husband", actor=actor_of(account), at=timezone.now(), key=""
    )
    page = f"/cung-xac-nhan/{asked.token}/"
    husband = citizen(marriage()["husband_personal_id"], marriage()["husband_name"])
    his = signed_in(husband)
    said = his.get(page).content.decode()
    digest = re.search(r'name="noi-dung" value="(\w+)"', said)
    assert digest is not None and "Cơ quan thấy là chính anh/chị xác nhận" in said
    sent = {"noi-dung": digest[1], "key": "c1", "dau": _seal(his, page)}
    assert his.post(page, sent).status_code == 302
    asked.refresh_from_db()
    assert asked.account_id == husband.pk


def _seal(client: Client, page: str) -> str:
    found = re.search(r'name="dau" value="([^"]+)"', client.get(page).content.decode())
    assert found is not None
    return found[1]


def _text(answer: FormAnswer) -> str:
    found = eforms.standing(eforms.answer(answer.pk))
    return " ".join(
        " ".join(one.extract_text().split())
        for one in pypdf.PdfReader(io.BytesIO(papers.declaration(found))).pages
    )
