"""Whether a record of an input topic would be taken as it is, asked before it is sent again."""

from typing import Any

from models.contract.arrival import refuse_future
from models.contract.decode import decode_event
from models.documents.reader import read_document
from models.facts import AnyFact, Decision
from models.refusal import RefusalError, Refused, refuse
from models.topics import DECISIONS, DOCUMENTS
from models.vocabulary import RejectionCode
from streams.reading import Pseudonym, received
from streams.routing import headers_of


def refusal_of(record: Any, *, pseudonym: Pseudonym) -> Refused | None:
    """Why it would be refused again; None if nothing in it stands in the way."""
    try:
        if record.topic == DOCUMENTS:
            fact: Any = read_document(record.value, pseudonym=pseudonym)
        elif record.topic == DECISIONS:
            fact = decision_of(record, pseudonym=pseudonym)
        else:
            fact = received(record, pseudonym=pseudonym).fact
        if isinstance(fact, AnyFact):
            refuse_future(fact, came_ms=record.timestamp)
    except RefusalError as error:
        return error.refused
    return None


def decision_of(record: Any, *, pseudonym: Pseudonym) -> Decision:
    """The decision of a record of `compliance.decisions`; RefusalError if it is anything else."""
    fact = decode_event(record.value, headers=headers_of(record), pseudonym=pseudonym)
    if not isinstance(fact, Decision):
        raise refuse(
            RejectionCode.UNKNOWN_TYPE,
            "type",
            "Only decisions come by compliance.decisions; send the rest to erp.purchases.",
        )
    return fact
