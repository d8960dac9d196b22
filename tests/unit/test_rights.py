"""Who may do what in Kafka; that it is enough, and no more, is tested on a real broker (tests/system/test_guarded.py)."""

from models.rights import Kind, Operation, Right, rights, without
from models.topics import DECISIONS, DOCUMENTS, PURCHASES, topics

RIGHTS = rights("handelspuls", 1)
OUTSIDE = {"erp", "subscriber", "procurement-office"}
NAMES = {topic.name for topic in topics("handelspuls.1")}


def allowed(user: str, operation: Operation) -> set[str]:
    return {
        name
        for right in RIGHTS[user]
        if right.kind is Kind.TOPIC and operation in right.operations
        for name in NAMES
        if name == right.name or (right.is_prefix and name.startswith(right.name))
    }


def test_what_may_name_people_is_read_by_nobody_outside() -> None:
    for user in OUTSIDE:
        assert not {PURCHASES, DOCUMENTS, DECISIONS} & allowed(user, Operation.READ), user


def test_only_who_sends_them_writes_to_the_input_topics() -> None:
    for topic, senders in (
        (PURCHASES, {"erp", "handelspuls-canary", "handelspuls-web"}),
        (DECISIONS, {"procurement-office"}),
    ):
        assert {user for user in RIGHTS if topic in allowed(user, Operation.WRITE)} == {*senders, "handelspuls"}


def test_no_process_makes_or_changes_topics() -> None:
    for user in RIGHTS.keys() - {"handelspuls"}:
        assert not allowed(user, Operation.CREATE) | allowed(user, Operation.ALTER), user


def test_every_topic_named_by_a_right_is_there() -> None:
    named = {
        right.name for held in RIGHTS.values() for right in held if right.kind is Kind.TOPIC and not right.is_prefix
    }
    assert named <= NAMES


def test_every_topic_is_written_by_somebody_and_read_by_the_service() -> None:
    for operation in (Operation.READ, Operation.WRITE):
        assert set().union(*(allowed(user, operation) for user in RIGHTS.keys() - {"handelspuls"})) == NAMES


def test_one_operation_can_be_taken_away() -> None:
    held = (Right(Kind.TOPIC, "a", (Operation.READ, Operation.WRITE)), Right(Kind.TOPIC, "b", (Operation.WRITE,)))
    assert without(held, "a", Operation.WRITE) == (Right(Kind.TOPIC, "a", (Operation.READ,)), held[1])
