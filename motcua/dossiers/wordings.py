"""Every form whose words an agency may choose: passages of papers, and messages. Versions are kept alike for both."""

from motcua.base.printing import passages
from motcua.base.printing.passages import Place
from motcua.dossiers import message_words

PLACES: dict[str, tuple[Place, ...]] = passages.PLACES | message_words.PLACES


def defaults(form: str) -> dict[str, str]:
    """Return what a form says where nobody wrote anything."""
    return {place.key: place.default for place in PLACES.get(form, ())}


def check(form: str, key: str, text: str) -> None:
    """Refuse a text that its place cannot hold, naming the field."""
    if form in message_words.PLACES:
        message_words.check(key, text)
    else:
        passages.check(text, field=key)


def check_whole(form: str, texts: dict[str, str]) -> None:
    """Refuse words that are sound one by one and not together."""
    message_words.check_whole(form, texts)
