"""`{% eform_offered code as found %}`: whether a procedure has an electronic form today."""

from django import template
from django.utils import timezone

from motcua.eforms import queries

register = template.Library()


@register.simple_tag
def eform_offered(code: str | None) -> bool:
    """Tell whether somebody can fill in the declaration of a procedure on a screen."""
    return bool(code) and queries.offered(str(code), timezone.localdate())
