import pytest

from tests.fuzz.doors import DOORS, Door, NotAnsweredError, tried


@pytest.mark.parametrize("name", sorted(DOORS))
def test_random_input_on_every_door_is_answered(name: str) -> None:
    """The short form of `make fuzz`, which tries a million."""
    assert list(tried(DOORS[name], inputs=300, seed=7))[-1] == 300


def test_the_doors_share_all_inputs() -> None:
    assert sum(door.share for door in DOORS.values()) == pytest.approx(1)


def test_an_input_that_is_not_answered_is_shown() -> None:
    def broken(value: bytes) -> None:
        raise KeyError(len(value))

    with pytest.raises(NotAnsweredError, match=r"input 1 of seed 7, KeyError: b'"):
        list(tried(Door([b"good"], broken, 1), inputs=5, seed=7))
