import json

from models.topics import DECISIONS, ROUTED
from streams.cells import asks_to_resend
from tests.integration.sending.commands import Ends, run
from tests.integration.sending.conftest import PARTITIONS

PURCHASE = "erp%2Fkvantum~4500012345"


def test_a_decision_goes_out_under_its_number(topics: str, ends: Ends) -> None:
    done = run(
        topics,
        "decide",
        PURCHASE,
        "--outcome",
        "off_channel",
        "--channel",
        "phone",
        "--reason",
        "Ringet",
        "--by",
        "kontor",
    )
    assert done.returncode == 0, done.stderr
    (record,) = ends.new()
    event = json.loads(record.value)
    assert (record.topic, record.key, event["type"]) == (DECISIONS, b"4500012345", "decision.made")
    assert (
        event["data"].items()
        >= {"purchase": PURCHASE, "on_version": 0, "outcome": "off_channel", "decided_by": "kontor"}.items()
    )


def test_a_decision_is_taken_back(topics: str, ends: Ends) -> None:
    assert run(topics, "decide", PURCHASE, "--withdraw", "--by", "kontor").returncode == 0
    assert [json.loads(record.value)["type"] for record in ends.new()] == ["decision.withdrawn"]


def test_a_decision_that_would_be_rejected_is_not_sent(topics: str, ends: Ends) -> None:
    wrong = run(topics, "decide", PURCHASE, "--outcome", "catalogue", "--channel", "phone", "--reason", "x")
    assert wrong.returncode == 1
    assert b'channel "phone" does not belong to the outcome "catalogue"' in wrong.stderr
    assert run(topics, "decide", "4500012345", "--outcome", "void", "--reason", "x").returncode == 1
    assert run(topics, "decide", PURCHASE, "--outcome", "void").returncode == 2
    assert ends.new() == []


def test_every_partition_is_told_to_send_its_cells_again(topics: str, ends: Ends) -> None:
    assert run(topics, "resend-cells").returncode == 0
    told = ends.new()
    assert [(record.topic, record.partition) for record in told] == [(ROUTED, number) for number in range(PARTITIONS)]
    assert all(map(asks_to_resend, told))
