"""The rows of the certification desk."""

from motcua.certification.models.book import Volume
from motcua.certification.models.visit import CopiedPaper, Payment, Signer, Visit

__all__ = ["CopiedPaper", "Payment", "Signer", "Visit", "Volume"]
