"""The way in: draw a workflow for a page, both ways, with its legend."""

from collections.abc import Mapping

from django.utils.html import format_html
from django.utils.safestring import SafeString

from motcua.workflow.diagram import tall, wide
from motcua.workflow.diagram.paper import Drawing
from motcua.workflow.diagram.words import Place
from motcua.workflow.engine import Definition


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
