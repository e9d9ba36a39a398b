"""Addresses of the voice: sounds on the public host for paired devices, pages on the staff host."""

from django.urls import URLPattern

from motcua.counters.permissions import KEEPS
from motcua.counters.voice import views
from motcua.ui.routing import everyone, holds, route

_keeps = holds(*KEEPS)
_ONE = "halls/<int:pk>/voice/"
_VOICE = f"{_ONE}<int:voice_id>/"

public_urls: list[URLPattern] = [
    route("am-thanh/<int:hall>/<int:call>.wav", views.call_sound, permission=everyone, name="call-sound"),
    route("am-thanh/ki-ot/<slug:name>.wav", views.guide_sound, permission=everyone, name="guide-sound"),
]
staff_urls: list[URLPattern] = [
    route(_ONE, views.hall_voice, permission=_keeps, name="hall-voice"),
    route(f"{_ONE}sample.wav", views.sample, permission=_keeps, name="hall-voice-sample"),
    route(f"{_ONE}new/", views.voice_new, permission=_keeps, name="hall-voice-new"),
    route(_VOICE, views.record, permission=_keeps, name="hall-voice-record"),
    route(f"{_VOICE}end/", views.voice_end, permission=_keeps, name="hall-voice-end"),
    route(f"{_VOICE}<slug:word>.wav", views.clip, permission=_keeps, name="hall-voice-clip"),
]
