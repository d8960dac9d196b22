"""Where Kafka's jars come from: Maven Central, fetched once into the user's cache folder."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import jgo

from handelspuls.errors import CannotRun

KAFKA_VERSION = "4.1.0"
BROKER = f"org.apache.kafka:kafka-server:{KAFKA_VERSION}+org.apache.kafka:kafka_2.13:{KAFKA_VERSION}"
# Without it the broker is silent when it fails. Resolved apart: its parent manages an older kafka-clients.
LOG_BINDING = "org.apache.logging.log4j:log4j-slf4j-impl:2.24.3"
TOOLS = f"org.apache.kafka:kafka-tools:{KAFKA_VERSION}"
QUIET_S = 1.0
REPEAT_S = 5.0


def kafka_jars(*, say: Callable[[str], None]) -> list[Path]:
    """Return the jars of the broker's class path; the first call on a machine fetches about 45 MB."""
    with _ticking(say):
        try:
            found = [jar for endpoint in (BROKER, LOG_BINDING) for jar in jgo.build(endpoint).all_jars]
        except Exception as failed:  # jgo lets through whatever the network, the disk or Maven raised
            raise CannotRun(
                f"Kafka {KAFKA_VERSION} could not be fetched from Maven Central ({failed}). Check the network and "
                "the disk, or set KAFKA_BOOTSTRAP_SERVERS to an existing Kafka."
            ) from failed
    return list({jar.name: jar for jar in found}.values())


def kafka_tools_jars(*, say: Callable[[str], None] = lambda _line: None) -> list[Path]:
    """Return the class path of Kafka's command line: the broker's jars and one more of 1 MB, fetched when first asked for.

    What else that jar names (Connect, a web server) the console tools don't need.
    """
    return [*kafka_jars(say=say), Path(jgo.resolve(TOOLS)[0].resolve())]


@contextmanager
def _ticking(say: Callable[[str], None]) -> Iterator[None]:
    done = threading.Event()
    ticker = threading.Thread(target=_tick, kwargs={"done": done, "say": say}, daemon=True)
    ticker.start()
    try:
        yield
    finally:
        done.set()
        ticker.join()


def _tick(*, done: threading.Event, say: Callable[[str], None]) -> None:
    started = time.monotonic()
    pause = QUIET_S
    while not done.wait(pause):
        say(f"fetching Kafka {KAFKA_VERSION}, about 45 MB, once: {time.monotonic() - started:.0f} s")
        pause = REPEAT_S
