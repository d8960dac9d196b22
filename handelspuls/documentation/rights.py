"""The page of the rights: what each user may do in Kafka, and as what a script of Kafka's own would give it."""

from collections.abc import Iterable

from handelspuls.documentation.markdown import code, table
from models.rights import Kind, Right, rights

HEAD = ("user", "what", "name", "may")
APP, GENERATION = "handelspuls", 1
INTRODUCTION = f"""# Rights in Kafka

The least that each needs, from `models/rights.py`; a name that ends in `*` stands for all that begin so. `deploy/kubernetes/strimzi.yaml` has the same as resources of Strimzi, and [security](security.md) says how to use them. Names are those of `HANDELSPULS_APP={APP}`, generation {GENERATION}: a rebuild makes names of the next one, and `python -m handelspuls docs` this page.
"""


def rights_page() -> str:
    """The whole page."""
    return f"{INTRODUCTION}\n{table(HEAD, rows())}"


def rows() -> Iterable[tuple[str, ...]]:
    """A row for each right."""
    for user, held in rights(APP, GENERATION).items():
        for right in held:
            yield code(user), _kind(right), code(_name(right)), ", ".join(_words(right))


def _kind(right: Right) -> str:
    return {Kind.TOPIC: "topic", Kind.GROUP: "group", Kind.TRANSACTIONAL_ID: "transactional id"}[right.kind]


def _name(right: Right) -> str:
    return f"{right.name}*" if right.is_prefix else right.name


def _words(right: Right) -> Iterable[str]:
    return (operation.replace("_", " ") for operation in right.operations)
