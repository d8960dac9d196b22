"""Sending rejected records again: each copy and the word that it was sent are one transaction, so it happens once."""

import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, nullcontext
from datetime import UTC, datetime
from enum import StrEnum

import msgspec

from handelspuls.errors import CannotRun
from models.contract.rejection import RESENT_FROM, RejectionState
from models.topics import DECISIONS, DOCUMENTS, PURCHASES, REJECTED, ROUTED
from sinks.database.rejected import Rejection
from streams.accepting import refusal_of
from streams.changelog import Reader
from streams.errors import Fenced
from streams.outbox import Outbox, Record
from streams.reading import Pseudonym

RESENDABLE = (PURCHASES, DOCUMENTS, DECISIONS, ROUTED)
"""The topics whose records can be sent again; what was refused elsewhere is ours to mend."""
TRANSACTION_TIMEOUT_MS = 60_000


class OnError(StrEnum):
    """What happens to a record that would be refused again, or that the topic holds no more."""

    STOP = "stop"
    KEEP = "keep"
    DROP = "drop"


class Original(msgspec.Struct, frozen=True):
    """A record as it came, as if it came now."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes], ...]
    timestamp: int


class Ended(msgspec.Struct, frozen=True):
    """What became of one."""

    rejection: Rejection
    state: RejectionState
    why: str = ""
    """Why it was not sent again."""


Tell = Callable[[Ended], None]


async def resend(
    rejections: Sequence[Rejection],
    *,
    on_error: OnError,
    dry_run: bool,
    bootstrap_servers: str,
    prefix: str,
    pseudonym: Pseudonym,
    tell: Tell,
) -> list[Ended]:
    """Send again what would be taken now; what would not is left open, given up, or ends it all, as `on_error` says."""
    ended: list[Ended] = []
    async with (
        nullcontext() if dry_run else _outbox(bootstrap_servers, prefix) as outbox,  # it shuts out another `rejected`
        Reader.connected(bootstrap_servers=bootstrap_servers) as reader,
    ):
        for rejection in rejections:
            original = await _original(reader, rejection)
            one = decided(rejection, original, on_error=on_error, pseudonym=pseudonym)
            if outbox is not None and one.state is not RejectionState.OPEN:
                await _written(outbox, one, original)
            ended.append(one)
            tell(one)
            if one.why and on_error is OnError.STOP:
                break
    return ended


async def give_up(rejections: Sequence[Rejection], *, bootstrap_servers: str, prefix: str, tell: Tell) -> list[Ended]:
    """Nothing of these will be sent again."""
    ended = [Ended(rejection, RejectionState.GIVEN_UP) for rejection in rejections]
    async with _outbox(bootstrap_servers, prefix) as outbox:
        for one in ended:
            await _written(outbox, one, None)
            tell(one)
    return ended


def decided(rejection: Rejection, original: Original | None, *, on_error: OnError, pseudonym: Pseudonym) -> Ended:
    """What is to become of a rejection."""
    if original is None:
        why = "the topic does not hold it any more: ask its sender for it"
    elif (refused := refusal_of(original, pseudonym=pseudonym)) is not None:
        why = f"it would be refused again: {refused.sentence}"
    else:
        return Ended(rejection, RejectionState.RESENT)
    return Ended(rejection, RejectionState.GIVEN_UP if on_error is OnError.DROP else RejectionState.OPEN, why)


async def has_unread(reached: Mapping[int, int], *, bootstrap_servers: str) -> bool:
    """Whether `erp.rejected` holds records from these offsets on; the markers of transactions are none."""
    async with Reader.connected(bootstrap_servers=bootstrap_servers) as reader:
        places = [(REJECTED, partition) for partition in reached]
        for place, bounds in (await reader.bounds(places)).items():
            async for records, _ in reader.read(place, max(reached[place[1]], bounds.beginning), bounds.end):
                if records:
                    return True
    return False


@asynccontextmanager
async def _outbox(bootstrap_servers: str, prefix: str) -> AsyncIterator[Outbox]:
    sender = Outbox(
        bootstrap_servers=bootstrap_servers,
        transactional_id=f"{prefix}.rejected",
        transaction_timeout_ms=TRANSACTION_TIMEOUT_MS,
    )
    async with sender as outbox:
        try:
            yield outbox
        except Fenced as other:
            raise CannotRun(
                "Another `rejected` began meanwhile; what this one told of is done, the rest is not."
            ) from other


async def _original(reader: Reader, rejection: Rejection) -> Original | None:
    place = (rejection.topic, rejection.partition)
    bounds = (await reader.bounds([place]))[place]
    if not bounds.beginning <= rejection.offset < bounds.end:
        return None
    async for records, _ in reader.read(place, rejection.offset, rejection.offset + 1):
        for one in records:
            if one.offset == rejection.offset:
                headers = tuple((name, value or b"") for name, value in one.headers)
                now_ms = int(time.time() * 1000)
                return Original(one.topic, one.partition, one.offset, one.key, one.value, headers, now_ms)
    return None


async def _written(outbox: Outbox, one: Ended, original: Original | None) -> None:
    told = Record(
        REJECTED,
        one.rejection.partition,
        None if one.rejection.key is None else one.rejection.key.encode(),
        one.rejection.content,
        tuple(_headers(one).items()),
    )
    again = [_again(original, one.rejection)] if original and one.state is RejectionState.RESENT else []
    await outbox.transaction([*again, told])


def _again(original: Original, rejection: Rejection) -> Record:
    headers = tuple(header for header in original.headers if header[0] != RESENT_FROM)
    marked = (*headers, (RESENT_FROM, rejection.place.encode()))
    return Record(original.topic, original.partition, original.key, original.value, marked)


def _headers(one: Ended) -> dict[str, bytes]:
    rejection = one.rejection
    stated = {
        **{
            name: str(getattr(rejection, name)) for name in ("code", "field", "message", "topic", "partition", "offset")
        },
        "source": rejection.source,
        "event_id": rejection.event_id,
        "time": _text(rejection.rejected_at),
        "state": one.state.value,
        "state_at": _text(datetime.now(UTC)),
    }
    return {name: text.encode() for name, text in stated.items() if text}


def _text(moment: datetime | None) -> str:
    if moment is None:
        return ""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
