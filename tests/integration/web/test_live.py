"""Viewers share their reads."""

import asyncio
import time

import pytest
from sqlalchemy import Connection, create_engine, text

from sinks.database.schema import CHANNEL
from sinks.web.live import DatabaseAwayError, Live

HEARD_WITHIN_S = 5.0


class Question:
    """A query that counts how often it was asked."""

    def __init__(self) -> None:
        self.asked = 0

    def __call__(self, connection: Connection) -> int:
        self.asked += 1
        return int(connection.execute(text("select 42")).scalar_one())


async def changed(live: Live, version: int) -> None:
    async with asyncio.timeout(HEARD_WITHIN_S):
        while live.version == version or not live.listening:  # noqa: ASYNC110 - a thread moves it
            await asyncio.sleep(0.01)


def test_fifty_viewers_at_once_cost_one_read(database_url: str) -> None:
    live, question = Live(engine=create_engine(database_url)), Question()

    async def crowd() -> list[int]:
        return await asyncio.gather(*(live.read("same", question) for _ in range(50)))

    assert asyncio.run(crowd()) == [42] * 50
    assert question.asked == 1


def test_a_notification_makes_the_next_read_a_new_one(database_url: str) -> None:
    engine, question = create_engine(database_url), Question()
    live = Live(engine=engine)

    async def story() -> None:
        live.start()
        await changed(live, 0)
        await live.read("same", question)
        version = live.version
        with engine.begin() as connection:
            connection.execute(text(f"NOTIFY {CHANNEL}"))
        await changed(live, version)
        deadline = time.monotonic() + HEARD_WITHIN_S
        while question.asked == 1 and time.monotonic() < deadline:
            await live.read("same", question)
            await asyncio.sleep(0.02)

    try:
        asyncio.run(story())
    finally:
        live.stop()
    assert question.asked == 2


def test_without_a_database_a_read_says_so() -> None:
    live = Live(
        engine=create_engine("postgresql+psycopg://nobody@127.0.0.1:9/none", connect_args={"connect_timeout": 1})
    )
    with pytest.raises(DatabaseAwayError):
        asyncio.run(live.read("any", Question()))
