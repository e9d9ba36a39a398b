"""The other sides, on sockets of this machine: each speaks its protocol itself and keeps what it was told."""

import hashlib
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs
from xml.etree import ElementTree

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from motcua.clients.web_push import bytes_of, text_of

_VIETTEL = "{http://impl.bulkSms.ws/}wsCpMt"
_ORDER = [
    "User", "Password", "CPCode", "RequestID", "UserID", "ReceiverID", "ServiceID", "CommandCode", "Content",
    "ContentType",
]  # fmt: skip


class Peer:
    """A server whose answers a test may spoil: `mode` is fine, wait (for `go`), slow, trickle, hang_up, broken, huge or down."""

    def __init__(self) -> None:
        self.mode, self.taken, self.asked = "fine", [], 0
        self.url = ""
        self.go = threading.Event()

    def answer(self, path: str, headers: Any, body: bytes) -> tuple[int, dict[str, str], bytes]:
        raise NotImplementedError


@contextmanager
def running(peer: Peer) -> Iterator[Peer]:
    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *args: Any) -> None: ...

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            peer.asked += 1
            if peer.mode == "hang_up":
                self.connection.close()
                return
            if peer.mode == "wait":
                peer.go.wait(55)
            if peer.mode == "slow":
                time.sleep(1.5)
            status, headers, said = peer.answer(self.path, self.headers, body)
            if peer.mode == "broken":
                said = b"<html>502"
            if peer.mode == "huge":
                said = b" " * 2_000_000
            if peer.mode == "down":
                status = 503
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            for start in range(0, len(said), 1) if peer.mode == "trickle" else ():
                self.wfile.write(said[start : start + 1])
                self.wfile.flush()
                time.sleep(0.2)
            if peer.mode != "trickle":
                self.wfile.write(said)

        def handle(self) -> None:
            try:
                super().handle()
            except OSError:
                return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    peer.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield peer
    finally:
        server.shutdown()
        server.server_close()


class Viettel(Peer):
    """Takes `wsCpMt` when its fields stand in their order and name and password are right."""

    def __init__(self) -> None:
        super().__init__()
        self.result, self.message = "1", "Insert success"

    def answer(self, path: str, headers: Any, body: bytes) -> tuple[int, dict[str, str], bytes]:
        root = ElementTree.fromstring(body)
        (call,) = root.find("{http://schemas.xmlsoap.org/soap/envelope/}Body")
        fields = {one.tag.rpartition("}")[2]: one.text or "" for one in call}
        assert call.tag == _VIETTEL and list(fields) == _ORDER, fields
        assert fields["UserID"] == fields["ReceiverID"] and fields["UserID"].startswith("84")
        result, message = self.result, self.message
        if (fields["User"], fields["Password"]) != ("motcua", "bí mật"):
            result, message = "0", "Authenticate failed"
        if result == "1":
            self.taken.append(fields)
        said = (
            '<?xml version="1.0"?><S:Envelope xmlns:S="http://schemas.xmlsoap.org/soap/envelope/"><S:Body>'
            '<ns2:wsCpMtResponse xmlns:ns2="http://impl.bulkSms.ws/"><return>'
            f"<message>{message}</message><result>{result}</result></return></ns2:wsCpMtResponse></S:Body></S:Envelope>"
        )
        return 200, {"Content-Type": "text/xml"}, said.encode()


class Json(Peer):
    """Takes JSON with a key in a header; answers with a code."""

    def __init__(self) -> None:
        super().__init__()
        self.code = 0

    def report(self, number: int, arrived: bool = True) -> dict[str, str]:
        """Return the fields by which it calls back about its message of this number, as eSMS does."""
        sent = ("0", "1") if arrived else ("1", "0")
        return {"SMSID": f"j{number}", "SendStatus": "5", "SendFailed": sent[0], "SendSuccess": sent[1],
                "TotalReceiver": "1", "phonenumber": "0912345678", "error_info": "" if arrived else "ABSENT 27"}  # fmt: skip

    def answer(self, path: str, headers: Any, body: bytes) -> tuple[int, dict[str, str], bytes]:
        if headers["X-Key"] != "k1":
            return 401, {}, b"{}"
        if self.code == 0:
            self.taken.append(json.loads(body))
        return 200, {}, json.dumps({"status": {"code": self.code}, "id": f"j{len(self.taken)}"}).encode()


class Zalo(Peer):
    """Zalo's two addresses. A refresh token is good once; an access token until the next one is made."""

    def __init__(self) -> None:
        super().__init__()
        self.refresh, self.access, self.made, self.no_account = "r0", "", 0, set[str]()
        self.lock = threading.Lock()
        self.error = 0

    def event(self, number: int, name: str = "user_received_message") -> tuple[bytes, str]:
        """Return body and signature of the event by which Zalo says that its message of this number arrived."""
        moment = "1602741248123"
        said = {
            "app_id": "77", "event_name": name, "timestamp": moment, "sender": {"id": "2398"},
            "recipient": {"id": "7781"}, "message": {
                "delivery_time": "1602741246000", "msg_id": f"z{number}",
                "tracking_id": self.taken[number - 1]["tracking_id"],
            },
        }  # fmt: skip
        body = json.dumps(said, separators=(",", ":")).encode()
        return body, f"mac={hashlib.sha256(b'77' + body + moment.encode() + b'oa1').hexdigest()}"

    def answer(self, path: str, headers: Any, body: bytes) -> tuple[int, dict[str, str], bytes]:
        with self.lock:
            found = self._tokens(headers, body) if "access_token" in path else self._message(headers, body)
        return 200, {"Content-Type": "application/json"}, json.dumps(found).encode()

    def _tokens(self, headers: Any, body: bytes) -> dict[str, Any]:
        form = {name: values[0] for name, values in parse_qs(body.decode()).items()}
        if headers["secret_key"] != "s1" or form["app_id"] != "77" or form["grant_type"] != "refresh_token":
            return {"error": -14002, "error_name": "Invalid app"}
        if form["refresh_token"] != self.refresh:
            return {"error": -14014, "error_name": "Invalid refresh token"}
        self.made += 1
        self.refresh, self.access = f"r{self.made}", f"a{self.made}"
        return {"access_token": self.access, "refresh_token": self.refresh, "expires_in": "90000"}

    def _message(self, headers: Any, body: bytes) -> dict[str, Any]:
        if headers["access_token"] != self.access or not self.access:
            return {"error": -124, "message": "Access token invalid"}
        said = json.loads(body)
        assert set(said) == {"phone", "template_id", "template_data", "tracking_id"}
        if self.error:
            return {"error": self.error, "message": "no"}
        if said["phone"] in self.no_account:
            return {"error": -118, "message": "Zalo account not existed"}
        self.taken.append(said)
        return {"error": 0, "message": "Success", "data": {"msg_id": f"z{len(self.taken)}", "sent_time": "1"}}


class PushService(Peer):
    """A push service and the browsers behind it: checks who sends, and reads each message as its browser would."""

    def __init__(self) -> None:
        super().__init__()
        self.browsers: dict[str, tuple[ec.EllipticCurvePrivateKey, bytes]] = {}
        self.gone, self.status = set[str](), 201

    def subscribe(self, name: str) -> dict[str, str]:
        """Return what a browser gives the page."""
        key, auth = ec.generate_private_key(ec.SECP256R1()), name.encode().ljust(16, b"-")
        self.browsers[f"/push/{name}"] = (key, auth)
        public = key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return {"endpoint": f"{self.url}/push/{name}", "public": text_of(public), "auth": text_of(auth)}

    def answer(self, path: str, headers: Any, body: bytes) -> tuple[int, dict[str, str], bytes]:
        if path in self.gone or path not in self.browsers:
            return 410, {}, b""
        if self.status != 201:
            return self.status, {}, b""
        claims = vapid(headers["Authorization"])
        assert claims["aud"] == self.url and claims["exp"] < time.time() + 86400 and claims["sub"]
        assert int(headers["TTL"]) > 0 and headers["Content-Encoding"] == "aes128gcm"
        self.taken.append(json.loads(decrypted(body, *self.browsers[path])))
        return 201, {"Location": f"{self.url}/m/{len(self.taken)}"}, b""


def vapid(header: str) -> dict[str, Any]:
    """Check the signature of RFC 8292 and return the claims."""
    kind, rest = header.split(" ", 1)
    given = dict(part.strip().split("=", 1) for part in rest.split(","))
    head, claims, signature = given["t"].split(".")
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), bytes_of(given["k"]))
    raw = bytes_of(signature)
    der = encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
    key.verify(der, f"{head}.{claims}".encode(), ec.ECDSA(hashes.SHA256()))
    assert kind == "vapid" and json.loads(bytes_of(head))["alg"] == "ES256"
    return json.loads(bytes_of(claims))  # type: ignore[no-any-return]


def decrypted(body: bytes, key: ec.EllipticCurvePrivateKey, auth: bytes) -> bytes:
    """Read a message as RFC 8291 §4 has the browser do it."""
    salt, size, length = body[:16], int.from_bytes(body[16:20], "big"), body[20]
    theirs, cipher = body[21 : 21 + length], body[21 + length :]
    assert len(body) <= size
    mine = key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    shared = key.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), theirs))

    def derived(secret: bytes, salted: bytes, info: bytes, wanted: int) -> bytes:
        return HKDF(algorithm=hashes.SHA256(), length=wanted, salt=salted, info=info).derive(secret)

    secret = derived(shared, auth, b"WebPush: info\x00" + mine + theirs, 32)
    content = derived(secret, salt, b"Content-Encoding: aes128gcm\x00", 16)
    nonce = derived(secret, salt, b"Content-Encoding: nonce\x00", 12)
    text = AESGCM(content).decrypt(nonce, cipher, None).rstrip(b"\x00")
    assert text.endswith(b"\x02")
    return text[:-1]
