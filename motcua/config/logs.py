"""Lines of the log without what must not stand there: rows of persons, and links that are secrets."""

import logging
import re

# PostgreSQL explains a broken constraint by printing the whole row.
_DETAIL = re.compile(r"\bDETAIL: .*?(?=\n\nThe above exception|\n\nDuring handling|\Z)", re.DOTALL)
# One-time links and links to originals are secrets as long as they can be used; so are addresses with a token
# (`lookup.new_token`: 22 letters), also where one is the way back in another address.
_SECRET_PATH = re.compile(
    r"(/(?:loi-moi|f)/)[^/\s\"']+|((?:/|%2F))[A-Za-z0-9_-]{22}(?=[/?#&%\s\"')]|$)", re.IGNORECASE
)


class Line(logging.Formatter):
    """Format a record, then take personal rows and secret paths out of the whole text, traceback included."""

    def format(self, record: logging.LogRecord) -> str:
        text = super().format(record)
        return _SECRET_PATH.sub(r"\1\2…", _DETAIL.sub("DETAIL: (left out)", text))
