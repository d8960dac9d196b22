"""Ways to decode an event of the contract, against each other: CPU µs an event.

    .venv/bin/python -m bench.decode [--purchases 3000]

Only the first gives what the service needs: a normalised fact, or a refusal with field and sentence. The second is its
first part, msgspec into types made of the contract (models/contract/quick.py). The others show what else the parsing
could be: pydantic on bytes, pydantic on what orjson has read, msgspec and orjson into plain dictionaries.
"""

import time
from collections.abc import Callable
from typing import Annotated, Any

import click
import msgspec
import orjson
from pydantic import Field, TypeAdapter

from bench.history import events
from bench.results import machine
from models.contract.decode import decode_event
from models.contract.events import AnyEvent
from models.contract.pseudonym import keyed
from models.contract.quick import read_quickly
from models.refusal import RefusalError

ROUNDS = 5


def ways() -> dict[str, Callable[[bytes], Any]]:
    """Each way by its name."""
    pseudonym = keyed(b"a key for measuring only")
    pydantic: TypeAdapter[AnyEvent] = TypeAdapter(Annotated[AnyEvent, Field(discriminator="type")])
    return {
        "the service: bytes to a fact": lambda value: decode_event(value, headers={}, pseudonym=pseudonym),
        "the service's reading alone: msgspec into checked types": read_quickly,
        "pydantic on bytes": pydantic.validate_json,
        "orjson, then pydantic": lambda value: pydantic.validate_python(orjson.loads(value)),
        "msgspec into dictionaries": msgspec.json.Decoder().decode,
        "orjson into dictionaries": orjson.loads,
    }


def cpu_us(way: Callable[[bytes], Any], values: list[bytes]) -> float:
    """The best of some rounds: the others were disturbed."""
    rounds = []
    for _ in range(ROUNDS):
        began = time.process_time()
        for value in values:
            way(value)
        rounds.append((time.process_time() - began) * 1e6 / len(values))
    return min(rounds)


def readable(values: list[bytes]) -> list[bytes]:
    """Those that no way stumbles over."""
    kept, all_ways = [], list(ways().values())
    for value in values:
        try:
            for way in all_ways:
                way(value)
        except (ValueError, RefusalError):  # msgspec's and orjson's errors are ValueErrors too
            continue
        kept.append(value)
    return kept


@click.command()
@click.option("--purchases", default=3_000, show_default=True)
def main(purchases: int) -> None:
    """Print the table."""
    all_of_them = [message.value for message in events(purchases)]
    values = readable(all_of_them)
    size = sum(map(len, values)) / len(values)
    click.echo("| way | CPU µs/event |\n|---|---|")
    for name, way in ways().items():
        click.echo(f"| {name} | {cpu_us(way, values):.1f} |")
    click.echo(f"\n{len(values):,} of {len(all_of_them):,} events, {size:.0f} bytes each; {machine()}.")


if __name__ == "__main__":
    main()
