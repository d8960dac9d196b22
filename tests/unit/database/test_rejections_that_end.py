from typing import Any

from sinks.database.feeds import FEEDS, read_rejection
from sinks.database.records import Record

COLUMNS = FEEDS["erp.rejected"].columns
HEADERS = {
    "code": "not_json",
    "message": "No JSON.",
    "topic": "erp.purchases",
    "partition": "3",
    "offset": "17",
    "time": "2026-03-02T08:00:00Z",
}


def row(**more: str) -> dict[str, Any]:
    read = read_rejection(Record("erp.rejected", 3, 5, b"45", b"{", HEADERS | more))
    return dict(zip(COLUMNS, read.values or (), strict=True))


def test_a_rejection_is_open_until_a_later_record_says_otherwise() -> None:
    assert (row()["state"], row()["resent_at"]) == ("open", None)
    again = row(state="resent", state_at="2026-03-03T08:00:00Z")
    assert (again["state"], again["resent_at"], again["offset"]) == ("resent", "2026-03-03T08:00:00Z", 17)
    assert row(state="given_up", state_at="2026-03-03T08:00:00Z")["resent_at"] is None


def test_a_copy_that_is_refused_again_opens_the_first_one() -> None:
    again = row(resent_from="erp.purchases/2/9")
    assert (again["topic"], again["partition"], again["offset"], again["state"]) == ("erp.purchases", 2, 9, "open")
