"""What the pages of a hall's voice read."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from motcua.counters.models import Accent, Hall, Voice
from motcua.counters.voice import queries
from motcua.ui.keyed import KeyedForm, time_field

_BOUNDS = _("Nhập từ 0 đến 100.")
_MACHINE = {
    Accent.NORTH: _("Máy đọc, giọng miền Bắc"),
    Accent.CENTRAL: _("Máy đọc, giọng miền Trung"),
    Accent.SOUTH: _("Máy đọc, giọng miền Nam"),
}


class SettingsForm(KeyedForm):
    """How a hall calls."""

    voice_on = forms.BooleanField(label=_("Gọi số bằng loa"), required=False)
    accent = forms.ChoiceField(label=_("Giọng đọc"), widget=forms.RadioSelect)
    volume = forms.IntegerField(
        label=_("Âm lượng (%)"),
        min_value=0,
        max_value=100,
        error_messages={"min_value": _BOUNDS, "max_value": _BOUNDS, "invalid": _BOUNDS},
        help_text=_("Chỉnh loa ở mức vừa trước, rồi chỉnh ở đây."),
        widget=forms.NumberInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
    )
    quiet_from = time_field(_("Không gọi loa từ"), required=False)
    quiet_to = time_field(_("đến"), required=False)

    def __init__(self, *args: Any, hall: Hall, voices: list[Voice], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = [
            (f"{queries.OWN}{voice.pk}", gettext("%(name)s (đã ghi)") % {"name": voice.name})
            for voice in voices
        ]
        self.fields["accent"].choices = [*own, *_MACHINE.items()]  # type: ignore[attr-defined]
        self.initial = {
            "voice_on": hall.voice_on,
            "accent": hall.voice_accent,
            "volume": hall.voice_volume,
            "quiet_from": hall.quiet_from,
            "quiet_to": hall.quiet_to,
        }


class VoiceForm(KeyedForm):
    """A new voice to record."""

    name = forms.CharField(
        label=_("Tên giọng đọc"),
        max_length=60,
        help_text=_("Ví dụ: Cô Lan."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    accent = forms.ChoiceField(label=_("Vùng"), choices=Accent.choices)
