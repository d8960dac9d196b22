"""What must hold before anything is started; each failure is a sentence that says what to do."""

import errno
import os
import shutil
import socket
import sys
from collections.abc import Mapping
from pathlib import Path

from deploy.local.child import LOOPBACK, MEGABYTE
from handelspuls.errors import CannotRun

OLDEST_PYTHON = (3, 11)
NEEDED_DISK_MB = 2_000


def require_python() -> None:
    """Refuse a Python older than the service is written for."""
    if sys.version_info < OLDEST_PYTHON:  # pragma: no cover - the Makefile looks first
        wanted = ".".join(map(str, OLDEST_PYTHON))
        raise CannotRun(f"Python {wanted} or newer is needed; this is {sys.version.split()[0]}.")


def require_free_ports(ports: Mapping[str, int]) -> None:
    """Refuse to start when a port is taken; `ports` maps the variable that sets a port to its value."""
    taken = [f"{port} ({variable})" for variable, port in ports.items() if port and not _can_bind(port)]
    if taken:
        raise CannotRun(
            f"In use already: port {', '.join(taken)}. Stop what listens there, perhaps an earlier run, "
            "or set the variable to another port."
        )


def require_folder(folder: Path, *, needed_mb: int = NEEDED_DISK_MB) -> None:
    """Make the folder, and refuse one that cannot be written to or has too little room."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not os.access(folder, os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    except OSError as refused:
        raise CannotRun(
            f"{folder} cannot be written to ({refused.strerror}); set HANDELSPULS_DATA_DIR to another folder."
        ) from None
    free_mb = shutil.disk_usage(folder).free // MEGABYTE
    if free_mb < needed_mb:
        raise CannotRun(
            f"{folder} has {free_mb} MB left and {needed_mb} MB are needed; make room, "
            "or set HANDELSPULS_DATA_DIR to another disk."
        )


def _can_bind(port: int) -> bool:
    with socket.socket() as probe:
        # As servers do: a port that only lingers from closed connections is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
        return True
