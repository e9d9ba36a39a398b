"""The catalogue's tables."""

from motcua.procedures.models.case import FeeRow, ProcedureVariant, TimeLimitRow
from motcua.procedures.models.catalogue import LegalReference, Procedure, ProcedureVersion, SearchWord, Sector
from motcua.procedures.models.forms_of_law import FormFamily
from motcua.procedures.models.imports import ImportFlag, ImportRun
from motcua.procedures.models.keeping import Keeping, KeepingPeriod
from motcua.procedures.models.legal_text import LegalPassage, LegalText
from motcua.procedures.models.local import AgencyArea, AgencySetting, FeeExemption, LocalFee
from motcua.procedures.models.offering import AgencyProcedure
from motcua.procedures.models.paper import RequiredDocument, ResultType
from motcua.procedures.models.review import Approval, DraftEdit, NationalReview

__all__ = [
    "AgencyArea",
    "AgencyProcedure",
    "AgencySetting",
    "Approval",
    "DraftEdit",
    "FeeExemption",
    "FeeRow",
    "FormFamily",
    "ImportFlag",
    "ImportRun",
    "Keeping",
    "KeepingPeriod",
    "LegalPassage",
    "LegalReference",
    "LegalText",
    "LocalFee",
    "NationalReview",
    "Procedure",
    "ProcedureVariant",
    "ProcedureVersion",
    "RequiredDocument",
    "ResultType",
    "SearchWord",
    "Sector",
    "TimeLimitRow",
]
