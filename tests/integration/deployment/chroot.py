"""Runs the steps of the Dockerfile in a chroot of Debian, where no container engine is at hand.

    sudo .venv/bin/python -m tests.integration.deployment.chroot FOLDER

Needs root, debootstrap and the network, and some minutes; FOLDER is made, and taken away at the end. python:3.11-slim
is Debian bookworm with a Python 3.11: Debian's own stands in for it.
"""

import os
import re
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[3]
DOCKERFILE = ROOT / "deploy/docker/Dockerfile"
SUITE, MIRROR = "bookworm", "http://deb.debian.org/debian"
BASE = "python3,python3-venv,ca-certificates"
# What a build engine takes from its host too: names of servers, whom to trust, where packages come from.
OF_THE_HOST = ("etc/resolv.conf", "etc/hosts", "etc/pip.conf", "etc/ssl/certs/ca-certificates.crt")
USER = "10001:0"
WEB = {"HANDELSPULS_WEB_PORT": "8931", "HANDELSPULS_DATA_DIR": "/data"}
WITHIN_S = 120.0


class Step(NamedTuple):
    """One instruction of the Dockerfile."""

    instruction: str
    argument: str


def steps() -> Iterator[Step]:
    """All of them, in order, lines that go on joined."""
    text = re.sub(r"^#.*\n", "", DOCKERFILE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    for line in re.sub(r"\\\n\s*", " ", text).splitlines():
        if line.strip():
            yield Step(*line.split(" ", 1))


class Image:
    """A root file system that is being built. Both stages share it: what one copies from the other is there already."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.environment = {"PATH": "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin"}
        self.workdir = "/"
        self.said: dict[str, str] = {}

    def take(self, step: Step) -> None:
        """Do what an instruction says."""
        print(f"{step.instruction} {step.argument}", flush=True)  # noqa: T201 - a program for people
        if step.instruction == "RUN":
            self.run(step.argument)
        elif step.instruction == "ENV":
            pairs = [pair.split("=", 1) for pair in shlex.split(step.argument)]
            self.environment |= {name: value.replace("$PATH", self.environment["PATH"]) for name, value in pairs}
        elif step.instruction == "COPY" and not step.argument.startswith("--from"):
            self._copy(*step.argument.split())
        elif step.instruction == "WORKDIR":
            self.workdir = step.argument
            self._inside(self.workdir).mkdir(parents=True, exist_ok=True)
        self.said[step.instruction] = step.argument

    def _copy(self, source: str, target: str) -> None:
        place = self._inside(target if target.startswith("/") else f"{self.workdir}/{target}")
        if (ROOT / source).is_dir():
            shutil.copytree(ROOT / source, place, ignore=shutil.ignore_patterns("__pycache__"), dirs_exist_ok=True)
        else:
            place.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / source, place)

    def _inside(self, path: str) -> Path:
        return self.root / path.lstrip("/")

    def run(self, command: str) -> None:
        """As root, while it is built."""
        subprocess.run(self.command(command), env=self.environment, check=True)

    def command(self, command: str, *, user: str = "0:0") -> list[str]:
        """The command line that runs it inside."""
        inner = (
            f"cd {shlex.quote(self.workdir)} && exec {command}" if user == USER else f"cd {self.workdir} && {command}"
        )
        return ["chroot", f"--userspec={user}", str(self.root), "/bin/sh", "-c", inner]

    def start(self, arguments: str, environment: Mapping[str, str]) -> "subprocess.Popen[bytes]":
        """The entry point with arguments, as the image's user."""
        entry = shlex.join(eval(self.said["ENTRYPOINT"]))  # noqa: S307 - a list in our own Dockerfile
        command = self.command(f"{entry} {arguments}", user=USER)
        return subprocess.Popen(command, env={**self.environment, **environment})


@contextmanager
def mounted(*arguments: str | Path, at: Path) -> Iterator[None]:
    """A mount that ends."""
    at.mkdir(parents=True, exist_ok=True)
    subprocess.run(["mount", *arguments, at], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", at], check=True)


def debian(root: Path) -> None:
    """A small Debian with its Python under the name that the base image gives it."""
    subprocess.run(["debootstrap", "--variant=minbase", f"--include={BASE}", SUITE, root, MIRROR], check=True)
    (root / "usr/local/bin/python").symlink_to("/usr/bin/python3")
    for name in OF_THE_HOST:
        if (found := Path("/") / name).exists():
            shutil.copy(found, root / name)


def proved(image: Image, folder: Path) -> None:
    """The commands of the finished image, on a file system that is read-only, as its user."""
    data = folder / "data"
    data.mkdir()
    os.chown(data, 10001, 0)
    with ExitStack() as mounts:
        mounts.enter_context(mounted("--bind", image.root, at=image.root))
        mounts.enter_context(mounted("--bind", data, at=image.root / "data"))
        mounts.enter_context(mounted("-t", "tmpfs", "tmpfs", at=image.root / "tmp"))
        mounts.enter_context(mounted("-t", "proc", "proc", at=image.root / "proc"))
        mounts.enter_context(mounted("-t", "tmpfs", "tmpfs", at=image.root / "dev/shm"))  # as engines have it
        subprocess.run(["mount", "-o", "remount,bind,ro", image.root], check=True)
        assert image.start("--help", {}).wait() == 0
        web = image.start("web", WEB)
        try:
            _until_healthy(image)
        finally:
            web.terminate()
            web.wait(30)


def _until_healthy(image: Image) -> None:
    asked = image.command(image.said["HEALTHCHECK"].partition("CMD ")[2], user=USER)
    deadline = time.monotonic() + WITHIN_S
    while subprocess.run(asked, env=image.environment | WEB, check=False, capture_output=True).returncode:
        assert time.monotonic() < deadline, "the healthcheck never found the page"
        time.sleep(1)


def main(folder: Path) -> None:
    """Build, prove, take away."""
    image = Image(folder / "root")
    folder.mkdir(parents=True)
    try:
        debian(image.root)
        for step in steps():
            image.take(step)
        proved(image, folder)
    finally:
        shutil.rmtree(folder)
    print("The image's commands work.")  # noqa: T201 - a program for people


if __name__ == "__main__":
    main(Path(sys.argv[1]))
