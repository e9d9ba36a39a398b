"""Several rows of a list at once: which ones, and to whom."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from motcua.dossiers.forms.act import NOTE, radio, text
from motcua.dossiers.operations.batches import Pick


def picks_of(values: list[str]) -> list[Pick]:
    """Read the rows that were ticked ("id~version"); what is no row of ours is left out."""
    found = []
    for value in values:
        name, _mark, version = value.partition("~")
        try:
            found.append(Pick(UUID(name), int(version[:9])))
        except ValueError:
            continue
    return found


class AssignAllForm(forms.Form):
    """Who gets the chosen dossiers."""

    to_position = radio(_("Giao cho"), error_messages={"required": _("Chọn người nhận.")})
    note = text(NOTE, rows=2, required=False)

    def __init__(self, *args: Any, people: list[tuple[int, str]], **kwargs: Any) -> None:
        kwargs |= {"auto_id": "all_%s", "label_suffix": ""}
        super().__init__(*args, **kwargs)
        field = self.fields["to_position"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = people
