"""The files that a command is given: named ones, folders, or standard input."""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from handelspuls.errors import CannotRun
from models.files.forms import form_by_name

STANDARD_INPUT = "-"


def named_files(paths: Sequence[str]) -> tuple[list[str], list[str]]:
    """The files that the arguments mean, each once, and those of folders that are left out for their ending."""
    taken: dict[str, None] = {}
    left_out: list[str] = []
    for path in paths:
        for file in _files(path):
            if file == path or form_by_name(file) is not None:
                taken[file] = None
            else:
                left_out.append(file)
    return list(taken), left_out


def _files(path: str) -> list[str]:
    """The file itself, or all files of the folder and its folders, sorted; hidden ones are none of ours."""
    if path == STANDARD_INPUT or not Path(path).is_dir():
        return [path]
    within = (each for each in Path(path).rglob("*") if each.is_file())
    return sorted(str(each) for each in within if not _hidden(each.relative_to(path)))


def _hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts)


def contents(files: Sequence[str]) -> Iterator[tuple[str, bytes]]:
    """Name and content of each; CannotRun where one cannot be read."""
    for file in files:
        yield file, content_of(file)


def content_of(file: str) -> bytes:
    if file == STANDARD_INPUT:
        return sys.stdin.buffer.read()
    try:
        return Path(file).read_bytes()
    except OSError as unreadable:
        raise CannotRun(f"{file} cannot be read: {unreadable.strerror}.") from unreadable
