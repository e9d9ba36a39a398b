"""The way in: draw a workflow for a page, both ways, with its legend."""

from collections.abc import Mapping

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from motcua.workflow.diagram import paper, tall, wide
from motcua.workflow.diagram.paper import Drawing
from motcua.workflow.diagram.words import Place
from motcua.workflow.engine import Definition
from motcua.workflow.models.rows import KIND_NAMES


def draw(
    definition: Definition,
    *,
    places: Mapping[str, Place] | None = None,
    layout: str = "wide",
    name: str = "wf",
) -> Drawing:
    """Draw a checked definition, "wide" for a desk or "tall" for 360 px.

    `places` maps step keys to where a dossier stands (steps left out are still ahead); None draws the
    workflow itself. `name` begins the ids of title and description: give each drawing of a page its own.
    """
    drawer = tall.draw if layout == "tall" else wide.draw
    return drawer(definition, places, f"{name}-{layout}")


def figure(
    definition: Definition, *, places: Mapping[str, Place] | None = None, name: str = "wf"
) -> SafeString:
    """Return both drawings in one box; the sheet shows the one that fits, and only that one is read out."""
    return format_html(
        '<div class="wf-box"><div class="wf-box__wide">{}</div><div class="wf-box__tall">{}</div></div>',
        draw(definition, places=places, layout="wide", name=name).svg,
        draw(definition, places=places, layout="tall", name=name).svg,
    )


def legend(definition: Definition) -> SafeString:
    """Return what the stations and lines of this drawing mean, only those that it uses."""
    kinds = dict.fromkeys(step.kind for step in definition.steps)
    items = [(paper.mark(kind), str(KIND_NAMES[kind])) for kind in kinds]
    if any(step.may_send_back_to for step in definition.steps):
        items.append((paper.back_mark(), _("Có thể trả lại bước trước")))
    rows = format_html_join("", "<li>{}{}</li>", items)
    return format_html('<ul class="wf-legend" aria-label="{}">{}</ul>', _("Ký hiệu trong sơ đồ"), rows)
