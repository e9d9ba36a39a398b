"""Agencies and their dated names, codes and parents; what stands inside them; the people."""

from motcua.agencies.models.agency import (
    Agency,
    AgencyCode,
    AgencyLevel,
    AgencyName,
    AgencyParent,
    CodeScheme,
    Succession,
    SuccessionKind,
)
from motcua.agencies.models.change import AgencyArea, ChangeKind, ChangeState, PlannedChange, UnitAgency
from motcua.agencies.models.dated import holds_on
from motcua.agencies.models.delegation import Delegation, DelegationState
from motcua.agencies.models.place import Counter, OneStopShop, Point, ShopKind
from motcua.agencies.models.position import Position
from motcua.agencies.models.review import AccessReview, Answer, ReviewItem
from motcua.agencies.models.unit import Unit, UnitKind, UnitName

__all__ = [
    "AccessReview",
    "Agency",
    "AgencyArea",
    "AgencyCode",
    "AgencyLevel",
    "AgencyName",
    "AgencyParent",
    "Answer",
    "ChangeKind",
    "ChangeState",
    "CodeScheme",
    "Counter",
    "Delegation",
    "DelegationState",
    "OneStopShop",
    "PlannedChange",
    "Point",
    "Position",
    "ReviewItem",
    "ShopKind",
    "Succession",
    "SuccessionKind",
    "Unit",
    "UnitAgency",
    "UnitKind",
    "UnitName",
    "holds_on",
]
