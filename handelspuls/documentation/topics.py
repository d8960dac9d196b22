"""The page of the topics: name, key, partitions, cleanup, retention and what each holds."""

from collections.abc import Iterable

from handelspuls.documentation.markdown import code, table
from handelspuls.settings import PREFIX
from models.topics import MIB, Topic, topics

HEAD = ("topic", "key", "partitions", "cleanup", "what is kept", "largest record", "holds")
CHANGELOGS = "<app>.<generation>"
INTRODUCTION = f"""# Topics

`python -m handelspuls topics` creates what is missing and refuses what is not so. `python -m handelspuls docs` writes this page from `models/topics.py`, and a test compares them.

P stands for `{PREFIX}PARTITIONS`: these topics have the same number of partitions, fixed for a generation. Who subscribes reads committed records only (`isolation.level=read_committed`) and keeps the greatest (`generation`, `revision`) of a key. Inputs are stamped by the broker on arrival.
"""
GROUPS = {
    "erp.": "Between the ERP and us",
    "compliance.": "Decisions, results, and what is on its way between our processes",
    "reference.": "Reference data",
    CHANGELOGS: "Changelogs of the durable tables",
}


def topics_page() -> str:
    """The whole page."""
    return "\n".join([INTRODUCTION, *(_group(start, title) for start, title in GROUPS.items())])


def _group(start: str, title: str) -> str:
    found = [topic for topic in topics(CHANGELOGS) if topic.name.startswith(start)]
    return f"## {title}\n\n{table(HEAD, _rows(found))}"


def _rows(found: Iterable[Topic]) -> Iterable[tuple[str, ...]]:
    for topic in found:
        yield (
            code(topic.name),
            topic.key,
            str(topic.partitions or "P"),
            topic.cleanup.value,
            kept(topic),
            f"{topic.max_message_bytes // MIB} MiB",
            topic.holds,
        )


def kept(topic: Topic) -> str:
    """How long records stay, in words, from the configuration that the broker is given."""
    config = topic.config()
    if config["cleanup.policy"] == "compact":
        return "the newest record of each key"
    without_limit = config["retention.ms"] == config["retention.bytes"] == "-1"
    return "everything, without limit" if without_limit else f"{config['retention.ms']} ms"
