"""The two languages of the page, and which one a visitor reads."""

from enum import StrEnum

COOKIE = "language"


class Language(StrEnum):
    """Danish first."""

    DANISH = "da"
    ENGLISH = "en"

    @property
    def other(self) -> "Language":
        return Language.ENGLISH if self is Language.DANISH else Language.DANISH


def chosen(cookie: str | None, default: Language) -> Language:
    """The remembered language, else the service's own; a cookie of other content is ignored."""
    return Language(cookie) if cookie in set(Language) else default
