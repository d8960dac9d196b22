"""A server as a child process: started, watched and stopped for certain, by its own process id."""

import signal
import socket
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from handelspuls.errors import CannotRun

LOOPBACK = "127.0.0.1"
MEGABYTE = 1_000_000
LOG_LINES_SHOWN = 8
POLL_S = 0.1


def free_port() -> int:
    """Return a port of the loopback address that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
        return port


def is_listening(port: int) -> bool:
    """Tell whether something on this machine accepts connections at the port."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((LOOPBACK, port)) == 0


def start(*, command: Sequence[str | Path], log: Path, user: str | None = None) -> subprocess.Popen[bytes]:
    """Start a child whose output is appended to `log`, in the folder of that file."""
    with log.open("ab") as output:
        return subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=log.parent,
            user=user,
        )


def wait_until_ready(
    *, name: str, child: subprocess.Popen[bytes], is_ready: Callable[[], bool], log: Path, within_s: float
) -> None:
    """Return when the server answers; CannotRun with the end of its log when it dies or takes too long."""
    deadline = time.monotonic() + within_s
    while not is_ready():
        if child.poll() is not None:
            raise CannotRun(
                f"{name} ended with code {child.returncode} while starting. Its log, {log}, ends: {tail(log)}"
            )
        if time.monotonic() > deadline:
            raise CannotRun(f"{name} did not answer within {within_s:.0f} s. Its log, {log}, ends: {tail(log)}")
        time.sleep(POLL_S)


def stop(child: subprocess.Popen[bytes], *, by: signal.Signals, grace_s: float) -> None:
    """Ask the child to end, and kill it when it has not done so in time."""
    if child.poll() is not None:
        return
    child.send_signal(by)
    try:
        child.wait(timeout=grace_s)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def serve(child: subprocess.Popen[bytes], *, name: str, log: Path) -> None:
    """Stay until the process is told to end; CannotRun when the child ends by itself."""
    signal.signal(signal.SIGTERM, _end)
    code = child.wait()
    raise CannotRun(f"{name} ended by itself with code {code}. Its log, {log}, ends: {tail(log)}")


def tail(log: Path) -> str:
    """Return the last lines of a log, for a message."""
    if not log.exists():
        return "(empty)"
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()[-LOG_LINES_SHOWN:]
    return "\n  " + "\n  ".join(lines)


def _end(_number: int, _frame: object) -> None:
    raise SystemExit(0)
