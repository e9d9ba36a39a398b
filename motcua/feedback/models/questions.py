"""QuestionSet: what a rating asks, as dated data; drafts are looked at first, published ones never change."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from motcua.agencies.models import Agency


class Scale(models.TextChoices):
    """How many steps the first question has. Three steps stand for 5, 4 and 2 of five, so that figures stay one."""

    FIVE = "five", _("Năm mức, từ rất hài lòng đến rất không hài lòng")
    THREE = "three", _("Ba mức: rất hài lòng, hài lòng, không hài lòng")


class SetState(models.TextChoices):
    """Whether people see it."""

    DRAFT = "draft", _("Đang soạn")
    PUBLISHED = "published", _("Đang dùng")


class QuestionSet(models.Model):
    """Questions beside the first one, where and from when to when they are asked, and on what text they stand.

    `questions` is a list of {"key", "text", "options": [[value, label], …]}; without options the five steps. Empty
    `agency`, `procedure_code`, `source`, `channel`: everywhere. The most particular set that fits is asked.
    """

    personal_data: ClassVar[dict[str, str]] = {"made_by": "employment", "published_by": "employment"}

    title = models.CharField(_("tên bộ câu hỏi"), max_length=160)
    basis = models.CharField(_("căn cứ"), max_length=300)
    scale = models.CharField(max_length=5, choices=Scale.choices, default=Scale.FIVE)
    questions = models.JSONField(default=list)
    agency = models.ForeignKey(Agency, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    procedure_code = models.CharField(max_length=60, blank=True, default="")
    source = models.CharField(max_length=8, blank=True, default="")
    channel = models.CharField(max_length=6, blank=True, default="")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True, help_text=_("ngày đầu tiên không còn hỏi"))
    state = models.CharField(max_length=10, choices=SetState.choices, default=SetState.DRAFT)
    made_by = models.BigIntegerField()
    made_at = models.DateTimeField()
    published_by = models.BigIntegerField(null=True)
    published_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("bộ câu hỏi")
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=SetState.values, scale__in=Scale.values),
                name="feedback_set_known_words",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="feedback_set_ends_after",
            ),
        ]

    def __str__(self) -> str:
        return self.title
