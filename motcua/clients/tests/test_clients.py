"""Each client against a peer that speaks the protocol; then what a peer may do wrong."""

import time
from collections.abc import Iterator

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from motcua.clients import delivery, http, sms, web_push, zalo
from motcua.clients.tests import peers


@pytest.fixture
def viettel() -> Iterator[peers.Viettel]:
    with peers.running(peers.Viettel()) as peer:
        yield peer


def bulk(peer: peers.Peer, password: str = "bí mật", seconds: float = 1.0) -> sms.Viettel:
    return sms.Viettel(
        name="viettel", url=f"{peer.url}/bulkapi", user="motcua", password=password, cp_code="MC", brand="MOTCUA",
        seconds=seconds,
    )  # fmt: skip


def test_viettel_takes_the_envelope_and_hostile_text_stays_text(viettel):
    hostile = "Ho so <x>&]]> \"1' {phone}"
    bulk(viettel).send(phone="84912345678", text=hostile, reference="m1")
    bulk(viettel).send(phone="84912345678", text="Hồ sơ", reference="m2")
    assert [(one["Content"], one["ContentType"]) for one in viettel.taken] == [(hostile, "F"), ("Hồ sơ", "1")]
    with pytest.raises(sms.Closed):
        bulk(viettel, password="x").send(phone="84912345678", text="a", reference="m3")
    viettel.result, viettel.message = "0", "Receiver invalid"
    with pytest.raises(sms.Rejected):
        bulk(viettel).send(phone="84912345678", text="a", reference="m4")


@pytest.mark.parametrize(
    ("mode", "kind"),
    [("slow", http.NoAnswer), ("trickle", http.NoAnswer), ("hang_up", http.NoAnswer), ("broken", http.BadAnswer),
     ("huge", http.BadAnswer), ("down", http.BadAnswer)],
)  # fmt: skip
def test_a_provider_that_misbehaves_is_named_and_holds_nobody(viettel, mode, kind):
    viettel.mode = mode
    began = time.monotonic()
    with pytest.raises(kind):
        bulk(viettel).send(phone="84912345678", text="a", reference="m1")
    assert time.monotonic() - began < 2.5


def test_nothing_is_sent_where_nobody_listens_or_the_address_is_no_https():
    for url in ("http://127.0.0.1:9/x", "https://127.0.0.1:9/x"):
        with pytest.raises(http.Unreachable):
            http.ask("POST", url, seconds=1)
    for url in (
        "http://192.0.2.1/",
        "ftp://example.vn/",
        "https://u:p@example.vn/",
        "https:///x",
        "file:///etc/passwd",
    ):
        with pytest.raises(http.NotAllowed):
            http.ask("POST", url, seconds=1)


def test_any_provider_that_takes_json_by_configuration():
    with peers.running(peers.Json()) as peer:
        provider = sms.Json(
            name="other", url=f"{peer.url}/send", body={"to": "{phone}", "msg": ["{text}", 1], "ref": "{reference}"},
            headers={"X-Key": "k1"}, ok=("status.code", "0"), closed=("9",), reference_at="id", seconds=1,
        )  # fmt: skip
        assert provider.send(phone="84912345678", text='"{reference}"', reference="m1") == "j1"
        assert peer.taken == [{"to": "84912345678", "msg": ['"{reference}"', 1], "ref": "m1"}]
        for code, kind in ((9, sms.Closed), (5, sms.Rejected)):
            peer.code = code
            with pytest.raises(kind):
                provider.send(phone="84912345678", text="a", reference="m2")


def test_zalo_replaces_its_refresh_token_and_names_its_errors():
    with peers.running(peers.Zalo()) as peer:
        client = zalo.Zalo("77", "s1", f"{peer.url}/message", f"{peer.url}/v4/oa/access_token", 1)
        first = client.refresh("r0")
        assert (first.access, first.refresh, first.seconds) == ("a1", "r1", 90000)
        with pytest.raises(zalo.Failed):
            client.refresh("r0")
        given = {"template": "100001", "data": {"ma": "H24.12-1"}, "reference": "m1"}
        assert client.send(phone="84912345678", access="a1", **given) == "z1"
        peer.no_account = {"84900000000"}
        for phone, access, code in (("84900000000", "a1", -118), ("84912345678", "old", -124)):
            with pytest.raises(zalo.Failed) as failed:
                client.send(phone=phone, access=access, **given)
            assert failed.value.code == code
        for mode in ("broken", "down"):
            peer.mode = mode
            with pytest.raises(http.BadAnswer):
                client.send(phone="84912345678", access="a1", **given)


def test_the_example_of_rfc_8291_comes_out_letter_by_letter():
    """RFC 8291 §5 and appendix A."""
    own = ec.derive_private_key(
        int.from_bytes(web_push.bytes_of("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"), "big"),
        ec.SECP256R1(),
    )
    to = web_push.Subscription(
        "https://push.example.net/push/JzLQ3raZJfFBR0aqvOMsLrt54w4rJUsV",
        web_push.bytes_of(
            "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
        ),
        web_push.bytes_of("BTBZMqHH6r4Tts7J_aSIgg"),
    )
    body = web_push.encrypted(
        to,
        b"When I grow up, I want to be a watermelon",
        own=own,
        salt=web_push.bytes_of("DGv6ra1nlYgDCS1FRnbzlw"),
    )
    assert web_push.text_of(body) == (
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_"
        "yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )
    with pytest.raises(ValueError):
        web_push.encrypted(to, b"x" * (web_push.MOST_BYTES + 1))


def test_a_push_is_signed_and_read_by_its_browser_alone():
    with peers.running(peers.PushService()) as peer:
        given = peer.subscribe("lan")
        to = web_push.Subscription(
            given["endpoint"], web_push.bytes_of(given["public"]), web_push.bytes_of(given["auth"])
        )
        sender = web_push.Sender.of(b"\x01" * 32, "mailto:a@example.vn")
        assert sender.public == web_push.Sender.of(b"\x01" * 32, "").public
        assert sender.send(to, '{"title": "Đã có kết quả"}'.encode(), now=time.time()).endswith("/m/1")
        assert peer.taken == [{"title": "Đã có kết quả"}]
        for status, kind in ((429, web_push.Later), (500, web_push.Later), (413, web_push.Rejected)):
            peer.status = status
            with pytest.raises(kind):
                sender.send(to, b"{}", now=time.time())
        peer.gone.add("/push/lan")
        with pytest.raises(web_push.Gone):
            sender.send(to, b"{}", now=time.time())


def test_half_a_character_from_outside_is_none() -> None:
    body = b'{"app_id": "1", "timestamp": "\\ud800", "event_name": "x"}'
    assert not delivery.zalo_signed(body, "00", app_id="1", secret="s")
    assert delivery.at({"id": "a\ud800b"}, "id") == "ab"
