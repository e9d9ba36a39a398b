"""Encryption of short texts and keyed indexes."""

import pytest
from django.core.exceptions import FieldError
from hypothesis import given
from hypothesis import strategies as st

from motcua.lib import crypto
from motcua.lib.encrypted_field import EncryptedTextField, blind_index

OLD, NEW = b"o" * 32, b"n" * 32


@given(st.text(max_size=80))
def test_what_was_encrypted_is_read_back(text: str) -> None:
    assert crypto.decrypt(crypto.encrypt(text, NEW, purpose="x.phone"), NEW, purpose="x.phone") == text


def test_the_same_text_never_gives_the_same_ciphertext() -> None:
    values = {crypto.encrypt("0912345678", NEW, purpose="p") for _ in range(50)}
    assert len(values) == 50 and not any(b"0912" in value for value in values)


def test_old_keys_still_read_and_the_first_writes() -> None:
    stored = crypto.encrypt("x", OLD, purpose="p")
    assert crypto.decrypt(stored, [NEW, OLD], purpose="p") == "x"
    with pytest.raises(crypto.DecryptionError):
        crypto.decrypt(crypto.encrypt("x", [NEW, OLD], purpose="p"), OLD, purpose="p")


def test_a_changed_or_moved_value_is_refused() -> None:
    stored = crypto.encrypt("0912345678", NEW, purpose="person.phone")
    with pytest.raises(crypto.DecryptionError):
        crypto.decrypt(stored, NEW, purpose="person.email")
    for place in range(len(stored)):
        changed = stored[:place] + bytes([stored[place] ^ 1]) + stored[place + 1 :]
        with pytest.raises(crypto.DecryptionError):
            crypto.decrypt(changed, NEW, purpose="person.phone")
    with pytest.raises(crypto.DecryptionError):
        crypto.decrypt(b"", NEW, purpose="person.phone")


def test_a_key_of_another_size_is_refused() -> None:
    with pytest.raises(ValueError, match="32"):
        crypto.encrypt("x", b"short", purpose="p")


def test_an_index_depends_on_key_and_purpose(settings) -> None:
    settings.INDEX_KEY = NEW
    assert blind_index("1", "a") == blind_index("1", "a") != blind_index("1", "b")
    assert blind_index("1", "a") != crypto.index("1", OLD, purpose="a")


def test_an_encrypted_column_holds_no_plain_text(settings) -> None:
    settings.FIELD_KEY = NEW
    field = EncryptedTextField(purpose="person.phone", null=True)
    field.set_attributes_from_name("phone")
    stored = field.get_db_prep_value("0912345678", None)
    assert b"0912345678" not in stored and field.from_db_value(memoryview(stored), None, None) == "0912345678"
    assert field.get_db_prep_value(None, None) is None and field.from_db_value(None, None, None) is None
    with pytest.raises(FieldError):
        field.get_lookup("exact")
    assert field.get_lookup("isnull") is not None
