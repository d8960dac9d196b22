"""The answers to judged files, one JSON line each: judgements, refusals and, where asked for, the units' figures."""

from collections.abc import Iterator
from datetime import UTC, datetime, time

import msgspec

from models.days import aware, day_of
from models.files.judging import Judged
from models.tally.snapshot import UnitSnapshot, unit_snapshot
from models.tally.units import UnitSums

_encoder = msgspec.json.Encoder()
_SEQUENCE = 1


def answers(judged: Judged) -> Iterator[bytes]:
    """A line for every purchase in the shape of `compliance.orders`, then one for every refusal."""
    for judgement in judged.judgements:
        yield _encoder.encode(judgement)
    for refused in judged.refused:
        yield _encoder.encode({"rejected": refused})


def end_of(judged: Judged, *, now: datetime) -> datetime:
    """The end of the last day with a purchase, else now: a file of years ago has no figures today."""
    last = max((judgement.day for judgement in judged.judgements), default=day_of(now))
    return min(now, aware(datetime.combine(last, time.max)))


def figures(judged: Judged, *, now: datetime) -> Iterator[bytes]:
    """A line for every unit that has a purchase, in the shape of `compliance.units`, as of that moment."""
    for unit in unit_figures(judged, now=now):
        yield _encoder.encode(unit)


def unit_figures(judged: Judged, *, now: datetime) -> Iterator[UnitSnapshot]:
    """The figures of every unit that has a purchase, and of all units above it."""
    sums = UnitSums(judged.basis.snapshot, day_of(now))
    for cell, measures in judged.cells.items():
        sums.replace(0, cell, _SEQUENCE, measures, judged.buyers[cell])
    as_of = now.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    gain = judged.basis.judge.settings.gain_per_invoice_ore
    for unit in sorted(sums.days):
        yield unit_snapshot(sums, unit, as_of=as_of, generation=1, revision=1, gain_per_invoice_ore=gain)


def summary(judged: Judged) -> str:
    """`3 purchases, 2 no purchases, 1 rejected, 1 waiting`; catalogues where there are any."""
    parts = [_counted(len(judged.judgements), "purchase"), _counted(judged.no_purchases, "no purchase")]
    if judged.catalogues:
        parts.append(_counted(judged.catalogues, "catalogue"))
    return ", ".join([*parts, f"{len(judged.refused)} rejected", f"{judged.waiting} waiting"])


def _counted(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
