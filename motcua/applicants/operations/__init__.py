"""Writes of applicants: `people` (find_or_register_person), `organizations` (register_organization)."""

from motcua.applicants.operations.organizations import OrganizationFacts, register_organization
from motcua.applicants.operations.people import Registered, find_or_register_person
from motcua.applicants.operations.person_facts import PersonFacts

__all__ = [
    "OrganizationFacts",
    "PersonFacts",
    "Registered",
    "find_or_register_person",
    "register_organization",
]
