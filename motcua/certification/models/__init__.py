"""The rows of the certification desk."""

from motcua.certification.models.book import Volume
from motcua.certification.models.electronic import ElectronicCopy
from motcua.certification.models.visit import CopiedPaper, Payment, Signer, Visit

__all__ = ["CopiedPaper", "ElectronicCopy", "Payment", "Signer", "Visit", "Volume"]
