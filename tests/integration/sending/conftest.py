"""The input topics under their own names, and what comes to them."""

from collections.abc import Iterator

import pytest

from models.topics import DECISIONS, DOCUMENTS, PURCHASES, ROUTED
from streams.topic_setup import create_topics
from tests.integration.sending.commands import Ends

PARTITIONS = 4


@pytest.fixture(scope="module")
def topics(kafka: str) -> str:
    create_topics(bootstrap_servers=kafka, prefix="sending.1", partitions=PARTITIONS, replication=1)
    return kafka


@pytest.fixture
def ends(topics: str) -> Iterator[Ends]:
    made = Ends(topics, PURCHASES, DOCUMENTS, DECISIONS, ROUTED)
    yield made
    made.close()
