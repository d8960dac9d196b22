"""Resources that follow from the code: topics, who may read and write which, and the rules for the Prometheus operator."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from deploy.prometheus.objectives import Plain
from handelspuls.settings import Settings
from models.rights import MOST_BYTES_A_SECOND, Kind, Operation, Right, rights
from models.topics import Topic, topics

FOLDER = Path(__file__).parent
RULES = FOLDER.parent / "prometheus" / "rules"
CLUSTER = {"strimzi.io/cluster": "kafka"}
STRIMZI = "kafka.strimzi.io/v1"
REPLICAS = 3
WRITTEN_TO = {"min.insync.replicas": 2}
"""A record counts when two brokers have it: one may be away."""

NAMES = {Kind.TOPIC: "topic", Kind.GROUP: "group", Kind.TRANSACTIONAL_ID: "transactionalId"}
"""What Strimzi calls what a right is about."""

Json = dict[str, Any]


def files() -> dict[str, str]:
    """Name of a file → its content."""
    return {"strimzi.yaml": _written(_strimzi()), "rules.yaml": _written([_rules()])}


def _strimzi() -> Iterator[Json]:
    settings = Settings.model_construct()
    prefix = f"{settings.app}.{settings.generation}"
    for topic in topics(prefix):
        yield _topic(topic, settings.partitions)
    for name, held in rights(settings.app, settings.generation).items():
        yield _user(name, [_acl(right) for right in held])


def _topic(topic: Topic, partitions: int) -> Json:
    numbers = {name: int(value) if value.lstrip("-").isdigit() else value for name, value in topic.config().items()}
    return {
        "apiVersion": STRIMZI,
        "kind": "KafkaTopic",
        "metadata": {"name": topic.name.replace("_", "-"), "labels": CLUSTER},
        "spec": {
            "topicName": topic.name,
            "partitions": topic.partitions or partitions,
            "replicas": REPLICAS,
            "config": numbers | WRITTEN_TO,
        },
    }


def _user(name: str, acls: list[Json]) -> Json:
    most = MOST_BYTES_A_SECOND.get(name)
    quotas: Json = {"quotas": {"producerByteRate": most}} if most else {}
    return {
        "apiVersion": STRIMZI,
        "kind": "KafkaUser",
        "metadata": {"name": name, "labels": CLUSTER},
        "spec": {"authentication": {"type": "tls"}, "authorization": {"type": "simple", "acls": acls}} | quotas,
    }


def _acl(right: Right) -> Json:
    pattern = "prefix" if right.is_prefix else "literal"
    return {
        "resource": {"type": NAMES[right.kind], "name": right.name, "patternType": pattern},
        "operations": [_camel(operation) for operation in right.operations],
    }


def _camel(operation: Operation) -> str:
    """`describe_configs` → `DescribeConfigs`."""
    return "".join(word.title() for word in operation.split("_"))


def _rules() -> Json:
    paths = sorted(RULES.glob("*.yml"))
    groups = [group for path in paths for group in yaml.safe_load(path.read_text(encoding="utf-8"))["groups"]]
    return {
        "apiVersion": "monitoring.coreos.com/v1",
        "kind": "PrometheusRule",
        "metadata": {"name": "handelspuls"},
        "spec": {"groups": groups},
    }


def _written(resources: Any) -> str:
    head = "# Written by `python -m deploy.kubernetes.generated`; change it in the code.\n"
    made = [yaml.dump(each, Dumper=Plain, sort_keys=False, width=120, allow_unicode=True) for each in resources]
    return head + "---\n".join(made)


def main() -> None:
    """Write them."""
    for name, content in files().items():
        (FOLDER / name).write_text(content, encoding="utf-8")


if __name__ == "__main__":
    main()
