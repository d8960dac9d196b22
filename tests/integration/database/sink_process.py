"""A sink as a process of its own, to be killed: arguments are the database, the broker and the topics' prefix."""

import sys
from threading import Event

from models.topics import ORDERS
from sinks.database.feeds import FEEDS
from sinks.database.sink import Sink

if __name__ == "__main__":
    url, bootstrap, prefix = sys.argv[1:]
    Sink(
        database_url=url,
        bootstrap_servers=bootstrap,
        group=f"{prefix}.database",
        orders=f"{prefix}.{ORDERS}",
        feeds={f"{prefix}.{name}": feed for name, feed in FEEDS.items()},
    ).run(Event())
