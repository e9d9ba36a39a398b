"""Signatures of PDFs: what is intact, who signed, whom the installation trusts. Every PDF here is really signed."""

import io
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pypdf
import pytest
from django.utils import timezone
from pyhanko.sign.validation import DocumentSecurityStore

from motcua.base.files import operations, signatures, signed_pdf, trust
from motcua.base.files.models import StoredFile
from motcua.base.files.signatures import State
from motcua.base.files.tests import corpus, signing
from motcua.lib.actor import SYSTEM
from motcua.lib.refusal import Refusal

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def data(settings: Any, tmp_path: Path) -> Path:
    settings.DATA, settings.SIGNATURE_ROOTS = tmp_path, ""
    return tmp_path


@pytest.fixture(scope="module")
def root() -> signing.Holder:
    return signing.authority()


@pytest.fixture(scope="module")
def officer(root: signing.Holder) -> signing.Holder:
    return signing.holder("Phạm Văn A", "UBND phường Hồng Bàng", above=root)


@pytest.fixture(scope="module")
def office(root: signing.Holder) -> signing.Holder:
    return signing.holder("UBND phường Hồng Bàng", "UBND phường Hồng Bàng", above=root)


def stored(content: bytes, name: str = "a.pdf") -> StoredFile:
    return operations.store(
        stream=io.BytesIO(content), filename=name, actor=SYSTEM, at=timezone.now(), purpose="t"
    )


def read(content: bytes) -> list[signatures.Signature]:
    return signatures.of(stored(content))


def test_an_officer_and_the_office_sign_and_both_are_told(
    data: Path, root: signing.Holder, officer: signing.Holder, office: signing.Holder
) -> None:
    content = signing.signed(officer, office)
    first, second = read(content)
    assert (first.who, first.office, first.issuer) == (
        "Phạm Văn A",
        "UBND phường Hồng Bàng",
        "CA phục vụ thử nghiệm",
    )
    assert first.words == "Phạm Văn A, UBND phường Hồng Bàng" and second.words == "UBND phường Hồng Bàng"
    assert (
        first.at is not None and abs(first.at - timezone.now()) < timedelta(minutes=5) and not first.stamped
    )
    assert signatures.weakest([first, second]) == State.UNKNOWN, (
        "nobody is trusted before the administrator says so"
    )
    signing.trust(data, root)
    assert [one.state for one in read(content)] == [State.TRUSTED, State.TRUSTED]


def test_one_signer_nobody_knows_makes_the_whole_unknown(
    data: Path, root: signing.Holder, officer: signing.Holder
) -> None:
    signing.trust(data, root)
    strange = signing.holder(
        "Người lạ", above=signing.authority("CA phục vụ thử nghiệm")
    )  # the same name, another key
    found = read(signing.signed(officer, strange))
    assert [one.state for one in found] == [State.TRUSTED, State.UNKNOWN]
    assert signatures.weakest(found) == State.UNKNOWN and signatures.weakest([]) is None


def test_a_file_changed_after_signing_is_refused(
    data: Path, root: signing.Holder, officer: signing.Holder
) -> None:
    signing.trust(data, root)
    content = signing.signed(officer)
    more = pypdf.PdfWriter(io.BytesIO(content), incremental=True)
    more.add_blank_page(100, 100)
    appended = io.BytesIO()
    more.write(appended)
    box = content.index(b"/MediaBox")
    swapped = content[:box] + content[box : box + 40].replace(b"420", b"421") + content[box + 40 :]
    assert swapped != content
    for altered in (
        appended.getvalue(),
        swapped,
        content + b"% something behind\n%%EOF\n",
        content + content,
    ):
        with pytest.raises(Refusal) as refused:
            read(altered)
        assert refused.value.code in {"signature_altered", "signature_unreadable"}, refused.value
    assert read(content + b"\n\n")[0].state == State.TRUSTED, (
        "an empty line at the end of a file says nothing"
    )


def test_proof_of_the_signature_may_stand_behind_it(
    data: Path, root: signing.Holder, officer: signing.Holder
) -> None:
    signing.trust(data, root)
    content = io.BytesIO(signing.signed(officer))
    DocumentSecurityStore.add_dss(content, None, certs=[signing._asn1(root.certificate)])
    assert read(content.getvalue())[0].state == State.TRUSTED


def test_what_has_no_signature_has_none(root: signing.Holder) -> None:
    assert read(corpus.pdf()) == []
    assert signatures.of(stored(corpus.png(), "a.png")) == []
    with pytest.raises(Refusal, match="Không kiểm tra được"):
        read(_empty_signature(signing.signed(signing.holder("x", above=root))))


def _empty_signature(content: bytes) -> bytes:
    start = content.index(b"/Contents <") + len(b"/Contents <")
    return content[:start] + b"0" * 64 + content[start + 64 :]


def test_a_certificate_that_ended_counts_by_a_trusted_time_stamp_only(
    data: Path, root: signing.Holder
) -> None:
    ended = signing.holder("Trần B", above=root, ends=signing.now() - timedelta(days=1))
    stamper = signing.holder("TSA", above=root, stamps=True)
    strange = signing.holder("TSA lạ", above=signing.authority("CA lạ"), stamps=True)
    signing.trust(data, root)
    assert read(signing.signed(ended))[0].state == State.LAPSED
    assert read(signing.signed(ended, stamper=strange))[0].state == State.LAPSED
    alive = signing.holder("Lê C", above=root)
    (found,) = read(signing.signed(alive, stamper=stamper))
    assert found.stamped and found.state == State.TRUSTED
    (found,) = read(signing.signed(ended, stamper=stamper))
    assert found.stamped and found.state == State.LAPSED, "the stamp says that it had ended already"


def test_a_certificate_on_the_authoritys_list_is_revoked(data: Path, root: signing.Holder) -> None:
    gone = signing.holder("Đỗ D", above=root)
    signing.trust(data, root, lists=signing.revoked(root, gone))
    assert read(signing.signed(gone))[0].state == State.REVOKED
    assert read(signing.signed(signing.holder("Vũ E", above=root)))[0].state == State.TRUSTED


def test_names_of_strangers_are_texts_and_no_longer_than_they_may_be(
    data: Path, root: signing.Holder
) -> None:
    signing.trust(data, root)
    hostile = signing.holder("<script>alert(1)</script>\n" + "á" * 10, "x" * 64, above=root)
    (found,) = read(signing.signed(hostile))
    assert "\n" not in found.words and found.words.startswith("<script>")


def test_the_folder_says_what_it_holds_and_what_it_cannot_read(data: Path, root: signing.Holder) -> None:
    assert trust.held() == trust.Trust()
    signing.trust(data, root, lists=signing.revoked(root))
    place = data / "signature-roots"
    (place / "2.cer").write_bytes(root.certificate.public_bytes(signing.DER))
    (place / "bad.crt").write_bytes(b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")
    (place / "bad.crl").write_bytes(b"no list")
    (place / "read.me").write_bytes(b"anything")
    found = trust.held()
    assert [one.file for one in found.roots] == ["0.pem", "2.cer"] and len(found.lists) == 1
    assert found.faults == ["bad.crl", "bad.crt"]
    assert len(found.roots[0].fingerprint) == 64 and "CA phục vụ" in found.roots[0].subject


def test_a_signing_time_that_cannot_be_is_not_told() -> None:
    now = datetime.now(UTC)
    assert signed_pdf._moment(now - timedelta(days=9)) != ""
    for odd in (
        None,
        datetime(9999, 12, 31, tzinfo=UTC),
        datetime(1, 1, 1, tzinfo=UTC),
        now + timedelta(days=9),
    ):
        assert signed_pdf._moment(odd) == ""
