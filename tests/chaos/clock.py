"""The clocks of all processes of the service jump, or come to the turns of day, year and daylight saving."""

import time
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from models.topics import UNITS
from tests.chaos.disks import NotHere
from tests.chaos.fault import Faults
from tests.chaos.scene import Scene
from tests.chaos.verdict import differences
from tests.system.service import wait_until

fault = Faults()
COPENHAGEN = ZoneInfo("Europe/Copenhagen")
HOUR_S = 3_600
DAY = timedelta(days=1)
BEFORE_S = 12
"""A turn is reached this long after the clocks are set."""


class Clock:
    """One clock for all processes, set by a file."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._file = scene.service.folder / "clock"

    def begin(self) -> None:
        """From here on every process follows the file."""
        libraries = sorted(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"))
        if not libraries:
            raise NotHere("clocks are set by libfaketime; on Debian: apt-get install libfaketime")
        self.set(0)
        self._scene.service.also = {
            "LD_PRELOAD": str(libraries[0]),
            "FAKETIME_TIMESTAMP_FILE": str(self._file),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        }
        self._scene.restart(*self._scene.service.processes)

    def set(self, offset_s: float) -> None:
        self._file.write_text(f"{offset_s:+.0f}", encoding="utf-8")

    def near(self, turn: datetime) -> None:
        """A little before this moment."""
        self.set(turn.timestamp() - BEFORE_S - time.time())

    def end(self) -> None:
        self._scene.service.also = {}
        self._scene.restart(*self._scene.service.processes)


@fault("the clocks step an hour forth and an hour back", times=4, rate=30)
def clock_steps(scene: Scene, times: int) -> int:
    clock = Clock(scene)
    clock.begin()
    for turn in range(times):
        scene.wait_for_more(10)
        clock.set((HOUR_S, -HOUR_S)[turn % 2])
        scene.wait_for_more(10)
    clock.end()
    return times


def _through(scene: Scene, *turns: datetime) -> int:
    clock = Clock(scene)
    clock.begin()
    for turn in turns:
        clock.near(turn)
        scene.wait_for_more(10)
        wait_until(f"snapshots are of {turn.date()}", partial(_is_newest_day, scene, turn.date()), within_s=60)
    with scene.settled():
        assert (found := differences(scene.service, scene.reference)) == [], found
    clock.end()
    return len(turns)


def _is_newest_day(scene: Scene, day: date) -> bool:
    scene.service.tap.catch_up()
    return bool(list(scene.service.tap.values(UNITS))[-1]["day"] == day.isoformat())


@fault("midnight passes, and New Year", times=2, rate=30)
def midnight_and_new_year(scene: Scene, times: int) -> int:
    year = datetime.now(tz=COPENHAGEN).year
    return _through(scene, datetime(year, 12, 9, tzinfo=COPENHAGEN), datetime(year + 1, 1, 1, tzinfo=COPENHAGEN))


@fault("daylight saving begins, and ends", times=4, rate=30)
def daylight_saving(scene: Scene, times: int) -> int:
    """The night that is an hour short, the one that is an hour long, and the midnights after them."""
    begins, ends = (_last_sunday(datetime.now(tz=COPENHAGEN).year, month) for month in (3, 10))
    return _through(scene, begins.replace(hour=3), begins + DAY, ends.replace(hour=2, fold=1), ends + DAY)


def _last_sunday(year: int, month: int) -> datetime:
    last = datetime(year, month, 31, tzinfo=COPENHAGEN)
    return last - ((last.weekday() + 1) % 7) * DAY
