"""Whose signatures this installation trusts: certificates and lists of revoked ones in a folder of the administrator.

Nothing is shipped. The folder holds certificates (.pem, .crt, .cer) of the authorities that certify offices, each an
anchor of its own, and their lists of revoked certificates (.crl); PEM or DER. It is read at each check, so that what is
put there counts at once.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from django.conf import settings

CERTIFICATES = frozenset({".pem", ".crt", ".cer"})
LISTS = frozenset({".crl"})
_LARGEST = 20 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Root:
    """One certificate that is trusted: its file, whose it is, until when, and its SHA-256 as authorities publish it."""

    file: str
    subject: str
    until: str
    fingerprint: str
    pem: str


@dataclass(frozen=True, slots=True)
class Trust:
    """What the folder holds; `faults` names files that can't be read."""

    roots: list[Root] = field(default_factory=list)
    lists: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def told(self) -> dict[str, list[str]]:
        """Return it as the checker's child takes it."""
        return {"roots": [one.pem for one in self.roots], "lists": self.lists}


def folder() -> Path:
    """Return where the certificates lie."""
    return Path(settings.SIGNATURE_ROOTS or settings.DATA / "signature-roots")


def held() -> Trust:
    """Return what is trusted now; nothing where there is no folder. A file that can't be read is named, and skipped."""
    found = Trust()
    place = folder()
    for path in sorted(place.iterdir()) if place.is_dir() else []:
        kind = path.suffix.lower()
        if kind not in CERTIFICATES | LISTS or not path.is_file():
            continue
        try:
            data = path.read_bytes() if path.stat().st_size <= _LARGEST else b""
            if kind in LISTS:
                found.lists.append(_pem(x509.load_pem_x509_crl, x509.load_der_x509_crl, data))
            else:
                found.roots.extend(_root(path.name, one) for one in _certificates(data))
        except (OSError, ValueError):
            found.faults.append(path.name)
    return found


def _certificates(data: bytes) -> list[x509.Certificate]:
    if b"-----BEGIN" in data:
        return x509.load_pem_x509_certificates(data)
    return [x509.load_der_x509_certificate(data)]


def _root(name: str, one: x509.Certificate) -> Root:
    return Root(
        file=name, subject=one.subject.rfc4514_string(), until=f"{one.not_valid_after_utc:%d/%m/%Y}",
        fingerprint=one.fingerprint(hashes.SHA256()).hex(), pem=one.public_bytes(Encoding.PEM).decode(),
    )  # fmt: skip


def _pem(from_pem: Callable[[bytes], Any], from_der: Callable[[bytes], Any], data: bytes) -> str:
    one = from_pem(data) if b"-----BEGIN" in data else from_der(data)
    text: str = one.public_bytes(Encoding.PEM).decode()
    return text
