"""A refusal: the answer to a record that cannot be accepted, written for the person who sent it."""

import msgspec

from models.vocabulary import RejectionCode


class Refused(msgspec.Struct, frozen=True):
    """Why a record was refused: a code, the field (JSON pointer-like path, or XPath) and a sentence with what to do."""

    code: RejectionCode
    field: str
    message: str
    source: str = ""
    event_id: str = ""

    @property
    def sentence(self) -> str:
        """The message as a whole sentence: one that goes on from the field's name begins with it."""
        return f"{self.field} {self.message}" if self.field and self.message[:1].islower() else self.message


class RefusalError(ValueError):
    """Carries a refusal out of nested decoding to the one place that answers it."""

    def __init__(self, refused: Refused) -> None:
        super().__init__(f"{refused.code} at {refused.field}: {refused.message}")
        self.refused = refused


def refuse(code: RejectionCode, field: str, message: str) -> RefusalError:
    """The refusal as an exception, ready to raise."""
    return RefusalError(Refused(code=code, field=field, message=message))


def failed(error: Exception) -> Refused:
    """A record on which the service itself failed: the others go on, and it is answered all the same."""
    return Refused(
        code=RejectionCode.INTERNAL_ERROR,
        field="",
        message=f"The service failed on this record ({type(error).__name__}). It is kept; send it again after a fix.",
    )
