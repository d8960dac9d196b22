import json
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

from honcho.environ import parse_procfile

from deploy.local.parts import PROCFILE

ROOT = Path(__file__).parents[3]
DOCKERFILE = (ROOT / "deploy/docker/Dockerfile").read_text(encoding="utf-8")


def test_the_image_is_built_in_two_stages_from_the_hashed_lock() -> None:
    assert re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE) == ["python:3.11-slim"] * 2
    assert "--require-hashes --requirement /requirements.lock" in DOCKERFILE


def test_the_image_runs_the_command_line_as_an_unprivileged_user() -> None:
    entry = re.search(r"^ENTRYPOINT (.*)$", DOCKERFILE, re.MULTILINE)
    assert entry is not None
    assert json.loads(entry[1]) == shlex.split("python -m handelspuls")
    assert re.findall(r"^USER (\d+)$", DOCKERFILE, re.MULTILINE) == ["10001"]


def test_the_image_asks_each_process_whether_it_lives_on_the_port_it_has() -> None:
    assert "/livez" in DOCKERFILE
    asked = set(re.findall(r"\$\{(HANDELSPULS_\w+)", DOCKERFILE))
    assert asked == {"HANDELSPULS_METRICS_PORT", "HANDELSPULS_WEB_PORT"}


def copied() -> list[str]:
    """The files and folders of the checkout that the image holds."""
    lines = re.findall(r"^COPY (?!--from)(\S+) \S+$", DOCKERFILE, re.MULTILINE)
    return [each for each in lines if each != "requirements.lock"]


def test_what_is_copied_is_let_into_the_build() -> None:
    let_in = (ROOT / "deploy/docker/Dockerfile.dockerignore").read_text(encoding="utf-8").splitlines()
    assert {f"!{each}" for each in (*copied(), "requirements.lock")} <= set(let_in)


def test_what_is_copied_is_enough_to_load_every_process(tmp_path: Path) -> None:
    for each in copied():
        copy(ROOT / each, tmp_path / each)
    processes = [command.split()[-1] for command in dict(parse_procfile(PROCFILE.read_text()).processes).values()]
    code = f"from handelspuls.entrance import COMMANDS; [COMMANDS[name].load() for name in {processes!r}]"
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
    else:
        shutil.copy(source, target)
