"""What every form of an act has: its facts, its choices, and the kinds of field they are made of.

A form is built for one dossier as it stands (`Facts`), so its choices are the ones that may be made now.
`run` calls exactly one operation; whatever that refuses comes back beside the field it is about.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar

from django import forms
from django.forms import BoundField
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motcua.dossiers import clock
from motcua.dossiers.models import Dossier
from motcua.dossiers.offers import Desk, Offer
from motcua.lib.actor import Actor

DAY_FORMATS = ("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%d/%m/%y", "%Y-%m-%d")
FAR_DAYS = 3 * 366


@dataclass(frozen=True)
class Facts:
    """The dossier as it stands, the officer's desk, the button pressed, and the moment."""

    dossier: Dossier
    desk: Desk
    offer: Offer
    actor: Actor
    now: datetime

    @property
    def day(self) -> date:
        return timezone.localdate(self.now)


class ActionForm(forms.Form):
    """The base: knows its facts, adds nothing. `lead` is one sentence above the fields."""

    lead: Any = ""
    send: ClassVar[Any] = ""
    takes_file: ClassVar[bool] = False
    template = ""  # the kind of result that the agency has a template for, where this act puts it on paper

    def __init__(self, *args: Any, facts: Facts, **kwargs: Any) -> None:
        kwargs |= {"auto_id": "do_%s", "label_suffix": ""}
        super().__init__(*args, **kwargs)
        self.facts = facts
        self.prepare()

    def prepare(self) -> None:
        """Fill in choices; a field with nothing to choose is dropped."""

    def run(self, common: dict[str, Any]) -> Dossier:
        """Call the operation with the clean data."""
        raise NotImplementedError

    def plain_fields(self) -> Iterator[BoundField]:
        """The fields drawn one under the other; forms with a layout of their own leave theirs out."""
        yield from self

    def choose(self, name: str, choices: list[tuple[Any, Any]]) -> None:
        """Give a choice field its choices; one choice is taken, none takes the field away."""
        if not choices:
            del self.fields[name]
            return
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices
        if len(choices) == 1:
            field.initial = choices[0][0]

    def only_if_many(self, name: str, labels: list[str]) -> None:
        """Ask for an outcome only where there are several."""
        if len(labels) <= 1:
            del self.fields[name]
            self.only_choice = labels[0] if labels and labels[0] else None
        else:
            self.choose(name, [(label, label) for label in labels])
            self.only_choice = None

    def end_of(self, day: date) -> datetime:
        """Return the end of office hours on `day`, or on the next working day."""
        calendar = clock.calendar_of(self.facts.dossier)
        return calendar.closing(calendar.roll_forward(day))

    def choice(self) -> str | None:
        return self.cleaned_data.get("choice") or self.only_choice


def text(label: Any, *, rows: int = 3, required: bool = True, hint: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label, required=required, help_text=hint, max_length=4000, widget=forms.Textarea({"rows": rows})
    )


def line(
    label: Any, *, required: bool = True, hint: Any = "", most: int = 300, **more: Any
) -> forms.CharField:
    return forms.CharField(label=label, required=required, help_text=hint, max_length=most, **more)


def not_far(day: date) -> None:
    """Refuse a year mistyped: nothing here is promised or asked for years ahead."""
    if abs((day - timezone.localdate()).days) > FAR_DAYS:
        raise forms.ValidationError(_("Ngày quá xa. Xem lại năm."))


def day(label: Any, *, required: bool = False, hint: Any = "") -> forms.DateField:
    # A plain field: the browser's own picker would show month before day on an English machine.
    widget = forms.DateInput({"inputmode": "numeric", "autocomplete": "off"}, format="%d/%m/%Y")
    return forms.DateField(
        label=label,
        required=required,
        help_text=hint or gettext_lazy("Ngày/tháng/năm, ví dụ 26/11/2026."),
        widget=widget,
        input_formats=DAY_FORMATS,
        validators=[not_far],
        error_messages={"invalid": gettext_lazy("Ghi ngày theo mẫu 26/11/2026.")},
    )


def radio(label: Any, *, required: bool = True, **more: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=required, widget=forms.RadioSelect, **more)


def file(label: Any, hint: Any = "") -> forms.FileField:
    widget = forms.ClearableFileInput({"accept": ".pdf,.jpg,.jpeg,.png,.heic"})
    return forms.FileField(label=label, required=False, help_text=hint, widget=widget)


NOTE = gettext_lazy("Ghi chú cho người nhận")
