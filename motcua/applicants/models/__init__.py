"""Persons, organizations, the applicant that is one of them, and who was looked for."""

from motcua.applicants.models.applicant import Applicant, ApplicantKind
from motcua.applicants.models.look_up import How, LookUp
from motcua.applicants.models.organization import Organization
from motcua.applicants.models.person import Person, Sex
from motcua.applicants.models.vault import VaultFile, VaultHow, VaultLook, VaultPaper, VaultSource

__all__ = [
    "Applicant",
    "ApplicantKind",
    "How",
    "LookUp",
    "Organization",
    "Person",
    "Sex",
    "VaultFile",
    "VaultHow",
    "VaultLook",
    "VaultPaper",
    "VaultSource",
]
