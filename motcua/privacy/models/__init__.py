"""Requests of people about their data, incidents, and whom an incident concerns."""

from motcua.privacy.models.incident import Concerned, Incident
from motcua.privacy.models.request import DataRequest

__all__ = ["Concerned", "DataRequest", "Incident"]
