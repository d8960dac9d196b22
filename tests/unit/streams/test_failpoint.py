from collections.abc import Iterator

import pytest

from streams.failpoint import ArmedError, Point, arm, pass_by


@pytest.fixture(autouse=True)
def _disarmed() -> Iterator[None]:
    yield
    arm("")


def test_nothing_happens_where_nothing_is_armed() -> None:
    for point in Point:
        pass_by(point)


def test_what_is_armed_happens_every_so_often_and_nowhere_else() -> None:
    arm("judging:raise:3")
    pass_by(Point.SENT)
    for _ in range(2):
        pass_by(Point.JUDGING)
        pass_by(Point.JUDGING)
        with pytest.raises(ArmedError):
            pass_by(Point.JUDGING)
