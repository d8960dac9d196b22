"""Claims about the correlation id: whose it is, and that it comes out the same."""

import pytest

from models.correlation import carried, correlation, derived, stated
from sinks.tracing import Span, Spans

TRACE, PARENT = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
GIVEN = f"00-{TRACE}-{PARENT}-01".encode()


def test_a_valid_traceparent_of_the_sender_is_taken() -> None:
    assert stated([("other", b"x"), ("traceparent", GIVEN)]) == GIVEN
    assert correlation(GIVEN) == TRACE


def test_of_a_later_version_what_is_known_is_taken() -> None:
    assert stated([("traceparent", b"01" + GIVEN[2:] + b"-more")]) == GIVEN


@pytest.mark.parametrize(
    "value",
    [
        None,
        b"",
        b"nonsense",
        GIVEN + b"-more",
        GIVEN.upper(),
        b"ff" + GIVEN[2:],
        f"00-{'0' * 32}-{PARENT}-01".encode(),
        f"00-{TRACE}-{'0' * 16}-01".encode(),
    ],
)
def test_what_is_no_traceparent_counts_as_none(value: bytes | None) -> None:
    assert stated([("traceparent", value)]) == b""
    assert stated(None) == b""


def test_the_same_event_has_the_same_id_whenever_it_comes_and_another_one_has_another() -> None:
    assert derived("erp", "e-1") == derived("erp", "e-1") == stated(carried(derived("erp", "e-1")))
    assert (
        len({correlation(each) for each in (derived("erp", "e-1"), derived("erp", "e-2"), derived("e", "rpe-1"))}) == 3
    )


def collecting(share: float) -> tuple[Spans, list[Span]]:
    told: list[Span] = []
    spans = Spans()
    spans.collect(told.append, share=share)
    return spans, told


def told_of(spans: Spans, came: bytes) -> None:
    onward = spans.onward(came, stage="judge", place="erp.purchases/0/1")
    spans.tell(Span("judge", onward, came, 1, 2, {}))


def test_where_nothing_is_collected_the_traceparent_goes_on_unchanged() -> None:
    assert Spans().onward(GIVEN, stage="judge", place="a/0/1") == GIVEN


def test_what_its_sender_records_is_told_whatever_the_share() -> None:
    spans, told = collecting(0)
    told_of(spans, GIVEN)
    told_of(spans, GIVEN[:-2] + b"00")
    assert [(correlation(span.traceparent), span.parent) for span in told] == [(TRACE, GIVEN)]


def test_the_share_is_about_that_of_all_traces_and_every_process_chooses_the_same() -> None:
    (spans, told), (others, told_there) = collecting(0.25), collecting(0.25)
    for number in range(2_000):
        told_of(spans, derived("erp", str(number)))
        told_of(others, derived("erp", str(number)))
    assert 400 < len(told) < 600
    assert told == told_there
