"""Web push: a message encrypted for one browser (RFC 8291), who sends it (RFC 8292), its handing over (RFC 8030).

Own code of some seventy lines on `cryptography`: the libraries at hand bring an HTTP client of their own or a licence
that asks more (decision 0068). The example of RFC 8291 §5 is a test.
"""

import base64
import json
import secrets
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from motcua.clients.http import ask

_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # of P-256
_RECORD = 4096
MOST_BYTES = 3993  # of the text: services take 4096 bytes in all (RFC 8030 §7.2)
_TOKEN_SECONDS = 12 * 3600  # RFC 8292: at most 24 hours


class Gone(Exception):
    """The browser no longer listens here (404, 410): the subscription is to be forgotten."""


class Rejected(Exception):
    """The service will not take this message."""


class Later(Exception):
    """The service asks to wait, or is in trouble."""


@dataclass(frozen=True, slots=True)
class Subscription:
    """Where a browser listens, its public key (65 bytes) and the secret it shares with us (16 bytes)."""

    endpoint: str
    public: bytes
    auth: bytes = field(repr=False)


@dataclass(frozen=True)
class Sender:
    """Who sends: a key on P-256, and how the push service reaches us (mailto: or https:)."""

    key: ec.EllipticCurvePrivateKey = field(repr=False)
    contact: str

    @classmethod
    def of(cls, secret: bytes, contact: str) -> "Sender":
        """Return the sender whose key is worked out from 32 secret bytes: always the same one."""
        number = int.from_bytes(secret, "big") % (_ORDER - 1) + 1
        return cls(ec.derive_private_key(number, ec.SECP256R1()), contact)

    @property
    def public(self) -> str:
        """The public key as a browser wants it (`applicationServerKey`)."""
        return text_of(_point(self.key.public_key()))

    def authorization(self, endpoint: str, now: float) -> str:
        """Return the header by which the service knows us; good for its origin alone."""
        parts = urlsplit(endpoint)
        claims = {
            "aud": f"{parts.scheme}://{parts.netloc}",
            "exp": int(now) + _TOKEN_SECONDS,
            "sub": self.contact,
        }
        signed = ".".join(
            text_of(json.dumps(one, separators=(",", ":")).encode())
            for one in ({"typ": "JWT", "alg": "ES256"}, claims)
        )
        r, s = decode_dss_signature(self.key.sign(signed.encode(), ec.ECDSA(hashes.SHA256())))
        signature = text_of(r.to_bytes(32, "big") + s.to_bytes(32, "big"))
        return f"vapid t={signed}.{signature}, k={self.public}"

    def send(
        self, to: Subscription, text: bytes, *, now: float, keep: int = 86400, urgent: bool = False, topic: str = ""
    ) -> str:  # fmt: skip
        """Hand a message over; the service keeps it `keep` seconds for a browser that is away. Returns its address.

        Raises `Gone`, `Rejected`, `Later`, and what `clients.http` raises.
        """
        headers = {
            "Authorization": self.authorization(to.endpoint, now), "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream", "TTL": str(keep), "Urgency": "high" if urgent else "normal",
            **({"Topic": topic} if topic else {}),
        }  # fmt: skip
        answer = ask("POST", to.endpoint, body=encrypted(to, text), headers=headers)
        if answer.status in (404, 410):
            raise Gone
        if answer.status == 429 or answer.status >= 500:
            raise Later(f"HTTP {answer.status}")
        if not 200 <= answer.status < 300:
            raise Rejected(f"HTTP {answer.status}")
        return answer.headers.get("location", "")[-64:]


def encrypted(
    to: Subscription, text: bytes, *, own: ec.EllipticCurvePrivateKey | None = None, salt: bytes = b""
) -> bytes:
    """Return the body of a push message (RFC 8188 aes128gcm, one record). `own` and `salt` are drawn unless given.

    Raises ValueError for a text that is too long and a key that is none.
    """
    if len(text) > MOST_BYTES:
        raise ValueError("too long for a push message")
    own, salt = own or ec.generate_private_key(ec.SECP256R1()), salt or secrets.token_bytes(16)
    theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), to.public)
    mine = _point(own.public_key())
    shared = own.exchange(ec.ECDH(), theirs)
    secret = _derived(shared, to.auth, b"WebPush: info\x00" + to.public + mine, 32)
    key = _derived(secret, salt, b"Content-Encoding: aes128gcm\x00", 16)
    nonce = _derived(secret, salt, b"Content-Encoding: nonce\x00", 12)
    head = salt + _RECORD.to_bytes(4, "big") + bytes([len(mine)]) + mine
    return head + AESGCM(key).encrypt(nonce, text + b"\x02", None)


def text_of(value: bytes) -> str:
    """Return bytes in base64url without padding, as all of these standards write them."""
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def bytes_of(text: str) -> bytes:
    """Return the bytes of base64url, with or without padding. ValueError."""
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)


def _point(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _derived(secret: bytes, salt: bytes, info: bytes, size: int) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=size, salt=salt, info=info).derive(secret)
