"""Persons, organizations, the applicant that is one of them, and who was looked for."""

from motcua.applicants.models.applicant import Applicant, ApplicantKind
from motcua.applicants.models.citizen import CitizenAccount, CitizenIdentity
from motcua.applicants.models.look_up import How, LookUp
from motcua.applicants.models.mandate import Mandate, MandateKind, MandateState
from motcua.applicants.models.organization import Organization
from motcua.applicants.models.person import Person, Sex
from motcua.applicants.models.vault import VaultFile, VaultHow, VaultLook, VaultPaper, VaultProof, VaultSource

__all__ = [
    "Applicant",
    "ApplicantKind",
    "CitizenAccount",
    "CitizenIdentity",
    "How",
    "LookUp",
    "Mandate",
    "MandateKind",
    "MandateState",
    "Organization",
    "Person",
    "Sex",
    "VaultFile",
    "VaultHow",
    "VaultLook",
    "VaultPaper",
    "VaultProof",
    "VaultSource",
]
