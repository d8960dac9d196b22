"""How long judging stands still when workers join, leave and die, at a steady rate.

    .venv/bin/python -m bench.handovers [--rate 300] [--workers 4] [--partitions 8] [--session 10]

Two seconds after the first events the last worker joins; then one is told to leave; then one dies by kill -9. For each,
the longest time from sending an event to seeing its judgement until the next happening: what waited longest waited for the
handover. A death costs the session's timeout.
"""

import json
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from itertools import islice

import click

from bench.compare import COMMITTED, SERVICE
from bench.ground import Ground, ground
from bench.history import EVENTS_PER_PURCHASE, events, write_reference_of
from bench.process import Process, started
from bench.results import machine
from bench.steady import Seen, Sent, Subscriber, sending

BETWEEN_S = 25.0
"""From one happening to the next: longer than a session and what follows it."""
HAPPENINGS = ("joins", "leaves", "is killed")


def handovers(*, rate: float, workers: int, partitions: int, session: float) -> dict[str, object]:
    """The longest wait, by happening."""
    count = round(rate * BETWEEN_S * (len(HAPPENINGS) + 1))
    purchases = round(count / EVENTS_PER_PURCHASE * 1.1) + 100
    with ground(partitions=partitions) as place, ExitStack() as running:
        place.settings["HANDELSPULS_SESSION_TIMEOUT_S"] = str(session)
        place.prepare(write_reference_of(place.reference, purchases), ())
        members = [running.enter_context(_worker(place, n)) for n in range(1, workers)]
        for member in members:
            member.wait_ready()
        subscriber = Subscriber(place.bootstrap)
        messages = list(islice(events(purchases), count))
        sent = running.enter_context(sending(place.bootstrap, messages, rate=rate))
        times = [time.time()]
        for happening in HAPPENINGS:
            _read_for(subscriber, BETWEEN_S)
            times.append(time.time())
            if happening == "joins":
                members.append(running.enter_context(_worker(place, workers)))
            elif happening == "leaves":
                members.pop().terminate()
            else:
                members.pop().kill()
        done = subscriber.read_until(sent, quiet_s=session + 5)
        judgements = subscriber.judgements()
        subscriber.close()
    longest = _longest(done, judgements, times)
    return {"rate": rate, "workers": workers, "session_s": session, "machine": machine()} | longest


@contextmanager
def _worker(place: Ground, number: int) -> Iterator[Process]:
    with started(SERVICE, counter=COMMITTED, ground=place, instance=f"w{number}") as process:
        yield process


def _read_for(subscriber: Subscriber, seconds: float) -> None:
    until = time.time() + seconds
    while time.time() < until:
        subscriber.read()


def _longest(sent: Sent, judgements: list[Seen], times: list[float]) -> dict[str, object]:
    """By what had happened when the event was sent; an event sent before and judged after waited for it too."""
    ends = [*times[1:], float("inf")]
    names = ["nothing happens", *(f"one {happening}" for happening in HAPPENINGS)]
    waits: dict[str, float] = dict.fromkeys(names, 0.0)
    for each in judgements:
        if each.place in sent:
            name = next(name for name, end in zip(names, ends, strict=True) if each.at < end)
            waits[name] = max(waits[name], each.at - sent[each.place])
    unseen = len(sent.keys() - {each.place for each in judgements})
    return {"longest_s": {name: round(wait, 2) for name, wait in waits.items()}, "events_without_judgement": unseen}


@click.command()
@click.option("--rate", default=300.0, show_default=True)
@click.option("--workers", default=4, show_default=True)
@click.option("--partitions", default=8, show_default=True)
@click.option("--session", default=10.0, show_default=True)
def main(rate: float, workers: int, partitions: int, session: float) -> None:
    """Measure, and print JSON."""
    click.echo(json.dumps(handovers(rate=rate, workers=workers, partitions=partitions, session=session), indent=2))


if __name__ == "__main__":
    main()
