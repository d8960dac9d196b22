"""A folder in one file: a ZIP archive of events and documents, and of the reference data that they are judged by."""

import io
import zipfile
import zlib
from pathlib import PurePosixPath

import msgspec

from models.files.forms import form_by_name

REFERENCE = "reference"
"""What lies in a folder of this name is reference data."""
LARGEST = 32 << 20
"""Bytes of all files together, unpacked."""
MOST_FILES = 1_000
_BEGINNING = b"PK\x03\x04"


class Archive(msgspec.Struct, frozen=True):
    """What an archive holds."""

    files: list[tuple[str, bytes]]
    reference: dict[str, bytes]
    """By the file's own name."""


def is_archive(content: bytes) -> bool:
    """Whether bytes are a ZIP archive; no event and no document begins like one."""
    return content.startswith(_BEGINNING)


def unpacked(content: bytes) -> Archive:
    """All that is in an archive.

    Raises:
        ValueError: with what is wrong with it.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _taken(archive, _listed(archive))
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, zlib.error) as broken:
        raise ValueError(f"The archive cannot be read ({type(broken).__name__}): pack it as plain ZIP.") from None


def _listed(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    inside = [each for each in archive.infolist() if not each.is_dir() and not _hidden(each.filename)]
    if len(inside) > MOST_FILES or sum(each.file_size for each in inside) > LARGEST:
        raise ValueError(
            f"The archive holds more than {MOST_FILES} files or {LARGEST >> 20} MiB: use `judge` for more."
        )
    return inside


def _taken(archive: zipfile.ZipFile, inside: list[zipfile.ZipInfo]) -> Archive:
    files: list[tuple[str, bytes]] = []
    reference: dict[str, bytes] = {}
    for each in inside:
        path = PurePosixPath(each.filename)
        if REFERENCE in path.parts[:-1]:
            reference[path.name] = archive.read(each)
        elif form_by_name(path.name) is not None:
            files.append((each.filename, archive.read(each)))
    return Archive(files, reference)


def _hidden(name: str) -> bool:
    return any(part.startswith((".", "__MACOSX")) for part in PurePosixPath(name).parts)
