"""How soon a running page and its API answer, and how it bears many viewers at once.

    .venv/bin/python -m bench.pages [--address http://127.0.0.1:8080] [--requests 100] [--viewers 200] [--seconds 30]

For a stack that runs, such as `make run`. Each request asks for another unit or purchase where there is one to choose, so
that shared reads do not flatter; one request at a time, then a probe a second beside the viewers, whose pages stay open
and update themselves.
"""

import ast
import asyncio
import itertools
import json
import random
import re
import statistics
import time
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager

import click
import httpx
import msgspec
import socketio

from bench.results import machine

API = "/api/v1"
UNIT, PURCHASE = "{unit}", "{purchase}"
ROUTES = (
    *("/", "/unit/{unit}", "/league", "/league?level=institution", "/purchases", "/purchases?unit={unit}"),
    *("/doubles", "/review", "/purchase/{purchase}", "/rules", "/rejected", "/pipeline"),
    *(f"{API}/units", f"{API}/units/{UNIT}", f"{API}/units/{UNIT}/figures", f"{API}/units/{UNIT}/course"),
    *(f"{API}/units/{UNIT}/channels", f"{API}/units/{UNIT}/below", f"{API}/units/{UNIT}/suppliers"),
    *(f"{API}/league?level=department", f"{API}/league?level=institution"),
    *(f"{API}/purchases", f"{API}/purchases?unit={UNIT}", f"{API}/purchases/{PURCHASE}"),
    *(f"{API}/purchases/{PURCHASE}/revisions", f"{API}/doubles", f"{API}/review", f"{API}/rejections"),
    *(f"{API}/alerts", f"{API}/pipeline", f"{API}/rules"),
)
TIMEOUT_S = 60.0
CONNECT_AT_ONCE = 20
QUERY = re.compile(r"query: (\{.*?\}),\n")


class Answered(msgspec.Struct, frozen=True):
    """How a route answered, in milliseconds."""

    requests: int
    p50_ms: float
    p99_ms: float
    longest_ms: float
    refused: int
    """Answers other than 200."""


def answered(times: Sequence[float], refused: int = 0) -> Answered:
    """From seconds."""
    in_order = sorted(each * 1000 for each in times)
    return Answered(
        requests=len(in_order),
        p50_ms=round(statistics.median(in_order), 1),
        p99_ms=round(in_order[min(len(in_order) - 1, round(0.99 * len(in_order)))], 1),
        longest_ms=round(in_order[-1], 1),
        refused=refused,
    )


def routes(address: str, requests: int) -> Iterator[tuple[str, Answered]]:
    """Each route, so many times."""
    with httpx.Client(base_url=address, timeout=TIMEOUT_S, follow_redirects=True) as client:
        known = names(client)
        for route in ROUTES:
            times, refused = [], 0
            for place in itertools.islice(filled(route, known), requests):
                began = time.perf_counter()
                refused += client.get(place).status_code != httpx.codes.OK
                times.append(time.perf_counter() - began)
            yield route, answered(times, refused)


def names(client: httpx.Client) -> Mapping[str, Sequence[str]]:
    """Units and purchases that are there."""
    units = [one["unit"] for one in client.get(f"{API}/units").raise_for_status().json()["items"]]
    purchases = [one["purchase"] for one in client.get(f"{API}/purchases").raise_for_status().json()["items"]]
    return {"unit": random.Random(1).sample(units, len(units)), "purchase": purchases}


def filled(route: str, known: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """The route for one unit and purchase after the other."""
    for unit, purchase in zip(itertools.cycle(known["unit"]), itertools.cycle(known["purchase"]), strict=False):
        yield route.replace(UNIT, unit).replace(PURCHASE, purchase)


class Viewers(msgspec.Struct):
    """Open pages, and what has come to them."""

    connected: int = 0
    updates: int = 0


@asynccontextmanager
async def viewing(address: str, count: int) -> AsyncIterator[Viewers]:
    """So many pages open, each with a connection of its own as a browser's."""
    seen, at_once = Viewers(), asyncio.Semaphore(CONNECT_AT_ONCE)
    async with httpx.AsyncClient(base_url=address, timeout=TIMEOUT_S) as client:

        async def open_one() -> socketio.AsyncClient:
            async with at_once:
                return await _view(client, address, seen)

        sockets = await asyncio.gather(*(open_one() for _ in range(count)))
        try:
            yield seen
        finally:
            await asyncio.gather(*(each.disconnect() for each in sockets))


async def _view(client: httpx.AsyncClient, address: str, seen: Viewers) -> socketio.AsyncClient:
    page = (await client.get("/")).raise_for_status().text
    socket = socketio.AsyncClient(reconnection=False)

    async def heard(*_: object) -> None:
        seen.updates += 1

    socket.on("update", heard)
    query = _query_of(page)
    await socket.connect(
        f"{address}?{httpx.QueryParams(query)}", socketio_path="/_nicegui_ws/socket.io", transports=["websocket"]
    )
    seen.connected += 1
    return socket


def _query_of(page: str) -> dict[str, str]:
    found = QUERY.search(page)
    if found is None:
        raise click.ClickException("The page does not say how to connect to it: is this handelspuls?")
    stated = ast.literal_eval(found[1])
    tab = f"{random.getrandbits(64):x}"
    return {**{name: str(value).lower() for name, value in stated.items()}, "tab_id": tab, "document_id": tab}


async def viewed(address: str, viewers: int, seconds: float) -> dict[str, object]:
    """What a new visitor meets while so many look on."""
    times = []
    async with viewing(address, viewers) as seen, httpx.AsyncClient(base_url=address, timeout=TIMEOUT_S) as client:
        before, began = seen.updates, time.perf_counter()
        while (at := time.perf_counter()) - began < seconds:
            (await client.get("/")).raise_for_status()
            times.append(time.perf_counter() - at)
            await asyncio.sleep(1)
        updates = seen.updates - before
    return {
        "viewers": seen.connected,
        "updates_a_viewer_a_second": round(updates / max(seen.connected, 1) / seconds, 2),
        "a_new_visitor": msgspec.to_builtins(answered(times)),
    }


@click.command()
@click.option("--address", default="http://127.0.0.1:8080", show_default=True)
@click.option("--requests", default=100, show_default=True, help="Of each route.")
@click.option("--viewers", default=200, show_default=True)
@click.option("--seconds", default=30.0, show_default=True, help="How long they look.")
def main(*, address: str, requests: int, viewers: int, seconds: float) -> None:
    """Ask, and print the figures as JSON."""
    found: dict[str, object] = {"machine": machine()}
    for route, one in routes(address, requests):
        click.echo(f"{one.p50_ms:8.1f} {one.p99_ms:8.1f} ms  {route}", err=True)
        found[route] = msgspec.to_builtins(one)
    if viewers:
        found["viewers"] = asyncio.run(viewed(address, viewers, seconds))
    click.echo(json.dumps(found, indent=2))


if __name__ == "__main__":
    main()
