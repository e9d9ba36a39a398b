"""Rating: what one visitor thought of one visit."""

from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from motcua.agencies.models import Agency, Counter
from motcua.counters.models import Hall, Service
from motcua.feedback.models.questions import QuestionSet
from motcua.feedback.patterns import Pattern


class Score(models.IntegerChoices):
    """Five steps, as national surveys of satisfaction ask them."""

    VERY_BAD = 1, _("Rất không hài lòng")
    BAD = 2, _("Không hài lòng")
    FAIR = 3, _("Bình thường")
    GOOD = 4, _("Hài lòng")
    VERY_GOOD = 5, _("Rất hài lòng")


class Reason(models.TextChoices):
    """What the score was about. Codes are stored and never change; the words suit praise and blame alike."""

    WAITING = "waiting", _("Thời gian chờ")
    MANNER = "manner", _("Thái độ của cán bộ")
    GUIDANCE = "guidance", _("Hướng dẫn rõ hay không")
    PAPERS = "papers", _("Giấy tờ phải nộp")
    ON_TIME = "on_time", _("Trả đúng hẹn hay không")
    PLACE = "place", _("Chỗ ngồi, thiết bị")


class Source(models.TextChoices):
    """What the visit was."""

    TICKET = "ticket", _("Lượt ở quầy")
    DOSSIER = "dossier", _("Hồ sơ")


class Rating(models.Model):
    """One rating of one visit, for good. It does not say whose: neither ticket nor dossier stands in it.

    `visit` is a keyed hash of the ticket or of the dossier's code: enough to refuse a second one, of no use to find out
    who rated. Where it was (hall, service, counter) and on which day is copied, the hour is not.
    """

    personal_data: ClassVar[dict[str, str]] = {
        "words": "what a visitor wrote, who may have named somebody; removed after the span of retention"
    }

    id = models.UUIDField(
        primary_key=True, default=uuid4, editable=False
    )  # by chance: a UUIDv7 tells the moment
    home_agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    source = models.CharField(max_length=8, choices=Source.choices)
    visit = models.CharField(max_length=64)
    hall = models.ForeignKey(Hall, null=True, on_delete=models.PROTECT, related_name="+")
    service = models.ForeignKey(Service, null=True, on_delete=models.PROTECT, related_name="+")
    counter = models.ForeignKey(Counter, null=True, on_delete=models.PROTECT, related_name="+")
    about = models.CharField(max_length=300)  # the service's or the procedure's name, as it was
    score = models.PositiveSmallIntegerField(choices=Score.choices)
    reasons = models.JSONField(default=list)
    words = models.CharField(max_length=500, blank=True, default="")
    channel = models.CharField(max_length=6, choices=[("kiosk", _("Máy lấy số")), ("web", _("Điện thoại"))])
    day = models.DateField()
    question_set = models.ForeignKey(QuestionSet, null=True, on_delete=models.PROTECT, related_name="+")
    answers = models.JSONField(default=dict)  # of the set's questions: key → value

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["home_agency", "visit"], name="feedback_one_rating_a_visit"),
            models.CheckConstraint(condition=Q(score__gte=1, score__lte=5), name="feedback_score_of_five"),
        ]
        indexes = [models.Index(fields=["home_agency", "day", "id"], name="feedback_day")]

    def __str__(self) -> str:
        return f"{self.day} {self.score}"


class RatingTrace(models.Model):
    """When and where from a rating came, for the look at patterns. Only the nightly work reads it; gone the next day.

    `device` is a keyed hash of day and network address (or of the kiosk), `content` one of what was said.
    """

    personal_data: ClassVar[dict[str, str]] = {
        "device": "keyed hash of network address and day, to notice arranged ratings; kept until the next day"
    }

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    home_agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    rating = models.ForeignKey(Rating, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    device = models.BinaryField(max_length=32)
    kiosk = models.BooleanField()
    counter_id = models.BigIntegerField(null=True)
    content = models.BinaryField(max_length=32)


class RatingFlag(models.Model):
    """A rating that looks arranged, and why: `why` holds codes of `patterns.Pattern`. Counted apart, never deleted."""

    personal_data: ClassVar[dict[str, str]] = {}

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    home_agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    rating = models.ForeignKey(Rating, on_delete=models.PROTECT, related_name="flags")
    why = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["home_agency", "rating"], name="feedback_flagged_once"),
        ]

    def __str__(self) -> str:
        return ", ".join(self.why)

    @property
    def reason(self) -> str:
        """Return why in words."""
        return "; ".join(str(Pattern(code).label) for code in self.why if code in Pattern.values)
