"""A certificate authority of our own, officers and offices with certificates of it, and PDFs that they really sign."""

import io
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from asn1crypto import keys, x509
from cryptography import x509 as fresh
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers, timestamps
from pyhanko_certvalidator.registry import SimpleCertificateStore

from motcua.base.files.tests import corpus

_USES = (
    "digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
    "key_cert_sign", "crl_sign", "encipher_only", "decipher_only",
)  # fmt: skip
DER, PEM = serialization.Encoding.DER, serialization.Encoding.PEM


def now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


@dataclass
class Holder:
    """A certificate with its key, and the chain above it."""

    certificate: fresh.Certificate
    key: Any
    above: "Holder | None" = None

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(PEM)

    def signer(self) -> signers.SimpleSigner:
        store = SimpleCertificateStore()
        if self.above is not None:
            store.register(_asn1(self.above.certificate))
        return signers.SimpleSigner(_asn1(self.certificate), _key(self.key), store)


def _asn1(one: fresh.Certificate) -> x509.Certificate:
    return x509.Certificate.load(one.public_bytes(DER))


def _key(key: Any) -> keys.PrivateKeyInfo:
    plain = key.private_bytes(DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return keys.PrivateKeyInfo.load(plain)


def holder(
    who: str, office: str = "", *, above: Holder | None = None, authority: bool = False, stamps: bool = False,
    begins: datetime | None = None, ends: datetime | None = None,
) -> Holder:  # fmt: skip
    # The time stamper of the library signs with RSA alone.
    key: Any = rsa.generate_private_key(65537, 2048) if stamps else ec.generate_private_key(ec.SECP256R1())
    names = [fresh.NameAttribute(NameOID.COMMON_NAME, who)]
    if office:
        names.append(fresh.NameAttribute(NameOID.ORGANIZATION_NAME, office))
    name = fresh.Name(names)
    allowed = {"key_cert_sign", "crl_sign"} if authority else {"digital_signature", "content_commitment"}
    builder = (
        fresh.CertificateBuilder()
        .subject_name(name)
        .issuer_name(above.certificate.subject if above else name)
        .public_key(key.public_key())
        .serial_number(fresh.random_serial_number())
        .not_valid_before(begins or now() - timedelta(days=400))
        .not_valid_after(ends or now() + timedelta(days=400))
        .add_extension(fresh.BasicConstraints(ca=authority, path_length=None), critical=True)
        .add_extension(fresh.KeyUsage(**{use: use in allowed for use in _USES}), critical=True)
        .add_extension(fresh.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    if above is not None:
        issuer = fresh.AuthorityKeyIdentifier.from_issuer_public_key(above.key.public_key())
        where = fresh.DistributionPoint(
            [fresh.UniformResourceIdentifier("http://ca.invalid/a.crl")], None, None, None
        )
        builder = builder.add_extension(issuer, critical=False)
        builder = builder.add_extension(fresh.CRLDistributionPoints([where]), critical=False)
    if stamps:
        builder = builder.add_extension(
            fresh.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True
        )
    return Holder(builder.sign((above or Holder(None, key)).key, hashes.SHA256()), key, above)  # type: ignore[arg-type]


def authority(who: str = "CA phục vụ thử nghiệm") -> Holder:
    return holder(who, authority=True)


def revoked(root: Holder, *which: Holder) -> bytes:
    """Return the authority's list of revoked certificates, as PEM."""
    builder = (
        fresh.CertificateRevocationListBuilder()
        .issuer_name(root.certificate.subject)
        .last_update(now() - timedelta(days=1))
        .next_update(now() + timedelta(days=30))
    )
    for one in which:
        row = fresh.RevokedCertificateBuilder().serial_number(one.certificate.serial_number)
        builder = builder.add_revoked_certificate(row.revocation_date(now() - timedelta(days=2)).build())
    return builder.sign(root.key, hashes.SHA256()).public_bytes(PEM)


def signed(*by: Holder, pdf: bytes = b"", stamper: Holder | None = None) -> bytes:
    """Return a PDF that each holder signed in turn."""
    data = pdf or corpus.pdf(1)
    for number, one in enumerate(by, 1):
        stamps: Any = None
        if stamper is not None:
            stamps = timestamps.DummyTimeStamper(
                _asn1(stamper.certificate), _key(stamper.key),
                certs_to_embed=SimpleCertificateStore.from_certs(
                    [_asn1(stamper.above.certificate)] if stamper.above else []
                ),
            )  # fmt: skip
        with ThreadPoolExecutor(1) as aside:  # a test of pages has an event loop in its own thread
            data = aside.submit(_signed, data, one, f"Chữ ký {number}", stamps).result()
    return data


def _signed(data: bytes, by: Holder, name: str, stamps: Any) -> bytes:
    made = signers.sign_pdf(
        IncrementalPdfFileWriter(io.BytesIO(data)), signers.PdfSignatureMetadata(field_name=name),
        signer=by.signer(), timestamper=stamps,
    )  # fmt: skip
    content: bytes = made.getvalue()
    return content


def trust(data: Path, *roots: Holder, lists: bytes = b"") -> None:
    """Put certificates into the folder of a data directory, as an administrator does."""
    place = data / "signature-roots"
    place.mkdir(exist_ok=True)
    for number, one in enumerate(roots):
        (place / f"{number}.pem").write_bytes(one.pem)
    if lists:
        (place / "revoked.crl").write_bytes(lists)
