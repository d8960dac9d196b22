import io
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from honcho.printer import Printer

from deploy.local.parts import Part
from deploy.local.supervisor import Supervisor

WITHIN_S = 20.0


@pytest.fixture(autouse=True)
def _own_signals() -> Iterator[None]:
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


def python(name: str, code: str, *, serves: bool = False, ends: bool = False) -> Part:
    return Part(name=name, command=f"exec {sys.executable} -u -c '{code}'", serves=serves, ends=ends)


def run_until(folder: Path, parts: list[Part], condition: Callable[[Supervisor], bool]) -> tuple[int, str, float]:
    """Supervise until the condition holds; returns the code, what was printed, and how long ending took."""
    output = io.StringIO()
    supervisor = Supervisor(
        parts=parts, log_folder=folder, printer=Printer(output), apps_grace_s=1.0, servers_grace_s=1.0
    )
    asked_at: list[float] = []

    def stop_in_time() -> None:
        deadline = time.monotonic() + WITHIN_S
        while not condition(supervisor) and time.monotonic() < deadline:
            time.sleep(0.05)
        asked_at.append(time.monotonic())
        supervisor.stop()

    thread = threading.Thread(target=stop_in_time)
    thread.start()
    code = supervisor.run()
    ended_at = time.monotonic()
    thread.join()
    return code, output.getvalue(), ended_at - asked_at[0]


def alive(pid_file: Path) -> bool:
    stat = Path(f"/proc/{pid_file.read_text()}/stat")
    return stat.exists() and ") Z " not in stat.read_text()


def test_a_process_that_dies_is_started_again_and_said_so(tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    dying = python("dying", f'open("{trace}", "a").write("x"); raise SystemExit(7)')
    _, printed, _ = run_until(tmp_path, [dying], lambda _: trace.exists() and len(trace.read_text()) >= 2)
    assert len(trace.read_text()) >= 2
    assert "dying ended with code 7; it starts again in 1 s" in printed


def test_what_ends_well_and_may_is_not_started_again(tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    once = python("once", f'open("{trace}", "a").write("x")', ends=True)
    run_until(tmp_path, [once], lambda supervisor: supervisor.is_done("once"))
    assert trace.read_text() == "x"


def test_a_server_that_cannot_run_ends_everything_with_code_2(tmp_path: Path) -> None:
    server = python("server", "raise SystemExit(2)", serves=True)
    other = python("other", "import time; time.sleep(60)")
    code, _, _ = run_until(tmp_path, [server, other], lambda supervisor: supervisor.stopping)
    assert code == 2


def test_servers_outlive_the_processes_that_need_them(tmp_path: Path) -> None:
    ends = tmp_path / "ends"
    say_end = (
        'import signal, sys, time; signal.signal(15, lambda *_: (time.sleep({wait}), open("{ends}", "a").write("{name} "), '
        'sys.exit(0))); open("{ends}.{name}", "w"); time.sleep(60)'
    )
    parts = [
        python("server", say_end.format(wait=0, ends=ends, name="server"), serves=True),
        python("app", say_end.format(wait=0.3, ends=ends, name="app")),
    ]
    run_until(tmp_path, parts, lambda _: all(Path(f"{ends}.{name}").exists() for name in ("server", "app")))
    assert ends.read_text() == "app server "


def test_what_ignores_the_request_to_end_is_killed_with_its_children(tmp_path: Path) -> None:
    pid = tmp_path / "pid"
    stubborn = python(
        "stubborn",
        "import os, signal, time; signal.signal(15, signal.SIG_IGN); child = os.fork(); "
        f'child or open("{pid}.new", "w").write(str(os.getpid())); child or os.rename("{pid}.new", "{pid}"); '
        "time.sleep(60)",
    )
    _, _, took_s = run_until(tmp_path, [stubborn], lambda _: pid.exists())
    assert took_s < 5
    assert not alive(pid)


def test_a_second_signal_kills_at_once(tmp_path: Path) -> None:
    ready = tmp_path / "ready"
    stubborn = python(
        "stubborn", f'import signal, time; signal.signal(15, signal.SIG_IGN); open("{ready}", "w"); time.sleep(60)'
    )
    supervisor = Supervisor(parts=[stubborn], log_folder=tmp_path, printer=Printer(io.StringIO()))

    def interrupt_twice() -> None:
        deadline = time.monotonic() + WITHIN_S
        while not ready.exists() and time.monotonic() < deadline:
            time.sleep(0.05)
        os.kill(os.getpid(), signal.SIGINT)
        first = time.monotonic()
        while time.monotonic() < first + 1.2:
            time.sleep(0.05)
        os.kill(os.getpid(), signal.SIGINT)

    thread = threading.Thread(target=interrupt_twice)
    thread.start()
    started = time.monotonic()
    assert supervisor.run() == 0
    assert time.monotonic() - started < 10
    thread.join()
