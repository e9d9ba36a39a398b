"""Check the signatures of a PDF. Runs only inside the checker's child: no Django, no settings, no network.

What a signature says is told apart: is the content the one that was signed, and who stands behind the certificate. A
chain counts only when it leads to a certificate that the installation trusts, at the moment of a time stamp that itself
is trusted, else now. Whether a certificate was revoked is told only by the lists (CRL) that the installation holds.

PAdES is ETSI EN 319 142; the rules of what may be added behind a signature are pyHanko's, of which the strictest holds
here: behind the last signature nothing but proof of it (ISO 32000-2, 12.8; document security store, time stamps).
"""

import io
import json
import logging
import warnings
from datetime import UTC, datetime, timedelta
from typing import Any, BinaryIO

from asn1crypto import crl, keys, pem, x509
from cryptography import x509 as fresh
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import PageObject, PdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

MOST_SIGNATURES = 10
_LONGEST = 200
_USES = (
    "digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
    "key_cert_sign", "crl_sign", "encipher_only", "decipher_only",
)  # fmt: skip
#: Either use will do: certificates of offices have one, the other or both.
_USE = KeyUsageConstraints(key_usage={"digital_signature", "non_repudiation"}, match_all_key_usages=False)
_PROOF_ONLY = {ModificationLevel.NONE, ModificationLevel.LTA_UPDATES}
_SIGNED_ON = _PROOF_ONLY | {ModificationLevel.FORM_FILLING}


for _name in ("pyhanko", "pyhanko_certvalidator"):  # what it thinks of a stranger's file is said by `check`
    logging.getLogger(_name).setLevel(logging.CRITICAL + 1)


def warm_up() -> None:
    """Sign and check a page of our own, so that whatever is imported late is there already."""
    pdf, root = _own()
    found = check(io.BytesIO(pdf), io.BytesIO(json.dumps({"roots": [root], "lists": []}).encode()))
    assert found["signatures"][0]["state"] == "trusted", found


def check(file: BinaryIO, trusted: BinaryIO) -> dict[str, Any]:
    """Return what each signature of the PDF says, the first one first; or {"problem": word}.

    `trusted` is JSON: {"roots": [PEM, …], "lists": [PEM of a CRL, …]}. Problems: `unsigned`, `too_many`, `unreadable`
    (a signature of a kind or strength that can't be checked). The state of one is `altered`, `trusted`, `lapsed` (the
    certificate had ended, or not begun, at the moment that is known), `revoked`, or `unknown` (the chain leads nowhere
    that is trusted).
    """
    held = json.loads(trusted.read())
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            reader = PdfFileReader(file, strict=True)
            found = reader.embedded_regular_signatures
            if not found:
                return {"problem": "unsigned"}
            if len(found) > MOST_SIGNATURES:
                return {"problem": "too_many"}
            return {"signatures": [_said(one, held, last=one is found[-1]) for one in found]}
    except MemoryError:
        return {"problem": "too_heavy"}
    except Exception:  # a reader of strangers' bytes may raise anything
        return {"problem": "unreadable"}


def _said(one: EmbeddedPdfSignature, held: dict[str, list[str]], *, last: bool) -> dict[str, Any]:
    status = _status(one, held, None)
    stamp = status.timestamp_validity
    stamped = (
        stamp.timestamp if stamp is not None and stamp.intact and stamp.valid and stamp.trusted else None
    )
    if stamped is not None and not status.trusted:
        status = _status(one, held, stamped)
    whole = _covers(one, status, last=last)
    subject = status.signing_cert.subject.native
    return {
        "who": _one(subject, "common_name"), "office": _one(subject, "organization_name"),
        "issuer": _one(status.signing_cert.issuer.native, "common_name", "organization_name"),
        "serial": f"{status.signing_cert.serial_number:x}"[:80],
        "claimed": _moment(status.signer_reported_dt), "stamped": _moment(stamped),
        "state": _state(one, status, held) if status.intact and status.valid and whole else "altered",
    }  # fmt: skip


def _covers(one: EmbeddedPdfSignature, status: PdfSignatureStatus, *, last: bool) -> bool:
    """Tell whether nothing stands behind the signed part but what may: more signatures, and proof of them."""
    if status.coverage == SignatureCoverageLevel.ENTIRE_FILE:
        return True
    if status.coverage != SignatureCoverageLevel.ENTIRE_REVISION:
        return False
    file = one.reader.stream
    if one.signed_revision == one.reader.xrefs.total_revisions - 1:  # what follows belongs to no revision
        file.seek(one.byte_range[2] + one.byte_range[3])
        return not file.read().strip()
    file.seek(0)
    behind = file.read().rpartition(b"%%EOF")[2].strip()
    return not behind and status.modification_level in (_PROOF_ONLY if last else _SIGNED_ON)


def _state(one: EmbeddedPdfSignature, status: PdfSignatureStatus, held: dict[str, list[str]]) -> str:
    if status.trusted:
        return "trusted"
    if status.revoked:
        return "revoked"
    begins, ends = (
        status.signing_cert["tbs_certificate"]["validity"][name].native
        for name in ("not_before", "not_after")
    )
    within = (
        begins if status.signer_reported_dt is None else max(begins, min(ends, status.signer_reported_dt))
    )
    return "lapsed" if _status(one, held, within).trusted else "unknown"


def _status(
    one: EmbeddedPdfSignature, held: dict[str, list[str]], moment: datetime | None
) -> PdfSignatureStatus:  # fmt: skip
    def context() -> ValidationContext:
        return ValidationContext(
            trust_roots=[_certificate(text) for text in held["roots"]], allow_fetching=False, moment=moment,
            best_signature_time=moment, crls=[crl.CertificateList.load(_der(text)) for text in held["lists"]],
            revocation_mode="soft-fail",
        )  # fmt: skip

    return validate_pdf_signature(
        one, signer_validation_context=context(), ts_validation_context=context(), key_usage_settings=_USE
    )


def _der(text: str) -> bytes:
    der: bytes = pem.unarmor(text.encode())[2]
    return der


def _certificate(text: str) -> x509.Certificate:
    return x509.Certificate.load(_der(text))


def _one(name: dict[str, Any], *keys: str) -> str:
    for key in keys:
        value = name.get(key)
        if value:
            text = "; ".join(value) if isinstance(value, list) else str(value)
            return " ".join(text.split())[:_LONGEST]
    return ""


def _moment(value: datetime | None) -> str:
    """Return when it was signed, as far as that can be: the time is the signer's own word."""
    if value is None or not 1990 <= value.year <= 2200:
        return ""
    found = value.astimezone(UTC)
    return found.isoformat() if found <= datetime.now(UTC) + timedelta(days=1) else ""


def _own() -> tuple[bytes, str]:
    """Return a signed page of our own, and the certificate it was signed with."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = fresh.Name([fresh.NameAttribute(NameOID.COMMON_NAME, "warm-up")])
    now = datetime.now(UTC)
    use = {name: name in {"digital_signature", "content_commitment"} for name in _USES}
    made = (
        fresh.CertificateBuilder(name, name, key.public_key(), 1, now - timedelta(1), now + timedelta(1))
        .add_extension(fresh.KeyUsage(**use), critical=True)
        .sign(key, hashes.SHA256())
    )
    signer = signers.SimpleSigner(
        signing_cert=x509.Certificate.load(made.public_bytes(serialization.Encoding.DER)),
        signing_key=keys.PrivateKeyInfo.load(
            key.private_bytes(
                serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        ),
        cert_registry=SimpleCertificateStore(),  # type: ignore[no-untyped-call]
    )
    writer: Any = PdfFileWriter()  # type: ignore[no-untyped-call]
    out = io.BytesIO()
    empty = writer.add_object(generic.StreamObject(stream_data=b""))
    page: Any = PageObject  # untyped
    writer.insert_page(page(contents=empty, media_box=(0, 0, 200, 200)))
    writer.write(out)
    signed = signers.sign_pdf(
        IncrementalPdfFileWriter(out), signers.PdfSignatureMetadata(field_name="one"), signer=signer
    )
    return signed.getvalue(), made.public_bytes(serialization.Encoding.PEM).decode()
