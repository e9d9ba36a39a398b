"""`both`: words in Vietnamese and in English beside each other, for what must be there while the server is away."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, override

register = template.Library()

# 24 × 24: a mouth for each of five scores, from the worst to the best.
_MOUTHS = {
    1: "M7.5 17.2c1.2-2.4 2.7-3.2 4.5-3.2s3.3.8 4.5 3.2",
    2: "M8 16.4c1.2-1.2 2.5-1.6 4-1.6s2.8.4 4 1.6",
    3: "M8 15.6h8",
    4: "M8 14.8c1.2 1.2 2.5 1.6 4 1.6s2.8-.4 4-1.6",
    5: "M7.5 14c1.2 2.4 2.7 3.2 4.5 3.2s3.3-.8 4.5-3.2",
}


@register.simple_tag
def both(words: str) -> SafeString:
    """Write `words`, which come in Vietnamese, in both languages; the sheet shows the visitor's."""
    with override("en"):
        english = gettext(words)
    return format_html('<span lang="vi">{}</span><span lang="en">{}</span>', words, english)


@register.simple_tag
def face(score: int) -> SafeString:
    """Draw the face of a score, 1 to 5."""
    return mark_safe(  # noqa: S308  (constants)
        '<svg class="k-face__drawing" viewBox="0 0 24 24" aria-hidden="true"><circle cx="12" cy="12" r="10"/>'
        f'<path d="M8.5 9v1.2M15.5 9v1.2"/><path d="{_MOUTHS[int(score)]}"/></svg>'
    )
