"""Days and moments: every day is a calendar day in Copenhagen, every moment carries its offset."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

COPENHAGEN = ZoneInfo("Europe/Copenhagen")


def day_of(moment: datetime) -> date:
    """The calendar day in Copenhagen of an aware moment."""
    return moment.astimezone(COPENHAGEN).date()


def aware(moment: datetime) -> datetime:
    """A time without an offset is Copenhagen's (contract.md)."""
    return moment if moment.tzinfo else moment.replace(tzinfo=COPENHAGEN)


def milliseconds(moment: datetime) -> int:
    """Milliseconds since 1970 in UTC."""
    return round(moment.timestamp() * 1000)


def from_milliseconds(value: int) -> datetime:
    """The moment of a broker's timestamp."""
    return datetime.fromtimestamp(value / 1000, tz=UTC)
