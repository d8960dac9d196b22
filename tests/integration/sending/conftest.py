"""The input topics under their own names, and what comes to them."""

from collections.abc import Iterator

import pytest

from deploy.local.broker import running_broker
from models.topics import DECISIONS, DOCUMENTS, PURCHASES, ROUTED
from streams.topic_setup import create_topics
from tests.integration.sending.commands import Ends

PARTITIONS = 4


@pytest.fixture(scope="module")
def topics(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A broker of their own: on the session's one others make the same topics with other partitions."""
    with running_broker(folder=tmp_path_factory.mktemp("sending")) as broker:
        create_topics(bootstrap_servers=broker.bootstrap, prefix="sending.1", partitions=PARTITIONS, replication=1)
        yield broker.bootstrap


@pytest.fixture
def ends(topics: str) -> Iterator[Ends]:
    made = Ends(topics, PURCHASES, DOCUMENTS, DECISIONS, ROUTED)
    yield made
    made.close()
