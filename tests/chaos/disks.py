"""Small file systems under the servers' folders, which can be made full and given room again; needs root on Linux."""

import os
import shutil
import subprocess
from pathlib import Path

ROOM_MB = 1_200
"""What the local servers ask for before they start; nothing of it is taken before it is written."""
LEFT_KB = 64


class NotHere(Exception):  # noqa: N818 - it says what is so
    """A fault that cannot be tried on this machine; the message says what it needs."""


class Disks:
    """One file system for each folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._mounted: list[Path] = []

    def mount(self, *names: str) -> None:
        """Before anything is written there."""
        for name in names:
            path = self._folder / name
            path.mkdir()
            _run("mount", "-t", "tmpfs", "-o", f"size={ROOM_MB}m", "tmpfs", str(path))
            self._mounted.append(path)

    def unmount(self) -> None:
        while self._mounted:
            _run("umount", "--lazy", str(self._mounted.pop()))

    def fill(self, name: str) -> None:
        used = shutil.disk_usage(self._folder / name).used
        self._resize(name, f"{used // 1024 + LEFT_KB}k")

    def empty(self, name: str) -> None:
        self._resize(name, f"{ROOM_MB}m")

    def _resize(self, name: str, size: str) -> None:
        _run("mount", "-o", f"remount,size={size}", str(self._folder / name))


def _run(*command: str) -> None:
    if os.geteuid() != 0:
        raise NotHere("a small file system needs root")
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise NotHere(f"a small file system cannot be mounted here: {done.stderr.strip()}")
