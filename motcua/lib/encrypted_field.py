"""A Django column whose text is encrypted at rest, and the keyed index that finds it.

    phone = EncryptedTextField(purpose="applicants.person.phone", null=True)
    phone_index = models.BinaryField(max_length=32, null=True, db_index=True)   # blind_index(phone, purpose)

Keys: `settings.FIELD_KEY` writes; `settings.OLD_FIELD_KEYS` (optional) still reads; `settings.INDEX_KEY`
indexes.
"""

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import FieldError
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

from motcua.lib import crypto

if TYPE_CHECKING:
    _Field = models.Field[str | None, str | None]
else:
    _Field = models.Field


def blind_index(value: str, purpose: str) -> bytes:
    """Return the look-up value of `value` in the column that `purpose` names. Normalize `value` before."""
    return crypto.index(value, settings.INDEX_KEY, purpose=purpose)


class EncryptedTextField(_Field):
    """Text stored as AES-GCM in `bytea`. It cannot be searched or sorted: search by its blind index."""

    def __init__(self, *args: Any, purpose: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.purpose = purpose

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        name, path, args, kwargs = super().deconstruct()
        return str(name), path, list(args), {**kwargs, "purpose": self.purpose}

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        return "bytea"

    def get_internal_type(self) -> str:
        return "BinaryField"

    def from_db_value(self, value: bytes | memoryview | None, expression: Any, connection: Any) -> str | None:
        if value is None:
            return None
        return crypto.decrypt(bytes(value), _keys(), purpose=self.purpose)

    def get_db_prep_value(self, value: str | None, connection: Any, prepared: bool = False) -> bytes | None:
        if value is None:
            return None
        return crypto.encrypt(value, _keys(), purpose=self.purpose)

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name != "isnull":
            raise FieldError(f"{self.name} is encrypted: search by its blind index")
        return super().get_lookup(lookup_name)

    def value_to_string(self, obj: models.Model) -> str:
        raise FieldError(f"{self.name} is encrypted and is not exported in plain text")


def _keys() -> list[bytes]:
    return [settings.FIELD_KEY, *getattr(settings, "OLD_FIELD_KEYS", ())]
