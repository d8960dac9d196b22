"""Numbers, amounts, rates, days and moments as people read them, in Danish and in English."""

from datetime import date, datetime
from decimal import Decimal

from models.days import COPENHAGEN
from sinks.web.language import Language

HARD_SPACE = "\u00a0"
NOTHING = "–"
_MILLION_ORE = 100_000_000
_BILLION_ORE = 100_000_000_000
_MONTHS = {
    Language.DANISH: ["jan.", "feb.", "mar.", "apr.", "maj", "juni", "juli", "aug.", "sep.", "okt.", "nov.", "dec."],
    Language.ENGLISH: ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
}
_MINUTE = 60
_HOUR = 60 * _MINUTE
_DAY = 24 * _HOUR


def number(value: float | Decimal | None, language: Language, decimals: int = 0) -> str:
    """`1.234,5` in Danish, `1,234.5` in English."""
    if value is None:
        return NOTHING
    text = f"{value:,.{decimals}f}".replace("-", "−")
    return text.translate(str.maketrans(",.", ".,")) if language is Language.DANISH else text


def amount(ore: int | None, language: Language) -> str:
    """An amount at a glance: `kr. 12,3 mio.`; below a million in whole kroner."""
    if ore is None:
        return NOTHING
    if abs(ore) >= _BILLION_ORE:
        return _currency(number(Decimal(ore) / _BILLION_ORE, language, 2), language, " mia.", " bn")
    if abs(ore) >= _MILLION_ORE:
        return _currency(number(Decimal(ore) / _MILLION_ORE, language, 1), language, " mio.", " m")
    return _currency(number(Decimal(ore) / 100, language), language, "", "")


def exact_amount(ore: int | None, language: Language) -> str:
    """An amount to the øre: `kr. 1.234.567,50`."""
    return NOTHING if ore is None else _currency(number(Decimal(ore) / 100, language, 2), language, "", "")


def _currency(text: str, language: Language, danish: str, english: str) -> str:
    words = f"kr. {text}{danish}" if language is Language.DANISH else f"DKK {text}{english}"
    return words.replace(" ", HARD_SPACE)


def percent(fraction: float | None, language: Language, decimals: int = 1) -> str:
    """`53,2 %` in Danish, `53.2%` in English."""
    if fraction is None:
        return NOTHING
    text = number(Decimal(str(fraction)) * 100, language, decimals)
    return f"{text}{HARD_SPACE}%" if language is Language.DANISH else f"{text}%"


def points(difference: float | None, language: Language) -> str:
    """A difference of two rates in percentage points, always with its sign."""
    if difference is None:
        return NOTHING
    text = number(Decimal(str(difference)) * 100, language, 1)
    is_zero = not text.strip("−0.,")
    text = text.lstrip("−") if is_zero or not text.startswith("−") else text
    text = text if is_zero or text.startswith("−") else f"+{text}"
    return f"{text}{HARD_SPACE}{'pct.point' if language is Language.DANISH else 'pp'}"


def signed(difference: float | None, language: Language) -> str:
    """The same for a column whose head names the unit: `+7,1`."""
    return points(difference, language).partition(HARD_SPACE)[0]


def gap(difference: float, language: Language) -> str:
    """How many percentage points are missing, or were won, without a sign."""
    return points(abs(difference), language).lstrip("+")


def day(value: date | None, language: Language) -> str:
    """`23. nov. 2026` in Danish, `23 Nov 2026` in English."""
    if value is None:
        return NOTHING
    dot = "." if language is Language.DANISH else ""
    return f"{value.day}{dot} {_MONTHS[language][value.month - 1]} {value.year}".replace(" ", HARD_SPACE)


def iso_day(text: str, language: Language) -> str:
    """A day that stands as text in evidence; what is none stays as it is."""
    try:
        return day(date.fromisoformat(text), language)
    except ValueError:
        return text


def month(value: date, language: Language) -> str:
    """`nov. 2026`."""
    return f"{_MONTHS[language][value.month - 1]}{HARD_SPACE}{value.year}"


def moment(value: datetime | None, language: Language) -> str:
    """A day and the time of day in Copenhagen, to the second."""
    if value is None:
        return NOTHING
    here = value.astimezone(COPENHAGEN)
    separator, before = (".", "kl. ") if language is Language.DANISH else (":", "")
    return f"{day(here.date(), language)} {before}{here:%H}{separator}{here:%M}{separator}{here:%S}"


def clock(value: datetime | None, language: Language) -> str:
    """The time of day in Copenhagen: `kl. 14.05.09`, `14:05:09`."""
    if value is None:
        return NOTHING
    here = value.astimezone(COPENHAGEN)
    danish = language is Language.DANISH
    return f"kl.{HARD_SPACE}{here:%H.%M.%S}" if danish else f"{here:%H:%M:%S}"


def duration(seconds: float | None, language: Language) -> str:
    """How long, in the largest unit that says it: `3 sek.`, `4 min.`, `2 timer`, `5 dage`."""
    if seconds is None:
        return NOTHING
    danish = language is Language.DANISH
    if seconds < _MINUTE:
        return f"{number(max(seconds, 0), language, 1 if seconds < 10 else 0)}{HARD_SPACE}{'sek.' if danish else 's'}"  # noqa: PLR2004
    if seconds < _HOUR:
        return f"{number(seconds // _MINUTE, language)}{HARD_SPACE}min{'.' if danish else ''}"
    if seconds < _DAY:
        return f"{number(seconds // _HOUR, language)}{HARD_SPACE}{'timer' if danish else 'h'}"
    return f"{number(seconds // _DAY, language)}{HARD_SPACE}{'dage' if danish else 'days'}"
