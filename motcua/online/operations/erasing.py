"""What somebody prepared and never handed in, when they want their data erased: `privacy` calls it by its name
(settings MOTCUA_ERASERS), as the two apps stand beside each other.
"""

from collections import Counter
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from motcua.base.audit.operations import record
from motcua.eforms.models import Confirmation, FormAnswer
from motcua.eforms.models import State as AnswerState
from motcua.lib.actor import Actor
from motcua.online.models import Application, ApplicationFile, ApplicationPaper, State
from motcua.online.operations.drafting import SUBJECT, remove

#: Kept with the certificate, so in Vietnamese whatever the screen.
WHY = "Chưa nộp"


def going(applicant_id: UUID) -> dict[str, int]:
    """Return how many rows of each table go: what is prepared for the person, and declarations of theirs beside it."""
    rows, answers = _applications(applicant_id), _declarations(applicant_id)
    gone = Counter({
        Application._meta.label: rows.count(),
        ApplicationPaper._meta.label: ApplicationPaper.objects.filter(application__in=rows).count(),
        ApplicationFile._meta.label: ApplicationFile.objects.filter(paper__application__in=rows).count(),
        # Of what `held` counts: the person's own declarations, and what they confirmed themselves.
        FormAnswer._meta.label: answers.filter(owner__citizen__person__applicant=applicant_id).count(),
        Confirmation._meta.label: Confirmation.objects.filter(
            answer__in=answers, account__citizen__person__applicant=applicant_id
        ).count(),
    })  # fmt: skip
    return {label: count for label, count in gone.items() if count}


def erase(*, applicant_id: UUID, actor: Actor, at: datetime) -> None:
    """Remove what `going` counts, with files and declarations. What was handed in is a dossier and stays."""
    answers = list(_declarations(applicant_id).values_list("pk", flat=True))
    for row in _applications(applicant_id).select_for_update(of=("self",)).select_related("answer"):
        number, code = row.pk, row.variant.version.procedure.code
        remove(row)
        record(
            actor=actor, verb="online.discard", subject_kind=SUBJECT, subject_id=number, at=at,
            payload={"procedure": code},
        )  # fmt: skip
    FormAnswer.objects.filter(pk__in=answers).delete()


def _applications(applicant_id: UUID) -> QuerySet[Application]:
    return Application.objects.filter(applicant=applicant_id, state=State.OPEN)


def _declarations(applicant_id: UUID) -> QuerySet[FormAnswer]:
    """Return those of the applications above, and those the person began for nothing else that is still prepared."""
    own = FormAnswer.objects.filter(owner__citizen__person__applicant=applicant_id, application=None)
    of_these = FormAnswer.objects.filter(application__in=_applications(applicant_id))
    return (own | of_these).exclude(state=AnswerState.HANDED_IN).distinct()
