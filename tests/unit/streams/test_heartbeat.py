from streams.heartbeat import Heartbeat


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def looked_at(clock: Clock, *, every_s: float, until_s: float, beats: bool) -> list[str]:
    ended: list[str] = []
    heart = Heartbeat(timeout_s=20, end=lambda why, _: ended.append(why), clock=clock)
    while clock.now < until_s and not ended:
        clock.now += every_s
        if beats:
            heart.beat()
        heart.look()
    return ended


def test_a_loop_that_stands_still_ends_the_process() -> None:
    assert looked_at(Clock(), every_s=1, until_s=60, beats=False) == ["its event loop has stood still for 21 s"]


def test_a_loop_that_turns_does_not() -> None:
    assert looked_at(Clock(), every_s=1, until_s=60, beats=True) == []


def test_a_process_that_was_stopped_as_a_whole_has_its_chance() -> None:
    assert looked_at(Clock(), every_s=15, until_s=90, beats=False) == []
