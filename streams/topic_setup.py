"""Creating the topics, or comparing them with what they must be."""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
from kafka import KafkaAdminClient
from kafka.admin import ConfigResource, ConfigResourceType, NewPartitions, NewTopic
from kafka.errors import GroupIdNotFoundError, TopicAlreadyExistsError

from models.brokers import connection
from models.topics import Topic, topics


class TopicMismatch(msgspec.Struct, frozen=True):
    """A topic that is there but not as it must be."""

    topic: str
    what: str
    expected: str
    found: str
    do: str


def create_topics(
    *, bootstrap_servers: str, prefix: str, partitions: int, replication: int
) -> tuple[list[str], list[TopicMismatch]]:
    """Create what is missing; the names of the new ones, and what differs in those that were there."""
    admin = KafkaAdminClient(**connection(bootstrap_servers))
    try:
        wanted = topics(prefix)
        there = set(admin.list_topics())
        new = [topic for topic in wanted if topic.name not in there]
        _create(admin, new, partitions=partitions, replication=replication)
        return [topic.name for topic in new], _mismatches(
            admin, [topic for topic in wanted if topic.name in there], partitions
        )
    finally:
        admin.close()


def _create(admin: Any, new: Iterable[Topic], *, partitions: int, replication: int) -> None:
    for topic in new:
        made = NewTopic(topic.name, topic.partitions or partitions, replication, topic_configs=topic.config())
        try:
            admin.create_topics([made])
        except TopicAlreadyExistsError:
            continue


def raise_partitions(*, bootstrap_servers: str, prefix: str, partitions: int) -> None:
    """Give the topics that are there and have the service's number of partitions so many; what has as many stays."""
    admin = KafkaAdminClient(**connection(bootstrap_servers))
    try:
        counted = {topic.name for topic in topics(prefix) if not topic.partitions} & set(admin.list_topics())
        described = {each["name"]: len(each["partitions"]) for each in admin.describe_topics(sorted(counted))}
        wanted = {
            name: NewPartitions(total_count=partitions) for name, found in described.items() if found < partitions
        }
        if wanted:
            admin.create_partitions(wanted)
    finally:
        admin.close()


def members_of(groups: Iterable[str], *, bootstrap_servers: str) -> list[str]:
    """Those of the groups that have members."""
    admin = KafkaAdminClient(**connection(bootstrap_servers))
    try:
        return [name for name in groups if _has_members(admin, name)]
    finally:
        admin.close()


def _has_members(admin: Any, group: str) -> bool:
    try:
        return bool(admin.describe_groups([group])[group]["members"])
    except GroupIdNotFoundError:
        return False


def _mismatches(admin: Any, there: list[Topic], partitions: int) -> list[TopicMismatch]:
    described = {each["name"]: each for each in admin.describe_topics([topic.name for topic in there])} if there else {}
    configs = _configs(admin, [topic.name for topic in there])
    found: list[TopicMismatch] = []
    for topic in there:
        wanted, real = topic.partitions or partitions, len(described[topic.name]["partitions"])
        if wanted != real:
            do = "set HANDELSPULS_PARTITIONS to it, or rebuild under a new generation"
            found.append(TopicMismatch(topic.name, "partitions", str(wanted), str(real), do))
        for name, value in topic.config().items():
            is_so = configs[topic.name].get(name, "")
            if is_so != value:
                do = (
                    f"kafka-configs --alter --entity-type topics --entity-name {topic.name} --add-config {name}={value}"
                )
                found.append(TopicMismatch(topic.name, name, value, is_so, do))
    return found


def _configs(admin: Any, names: list[str]) -> Mapping[str, Mapping[str, str]]:
    if not names:
        return {}
    asked = [ConfigResource(ConfigResourceType.TOPIC, name) for name in names]
    by_type = admin.describe_configs(asked, config_filter="all")
    return {
        name: {key: str(each["value"]) for key, each in settings.items()}
        for by_name in by_type.values()
        for name, settings in by_name.items()
    }
