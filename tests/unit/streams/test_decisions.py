"""The pure decisions of the machinery."""

import pytest

from streams import errors
from streams.changelog import Bounds
from streams.errors import PositionOutsideTopic, StreamsError
from streams.outbox import Record, partition_of, size_of
from streams.partition import verify
from streams.stall import Seen, Watch, stalled, watched
from streams.step import Marks, Position
from streams.transport import Lag

HERE = ("t", 0)


@pytest.mark.parametrize(
    ("key", "hashed"),
    # org.apache.kafka.common.utils.UtilsTest, testMurmur2
    [(b"21", -973932308), (b"foobar", -790332482), (b"a-little-bit-long-string", -985981536)],
)
def test_a_key_goes_where_the_java_client_puts_it(key: bytes, hashed: int) -> None:
    assert partition_of(key, 1_000) == (hashed & 0x7FFFFFFF) % 1_000


def test_headers_and_key_count_into_the_size() -> None:
    small, large = Record("t", 0, b"k", b"v"), Record("t", 0, b"k" * 100, b"v", (("h", b"x" * 50),))
    assert size_of(large) >= size_of(small) + 99 + 50


def test_every_error_is_drawn_in_the_tree() -> None:
    named = [name for name, each in vars(errors).items() if isinstance(each, type)]
    assert all(issubclass(vars(errors)[name], StreamsError) for name in named)
    assert all(name in (errors.__doc__ or "") for name in named)


def test_lag_is_what_is_not_fetched_and_what_is_held() -> None:
    assert Lag(end=10, position=8, held=3).records == 5
    assert Lag(end=8, position=10, held=0).records == 0


def test_a_position_inside_its_topic_passes() -> None:
    for offset in (4, 9):
        verify(Position({"t": offset}), "t", 0, Bounds(4, 9), "id")
    verify(Position(), "t", 0, Bounds(4, 9), "id")


@pytest.mark.parametrize("offset", [3, 10])
def test_a_position_outside_its_topic_is_refused(offset: int) -> None:
    with pytest.raises(PositionOutsideTopic, match=f"from offset {offset}, but it holds 4 to 9"):
        verify(Position({"t": offset}), "t", 0, Bounds(4, 9), "id")


def test_a_position_in_a_topic_that_was_created_anew_is_refused_however_much_it_holds() -> None:
    before = Position({"t": 5}, topics={"t": "id"})
    verify(before, "t", 0, Bounds(0, 9), "id")
    with pytest.raises(PositionOutsideTopic, match="was deleted and created anew"):
        verify(before, "t", 0, Bounds(0, 9), "another id")


def test_a_position_moves_by_topic_and_keeps_its_marks() -> None:
    position = Position({"a": 1}, Marks(sequence=5), {"a": "id"}).past("b", 7).marked(None)
    assert position == Position({"a": 1, "b": 7}, Marks(sequence=5), {"a": "id"})
    assert position.marked(Marks(flushed=2)).marks == Marks(flushed=2)


def looked(watch: Watch, now: float, *, lag: int, progressed_at: float = 0.0, is_open: bool = True) -> Watch:
    return watched(watch, {HERE: Seen(lag, progressed_at, is_open)}, now=now)


def test_work_that_waits_and_does_not_move_is_a_stall() -> None:
    watch = looked(looked(Watch(), 100, lag=5), 131, lag=9)
    assert stalled(watch, now=131, timeout_s=30) == "t partition 0 has records waiting and has not moved for 31 s"


def test_moving_having_nothing_to_do_and_opening_are_no_stall() -> None:
    for later in ({"lag": 5, "progressed_at": 125.0}, {"lag": 0}, {"lag": 5, "is_open": False}):
        watch = looked(looked(Watch(), 100, lag=5), 131, **later)
        assert stalled(watch, now=131, timeout_s=30) is None


def test_the_clock_starts_when_work_appears() -> None:
    watch = looked(looked(Watch(), 100, lag=0), 131, lag=1)
    assert stalled(watch, now=160, timeout_s=30) is None
