"""Resources that follow from the code: topics, who may read and write which, and the rules for the Prometheus operator."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from deploy.prometheus.objectives import Plain
from handelspuls.settings import Settings
from models.topics import (
    ALERTS,
    DECISIONS,
    DOCUMENTS,
    ORDERS,
    PURCHASES,
    REJECTED,
    REPORTS,
    UNITS,
    Topic,
    topics,
)

FOLDER = Path(__file__).parent
RULES = FOLDER.parent / "prometheus" / "rules"
CLUSTER = {"strimzi.io/cluster": "kafka"}
STRIMZI = "kafka.strimzi.io/v1"
REPLICAS = 3
WRITTEN_TO = {"min.insync.replicas": 2}
"""A record counts when two brokers have it: one may be away."""

RESULTS = (ORDERS, UNITS, ALERTS, REPORTS)
ERP, SUBSCRIBER, OFFICE, SERVICE = "erp", "subscriber", "procurement-office", "handelspuls"
MAY_WRITE: Mapping[str, tuple[str, ...]] = {
    ERP: (PURCHASES, DOCUMENTS),
    SUBSCRIBER: (),
    OFFICE: (DECISIONS,),
}
MAY_READ: Mapping[str, tuple[str, ...]] = {ERP: (REJECTED, ORDERS), SUBSCRIBER: RESULTS, OFFICE: RESULTS}
"""The ERP sees what became of its events; only the service itself reads what the ERP sends, as it may name people."""

Json = dict[str, Any]


def files() -> dict[str, str]:
    """Name of a file → its content."""
    return {"strimzi.yaml": _written(_strimzi()), "rules.yaml": _written([_rules()])}


def _strimzi() -> Iterator[Json]:
    settings = Settings.model_construct()
    prefix = f"{settings.app}.{settings.generation}"
    for topic in topics(prefix):
        yield _topic(topic, settings.partitions)
    for name in MAY_READ:
        yield _user(name, list(_allowed(name)))
    yield _user(SERVICE, list(_all(settings.app)))


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
    return {
        "apiVersion": STRIMZI,
        "kind": "KafkaUser",
        "metadata": {"name": name, "labels": CLUSTER},
        "spec": {"authentication": {"type": "tls"}, "authorization": {"type": "simple", "acls": acls}},
    }


def _allowed(name: str) -> Iterator[Json]:
    for topic in MAY_WRITE[name]:
        yield _acl("topic", topic, "Write", "Describe")
    for topic in MAY_READ[name]:
        yield _acl("topic", topic, "Read", "Describe")
    yield _acl("group", name, "Read", pattern="prefix")


def _all(app: str) -> Iterator[Json]:
    """The service's own: everything on its topics, groups and transactions, and on nothing else."""
    for start in ("erp.", "compliance.", "reference.", f"{app}."):
        yield _acl("topic", start, "Read", "Write", "Describe", "DescribeConfigs", "Create", pattern="prefix")
    yield _acl("group", app, "Read", "Describe", pattern="prefix")
    yield _acl("transactionalId", app, "Write", "Describe", pattern="prefix")


def _acl(kind: str, name: str, *operations: str, pattern: str = "literal") -> Json:
    return {"resource": {"type": kind, "name": name, "patternType": pattern}, "operations": list(operations)}


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
