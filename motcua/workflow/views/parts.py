"""What several of the pages need: who asks, and what a form says with who, when and under which key."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.lib.actor import Actor
from motcua.ui.components import Crumb
from motcua.workflow.models import WorkflowVersion


def actor_of(request: HttpRequest) -> Actor:
    """Return who asks."""
    actor = request.actor  # type: ignore[attr-defined]
    assert isinstance(actor, Actor)
    return actor


def frame(request: HttpRequest, key: str) -> dict[str, Any]:
    """Return who does it, when, and under which key."""
    return {"actor": actor_of(request), "at": timezone.now(), "key": key}


def version_name(version: WorkflowVersion) -> str:
    """Return "có xác minh · Bản 2"."""
    text = _("Bản %(number)s") % {"number": version.number}
    return f"{version.variant} · {text}" if version.variant else text


def crumbs(version: WorkflowVersion, here: str) -> list[Crumb]:
    """Return the way back from a page about a version."""
    url = f"{reverse('workflow_detail', args=[version.workflow_id])}?version={version.pk}"
    return [
        Crumb(_("Quy trình nội bộ"), reverse("workflow_list")),
        Crumb(version.workflow.name, url),
        Crumb(here),
    ]
