"""Files of events, one JSON envelope a line."""

from collections.abc import Iterator

import msgspec

from models.contract.content import Pseudonym
from models.contract.decode import BOM, decode_event
from models.facts import AnyFact
from models.refusal import RefusalError, Refused


def decode_lines(content: bytes, *, pseudonym: Pseudonym) -> Iterator[AnyFact | Refused]:
    """A fact or a refusal for each line that is not blank; the refusal's field begins with the line's number."""
    for number, line in enumerate(content.removeprefix(BOM).split(b"\n"), start=1):
        if line.strip():
            yield _decoded(line, number, pseudonym=pseudonym)


def _decoded(line: bytes, number: int, *, pseudonym: Pseudonym) -> AnyFact | Refused:
    try:
        return decode_event(line, headers={}, pseudonym=pseudonym)
    except RefusalError as refused:
        where = f"line {number}, {refused.refused.field}" if refused.refused.field else f"line {number}"
        return msgspec.structs.replace(refused.refused, field=where)
