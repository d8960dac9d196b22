"""Waiting for what a process needs before it starts: no start order, every process says what it waits for."""

import socket
import time
from contextlib import suppress

import structlog
from kafka import KafkaAdminClient
from kafka.errors import GroupIdNotFoundError, KafkaError

from models.brokers import connection
from models.denied import told
from models.topics import topics
from streams.doorstep import CONNECT_S, address, why_not

log = structlog.get_logger(__name__)

RETRY_S = 1.0
BOOTSTRAP_MS = 5_000


class PartitionMismatchError(Exception):
    """A topic has another number of partitions than the setting says."""


def wait_for_topics(bootstrap_servers: str, prefix: str, *, partitions: int, group: str) -> None:
    """Return when Kafka answers, every topic is there, and the group may be joined.

    Raises:
        PartitionMismatchError: a topic's partitions are not those of the setting.
    """
    said = ""
    while True:
        missing = _missing(bootstrap_servers, prefix, partitions, group)
        if not missing:
            return
        if missing != said:
            said = missing
            log.info("waiting", why=missing)
        time.sleep(RETRY_S)


def reachable(bootstrap_servers: str) -> bool:
    """Does any of the servers take a connection? Asked first: Kafka's clients back off for long and say much."""
    for server in bootstrap_servers.split(","):
        with suppress(OSError), socket.create_connection(address(server), timeout=CONNECT_S):
            return True
    return False


def _missing(bootstrap_servers: str, prefix: str, partitions: int, group: str) -> str:
    """What is still to come, as a sentence; empty when all is there."""
    if not reachable(bootstrap_servers):
        return f"no Kafka answers at {bootstrap_servers}"
    try:
        admin = KafkaAdminClient(**connection(bootstrap_servers), bootstrap_timeout_ms=BOOTSTRAP_MS)
    except (KafkaError, OSError) as error:
        return f"Kafka at {bootstrap_servers} lets nobody in ({type(error).__name__}): {why_not(bootstrap_servers)}"
    try:
        wanted = {topic.name: topic.partitions or partitions for topic in topics(prefix)}
        there = set(admin.list_topics())
        if missing := sorted(wanted.keys() - there):
            return (
                f"{len(missing)} topics are missing, {missing[0]} among them: python -m handelspuls topics; "
                "those that this user may not see look the same"
            )
        for topic in admin.describe_topics(sorted(wanted)):
            found = len(topic["partitions"])
            if found != wanted[topic["name"]]:
                raise PartitionMismatchError(
                    f"{topic['name']} has {found} partitions, the setting says {wanted[topic['name']]}: "
                    f"set HANDELSPULS_PARTITIONS={found}, or rebuild under a new generation."
                )
        with suppress(GroupIdNotFoundError):
            admin.describe_groups([group])  # who joins it without the right is never told
    except KafkaError as error:
        return f"Kafka at {bootstrap_servers} does not tell its topics and {group} yet ({told(error)})"
    finally:
        admin.close()
    return ""
