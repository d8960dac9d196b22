"""What a file holds: told by the ending of its name, else by how it begins."""

from enum import StrEnum
from pathlib import PurePath

from models.contract.csv_rows import NEEDED
from models.contract.decode import BOM


class Form(StrEnum):
    """The forms that events and documents come in."""

    LINES = "lines"
    """One JSON envelope a line."""
    JSON = "json"
    """One envelope, or an array of them (the batch of CloudEvents)."""
    CSV = "csv"
    XML = "xml"


ENDINGS = {".jsonl": Form.LINES, ".ndjson": Form.LINES, ".json": Form.JSON, ".csv": Form.CSV, ".xml": Form.XML}


def form_of(name: str, content: bytes) -> Form:
    """The form of a file; one whose name and beginning tell nothing is taken for an event, and refused as no JSON."""
    return form_by_name(name) or _form_by_beginning(content)


def form_by_name(name: str) -> Form | None:
    """The form that a name's ending promises."""
    return ENDINGS.get(PurePath(name).suffix.lower())


def _form_by_beginning(content: bytes) -> Form:
    start = content.lstrip().removeprefix(BOM).lstrip()
    if start.startswith(b"<"):
        return Form.XML
    heading = start.partition(b"\n")[0].lower().replace(b";", b",").split(b",")
    named = {cell.strip(b' \t\r"') for cell in heading}
    return Form.CSV if named.issuperset(name.encode() for name in NEEDED) else Form.JSON
