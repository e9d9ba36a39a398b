"""The catalogue's tables."""

from motcua.procedures.models.case import FeeRow, ProcedureVariant, TimeLimitRow
from motcua.procedures.models.catalogue import LegalReference, Procedure, ProcedureVersion, SearchWord, Sector
from motcua.procedures.models.imports import ImportFlag, ImportRun
from motcua.procedures.models.offering import AgencyProcedure
from motcua.procedures.models.paper import RequiredDocument, ResultType

__all__ = [
    "AgencyProcedure",
    "FeeRow",
    "ImportFlag",
    "ImportRun",
    "LegalReference",
    "Procedure",
    "ProcedureVariant",
    "ProcedureVersion",
    "RequiredDocument",
    "ResultType",
    "SearchWord",
    "Sector",
    "TimeLimitRow",
]
