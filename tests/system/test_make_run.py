import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterable
from pathlib import Path

from deploy.local.child import free_port

ROOT = Path(__file__).parents[2]
STARTED_WITHIN_S = 120.0
ENDED_WITHIN_S = 30.0


def environment(folder: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HANDELSPULS_")}
    ports = ("KAFKA", "POSTGRES", "WEB")
    return {
        **{name: value for name, value in kept.items() if name not in {"KAFKA_BOOTSTRAP_SERVERS", "DATABASE_URL"}},
        **{f"HANDELSPULS_{name}_PORT": str(free_port()) for name in ports},
        "HANDELSPULS_FIRST_METRICS_PORT": "0",
        "HANDELSPULS_SIMULATOR": "off",
        "HANDELSPULS_DATA_DIR": str(folder),
        "PYTHONUNBUFFERED": "1",
    }


def start(folder: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "deploy.local.run"],
        cwd=ROOT,
        env=environment(folder),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def forward(output: Iterable[str], lines: queue.Queue[str]) -> None:
    for line in output:
        lines.put(line)


def wait_for_line(run: subprocess.Popen[str], text: str) -> None:
    assert run.stdout is not None
    lines: queue.Queue[str] = queue.Queue()
    threading.Thread(target=forward, args=(run.stdout, lines), daemon=True).start()
    seen: list[str] = []
    deadline = time.monotonic() + STARTED_WITHIN_S
    while not any(text in line for line in seen):
        assert time.monotonic() < deadline, "".join(seen)
        seen.append(lines.get(timeout=STARTED_WITHIN_S))


def processes_using(folder: Path) -> list[str]:
    """The command lines of all processes whose environment or arguments name the folder."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            told = (process / "environ").read_bytes() + (process / "cmdline").read_bytes()
        except OSError:
            continue
        if str(folder).encode() in told and int(process.name) != os.getpid():
            found.append((process / "cmdline").read_bytes().replace(b"\0", b" ").decode())
    return found


def test_one_ctrl_c_ends_everything_that_make_run_started(tmp_path: Path) -> None:
    run = start(tmp_path)
    try:
        wait_for_line(run, "[2/")
        run.send_signal(signal.SIGINT)
        assert run.wait(timeout=ENDED_WITHIN_S) == 0
    finally:
        if run.poll() is None:
            os.killpg(run.pid, signal.SIGKILL)
    assert processes_using(tmp_path) == []
