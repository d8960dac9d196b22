"""A Faust loop that does nothing, at Faust's defaults: what Faust itself costs."""

from typing import Any

import faust

from bench.programs import surroundings
from models.topics import PURCHASES


def main() -> None:
    """Read all, do nothing."""
    meter = surroundings.Meter()
    app = faust.App(
        surroundings.app(),
        broker=f"kafka://{surroundings.bootstrap()}",
        datadir=str(surroundings.data_folder()),
        autodiscover=False,
        web_enabled=False,
    )
    topic = app.topic(PURCHASES, key_serializer="raw", value_serializer="raw")

    async def read(stream: Any) -> None:
        async for _ in stream:
            meter.records += 1

    app.agent(topic, name="read")(read)
    meter.show()
    faust.Worker(app, loglevel="INFO").execute_from_commandline()


if __name__ == "__main__":
    main()
