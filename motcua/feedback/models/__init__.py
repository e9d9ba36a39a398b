"""Ratings of visits; feedback and recommendations (PAKN) with what was said, handed in and published."""

from motcua.feedback.models.forwarding import Forwarding, Way
from motcua.feedback.models.petition import Petition, PetitionFile, PetitionMessage, Publication
from motcua.feedback.models.questions import QuestionSet, Scale, SetState
from motcua.feedback.models.rating import Rating, RatingFlag, RatingTrace, Reason, Score, Source

__all__ = [
    "Forwarding", "Petition", "PetitionFile", "PetitionMessage", "Publication", "QuestionSet",
    "Rating", "RatingFlag", "RatingTrace", "Reason", "Scale", "Score", "SetState", "Source", "Way",
]  # fmt: skip
