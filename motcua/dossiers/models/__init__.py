"""The rows of a dossier. Every row carries the dossier's home agency (architecture §3)."""

from motcua.dossiers.models.act import Consultation, Pause, SupplementRequest
from motcua.dossiers.models.apology import Apology
from motcua.dossiers.models.custody import HandoverLine, HandoverSlip, Holding
from motcua.dossiers.models.document import DossierDocument, DossierFile
from motcua.dossiers.models.dossier import Dossier, ExternalCode
from motcua.dossiers.models.draft import Draft
from motcua.dossiers.models.hall_ticket import HallTicket, HowJoined
from motcua.dossiers.models.handling import HandlingUnit
from motcua.dossiers.models.known import KnownName
from motcua.dossiers.models.paper import AccessLog, Paper
from motcua.dossiers.models.paper_text import PaperText
from motcua.dossiers.models.people_list import ListRow, PeopleList
from motcua.dossiers.models.posting import HowPosted, Posting
from motcua.dossiers.models.recompute import DueMove, Recompute
from motcua.dossiers.models.reminder import AgencyReminder, Letter, OwnReminder
from motcua.dossiers.models.result import Result
from motcua.dossiers.models.result_template import ResultTemplate
from motcua.dossiers.models.scan import ScanState, ScanText
from motcua.dossiers.models.shown import Shown, Way
from motcua.dossiers.models.task import Task
from motcua.dossiers.models.together import Mention, Note, OpinionTemplate, Relation, Watch

__all__ = [
    "AccessLog",
    "AgencyReminder",
    "Apology",
    "Consultation",
    "Dossier",
    "DossierDocument",
    "DossierFile",
    "Draft",
    "DueMove",
    "ExternalCode",
    "HallTicket",
    "HandlingUnit",
    "HandoverLine",
    "HandoverSlip",
    "Holding",
    "HowJoined",
    "HowPosted",
    "KnownName",
    "Letter",
    "ListRow",
    "Mention",
    "Note",
    "OpinionTemplate",
    "OwnReminder",
    "Paper",
    "PaperText",
    "Pause",
    "PeopleList",
    "Posting",
    "Recompute",
    "Relation",
    "Result",
    "ResultTemplate",
    "ScanState",
    "ScanText",
    "Shown",
    "SupplementRequest",
    "Task",
    "Watch",
    "Way",
]
