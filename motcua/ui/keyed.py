"""Forms that are sent once: a hidden key makes a second click the same request, not a second act.

`attempt` carries out one operation for a form and puts a refusal beside the field it names. Dates and times
are written as Vietnamese paper has them: a browser's own picker shows the 5th of June as 06/05 on a machine
that was set up in English.
"""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django import forms
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from motcua.lib.refusal import NotFound, NotPermitted, Refusal

_PLAIN = {"autocomplete": "off"}


class KeyedForm(forms.Form):
    """A form with a key of its own; a form shown again after a refusal keeps it."""

    key = forms.CharField(
        widget=forms.HiddenInput({"id": False}),  # a page may hold several forms, an id stands on it once
        max_length=64,
        required=False,
        initial=lambda: uuid4().hex,
    )


def day_field(label: Any, **options: Any) -> forms.DateField:
    """Return a field for a date."""
    return forms.DateField(
        label=label,
        input_formats=["%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y-%m-%d"],
        widget=forms.DateInput(attrs=_PLAIN | {"placeholder": "dd/mm/yyyy"}, format="%d/%m/%Y"),
        error_messages={"invalid": _("Ngày này không có. Viết như 05/06/2026.")},
        **options,
    )


def time_field(label: Any, **options: Any) -> forms.TimeField:
    """Return a field for a time of day."""
    return forms.TimeField(
        label=label,
        input_formats=["%H:%M", "%H:%M:%S", "%Hh%M"],
        widget=forms.TimeInput(attrs=_PLAIN | {"placeholder": "07:30"}, format="%H:%M"),
        error_messages={"invalid": _("Giờ này không có. Viết như 07:30.")},
        **options,
    )


def attempt(form: forms.Form, act: Callable[[dict[str, Any]], object]) -> bool:
    """Carry out `act` with what a valid form says; tell whether it was done. Faults stand on the form."""
    if not form.is_valid():
        return False
    try:
        with transaction.atomic():
            act(form.cleaned_data)
    except (NotFound, NotPermitted):
        raise
    except Refusal as refused:
        field = refused.field if refused.field in form.fields else None
        form.add_error(field, refused.message)
        return False
    return True
