"""Ratings of visits; feedback and recommendations (PAKN) with what was said, handed in and published."""

from motcua.feedback.models.petition import Petition, PetitionFile, PetitionMessage, Publication
from motcua.feedback.models.rating import Rating, Reason, Score, Source

__all__ = [
    "Petition", "PetitionFile", "PetitionMessage", "Publication", "Rating", "Reason", "Score", "Source",
]  # fmt: skip
