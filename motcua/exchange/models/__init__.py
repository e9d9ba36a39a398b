"""The rows of integration: clients, what opens the door to them, what they sent, what they are told."""

from motcua.exchange.models.client import AccessToken, Client, ClientDay, ClientSecret, Scope
from motcua.exchange.models.incoming import Incoming, PressedBy, Upload
from motcua.exchange.models.told import Change, Delivery, Webhook

__all__ = [
    "AccessToken",
    "Change",
    "Client",
    "ClientDay",
    "ClientSecret",
    "Delivery",
    "Incoming",
    "PressedBy",
    "Scope",
    "Upload",
    "Webhook",
]
