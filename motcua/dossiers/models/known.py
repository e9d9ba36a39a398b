"""KnownName: who applied at an agency, found by the beginning of any word of the name while somebody types."""

from typing import ClassVar

from django.db import models

from motcua.agencies.models import Agency
from motcua.applicants.models import Applicant


class KnownName(models.Model):
    """A folded name from one of its words on ("phạm thị hương giang": also "thi huong giang", "huong giang", …).

    An ordinary index answers "names of this agency that begin so" in order, whoever many people are called Nguyễn;
    a word index would read all of them first. Written with the first dossier of an applicant at an agency.
    """

    personal_data: ClassVar[dict[str, str]] = {
        "words": "name folded for search; kept as the applicant's own row is"
    }

    # Without an index of its own: where statistics are young, it looked as cheap as the one in order of the names,
    # and then every name of the agency was read.
    home_agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+", db_index=False)
    applicant = models.ForeignKey(Applicant, on_delete=models.PROTECT, related_name="+")
    words = models.CharField(max_length=400, db_collation="C")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["home_agency", "words", "applicant"], name="known_name_once"),
        ]
        indexes = [models.Index(fields=["applicant", "home_agency"], name="known_name_of")]
