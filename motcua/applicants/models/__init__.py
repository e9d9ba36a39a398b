"""Persons, organizations, and the applicant that is one of them."""

from motcua.applicants.models.applicant import Applicant, ApplicantKind
from motcua.applicants.models.organization import Organization
from motcua.applicants.models.person import Person, Sex

__all__ = ["Applicant", "ApplicantKind", "Organization", "Person", "Sex"]
