"""A broker of these tests' own: the names of the reference topics are fixed, so each test gets them anew."""

import time
from collections.abc import Iterator

import pytest
from kafka import KafkaAdminClient
from kafka.admin import NewTopic
from kafka.errors import TopicAlreadyExistsError

from deploy.local.broker import running_broker
from models.topics import SETS, topics

WITHIN_S = 20.0


@pytest.fixture(scope="module")
def own_kafka(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with running_broker(folder=tmp_path_factory.mktemp("reference-kafka")) as broker:
        yield broker.bootstrap


@pytest.fixture
def bootstrap(own_kafka: str) -> str:
    """A broker with empty reference topics."""
    admin = KafkaAdminClient(bootstrap_servers=own_kafka)
    wanted = [topic for topic in topics("t") if topic.name.startswith("reference.")]
    assert SETS in {topic.name for topic in wanted}
    present = [topic.name for topic in wanted if topic.name in admin.list_topics()]
    if present:
        admin.delete_topics(present)
    deadline = time.monotonic() + WITHIN_S
    while set(present) & set(admin.list_topics()):
        assert time.monotonic() < deadline, "the old topics do not go"
    new = [NewTopic(one.name, num_partitions=1, replication_factor=1, topic_configs=one.config()) for one in wanted]
    for topic in new:
        _create(admin, topic, deadline)
    admin.close()
    return own_kafka


def _create(admin: KafkaAdminClient, topic: NewTopic, deadline: float) -> None:
    while time.monotonic() < deadline:
        try:
            admin.create_topics([topic])
        except TopicAlreadyExistsError:
            continue
        return
    raise AssertionError(f"{topic.name} could not be created")
