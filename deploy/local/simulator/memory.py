"""What the simulator remembers in the data folder: which story it tells, and how far it has told it."""

import os
from datetime import UTC, date, datetime
from pathlib import Path

import msgspec

from handelspuls.errors import CannotRun


class Origin(msgspec.Struct, frozen=True):
    """The story: its seed, and the moment where its history of so many purchases ends."""

    seed: int
    purchases: int
    now: datetime


class Position(msgspec.Struct, frozen=True):
    """`history_sent` messages of the history are with the broker; `at` is the newest moment told after it."""

    history_sent: int = 0
    history_done: bool = False
    at: datetime | None = None


class Booked(msgspec.Struct, frozen=True):
    """The control totals of a unit and day, as far as they came after the history."""

    unit: str
    day: date
    documents: int
    amount_ore: int


class Status(msgspec.Struct, frozen=True):
    """For whoever watches: `phase` is waiting, history, pause or live; `total` is an estimate until it is reached."""

    phase: str
    sent: int = 0
    total: int = 0
    at: datetime | None = None


class Memory:
    """The folder `simulator` in the data folder."""

    def __init__(self, data_dir: Path) -> None:
        self._folder = data_dir / "simulator"
        self._folder.mkdir(parents=True, exist_ok=True)

    @property
    def status_file(self) -> Path:
        return self._folder / "status.json"

    def origin(self, *, seed: int, purchases: int, now: datetime) -> Origin:
        """The story of this folder; the first to ask decides it. CannotRun when another one was begun."""
        path = self._folder / "origin.json"
        self._write_once(path, Origin(seed, purchases, now.astimezone(UTC).replace(microsecond=0)))
        kept = msgspec.json.decode(path.read_bytes(), type=Origin)
        if (kept.seed, kept.purchases) != (seed, purchases):
            raise CannotRun(
                f"{self._folder} holds the story of seed {kept.seed} with {kept.purchases} purchases, and seed {seed} "
                f"with {purchases} was asked for. Ask for the former, or start over with `make reset`."
            )
        return kept

    def position(self) -> Position:
        path = self._folder / "position.json"
        return msgspec.json.decode(path.read_bytes(), type=Position) if path.exists() else Position()

    def keep(self, position: Position) -> None:
        self._replace(self._folder / "position.json", position)

    def booked(self) -> list[Booked]:
        path = self._folder / "booked.json"
        return msgspec.json.decode(path.read_bytes(), type=list[Booked]) if path.exists() else []

    def keep_booked(self, rows: list[Booked]) -> None:
        self._replace(self._folder / "booked.json", rows)

    def tell(self, status: Status) -> None:
        self._replace(self.status_file, status)

    def _write_once(self, path: Path, value: object) -> None:
        """Two processes may ask at once: the link of the slower one fails, and it reads what the quicker wrote."""
        draft = self._draft(path, value)
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()

    def _replace(self, path: Path, value: object) -> None:
        self._draft(path, value).replace(path)

    @staticmethod
    def _draft(path: Path, value: object) -> Path:
        draft = path.with_suffix(f".{os.getpid()}")
        draft.write_bytes(msgspec.json.encode(value))
        return draft
