"""A folder as a door: what is put into it is sent, and moved to `done/`, or to `refused/` beside a text that says why."""

import signal
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from threading import Event

import click

from handelspuls.errors import CannotRun
from handelspuls.publishing import Publisher
from models.days import milliseconds
from models.files.pieces import FileRefused
from models.files.sending import Outgoing, outgoing

DONE, REFUSED = "done", "refused"
UNFINISHED = (".part", ".tmp", ".partial", ".crdownload", ".filepart")
"""Endings under which programs write what they rename when it is whole."""
LOOK_EVERY_S = 0.5
STABLE_S = 2.0
"""A file whose size and time have not changed for so long is whole."""
RETRY_S = 2.0

Seen = tuple[int, int]


class Drop:
    """The files of a folder, and since when each has looked the way it does."""

    def __init__(
        self, folder: Path, *, stable_s: float = STABLE_S, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._folder = folder
        self._stable_s = stable_s
        self._clock = clock
        self._since: dict[Path, tuple[Seen, float]] = {}

    def whole(self) -> list[Path]:
        """The files that nobody writes to any more, by name."""
        now, before = self._clock(), self._since
        self._since = {path: _since(before.get(path), seen, now) for path, seen in self._there()}
        return [path for path, (_, since) in self._since.items() if now - since >= self._stable_s]

    def _there(self) -> Iterator[tuple[Path, Seen]]:
        for path in sorted(self._folder.iterdir()):
            if not path.name.startswith(".") and path.suffix.lower() not in UNFINISHED and path.is_file():
                try:
                    found = path.stat()
                except FileNotFoundError:  # renamed meanwhile
                    continue
                yield path, (found.st_size, found.st_mtime_ns)


def _since(before: tuple[Seen, float] | None, seen: Seen, now: float) -> tuple[Seen, float]:
    return before if before is not None and before[0] == seen else (seen, now)


def watch(folder: Path, *, bootstrap_servers: str, as_is: bool) -> None:
    """Send what is put into the folder until told to end; while Kafka is away, files stay where they are."""
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stop.set())
    drop = Drop(folder)
    click.echo(f"watching {folder}", err=True)
    away = ""
    while not stop.wait(RETRY_S if away else LOOK_EVERY_S):
        waiting = drop.whole()
        if not waiting:
            continue
        try:
            _send_all(waiting, bootstrap_servers=bootstrap_servers, as_is=as_is, stop=stop)
            away = ""
        except CannotRun as reason:
            if str(reason) != away:
                click.echo(f"{reason} The files stay; trying again.", err=True)
            away = str(reason)


def _send_all(files: list[Path], *, bootstrap_servers: str, as_is: bool, stop: Event) -> None:
    with Publisher(bootstrap_servers) as publisher:
        for path in files:
            if stop.is_set():
                return
            _send(path, publisher, as_is=as_is)


def _send(path: Path, publisher: Publisher, *, as_is: bool) -> None:
    """Send what can be of a file, then move it: the other way round a crash would lose it, so it may come twice."""
    try:
        content = path.read_bytes()
    except OSError as unreadable:
        click.echo(f"{path.name} cannot be read: {unreadable.strerror}", err=True)
        return
    refused: list[FileRefused] = []
    now_ms = milliseconds(datetime.now(tz=UTC))
    sent = publisher.publish(_kept(outgoing(path.name, content, now_ms=now_ms, as_is=as_is), refused)).total()
    moved = _moved(path, REFUSED if refused else DONE)
    if refused:
        _said(moved).write_text(why(path.name, sent, refused), encoding="utf-8")
    click.echo(f"{path.name}: {sent} sent, {len(refused)} refused; now in {moved.parent.name}/{moved.name}")


def _kept(found: Iterator[Outgoing | FileRefused], refused: list[FileRefused]) -> Iterator[Outgoing]:
    for one in found:
        if isinstance(one, FileRefused):
            refused.append(one)
        else:
            yield one


def why(name: str, sent: int, refused: list[FileRefused]) -> str:
    """What was wrong with a file, for the person who put it there."""
    lines = [
        f"{name}: {len(refused)} refused, {sent} sent.",
        "Correct what is listed and put the whole file back: what was sent already does no harm when it comes again.",
        "",
    ]
    return "\n".join([*lines, *(_line(one) for one in refused), ""])


def _line(one: FileRefused) -> str:
    named = {"line": one.line, "row": one.row, "item": one.item}
    where = [f"{word} {number}" for word, number in named.items() if number]
    where += [each for each in (one.field, f"event {one.event_id}" if one.event_id else "") if each]
    return f"{', '.join(where) or 'the file'}: {one.code}: {one.message}"


def _moved(path: Path, into: str) -> Path:
    folder = path.parent / into
    folder.mkdir(exist_ok=True)
    target, count = folder / path.name, 0
    while target.exists() or _said(target).exists():
        count += 1
        target = folder / f"{path.stem}.{count}{path.suffix}"
    return path.rename(target)


def _said(refused: Path) -> Path:
    return refused.with_name(f"{refused.name}.txt")
