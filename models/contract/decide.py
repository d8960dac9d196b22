"""What a decision event says, as a fact: a fitting outcome and channel, and the purchase it is about."""

from datetime import datetime

from models.contract.content import LONGEST_DESCRIPTION
from models.contract.data import DecisionMadeData, DecisionWithdrawnData
from models.contract.events import Envelope
from models.contract.normalise import stamp_of
from models.contract.personal import cleaned, masked_text
from models.contract.purchase_id import number_of, parts_of, purchase_id
from models.days import aware, milliseconds
from models.facts import Decision
from models.refusal import refuse
from models.vocabulary import CHANNELS, Channel, Outcome, RejectionCode

DEFAULT_CHANNEL: dict[Outcome, Channel] = {
    Outcome.CATALOGUE: Channel.OWN_CATALOGUE,
    Outcome.OFF_CHANNEL: Channel.UNKNOWN,
    Outcome.REVIEW: Channel.REVIEW,
    Outcome.VOID: Channel.VOID,
}
"""What a decision without a channel means; an exclusion always says which."""


def decision_made(envelope: Envelope, data: DecisionMadeData) -> Decision:
    channel = _fitting(data.outcome, data.channel)
    return _decision(envelope, data, outcome=data.outcome.value, channel=channel.value, withdrawn=False)


def decision_withdrawn(envelope: Envelope, data: DecisionWithdrawnData) -> Decision:
    return _decision(envelope, data, outcome="", channel="", withdrawn=True)


def _decision(
    envelope: Envelope,
    data: DecisionMadeData | DecisionWithdrawnData,
    *,
    outcome: str,
    channel: str,
    withdrawn: bool,
) -> Decision:
    purchase, number = _purchase(data.purchase)
    moment = _decided_at(envelope, data)
    reason = cleaned(data.reason or "", longest=LONGEST_DESCRIPTION)
    decided_by = masked_text(data.decided_by or "")
    content = (purchase, data.on_version, outcome, channel, reason, decided_by, withdrawn)
    decided = envelope.model_copy(update={"time": moment})
    return Decision(
        source=envelope.source,
        number=number,
        stamp=stamp_of(decided, version=0, otherwise=None, content=content),
        purchase=purchase,
        on_version=data.on_version or 0,
        outcome=outcome,
        channel=channel,
        reason=reason,
        decided_by=decided_by,
        decided_at_ms=milliseconds(aware(moment)),
        withdrawn=withdrawn,
    )


def _decided_at(envelope: Envelope, data: DecisionMadeData | DecisionWithdrawnData) -> datetime:
    moment = data.decided_at or envelope.time
    if moment is None:
        raise refuse(
            RejectionCode.MISSING_FIELD,
            "data.decided_at",
            "is missing, and so is `time`; of several decisions the latest one wins. Say when it was decided.",
        )
    return moment


def _purchase(text: str) -> tuple[str, str]:
    try:
        return purchase_id(*parts_of(text)), number_of(text)
    except ValueError as wrong:
        raise refuse(
            RejectionCode.BAD_VALUE,
            "data.purchase",
            f"is no purchase id: {wrong}. Copy it whole from compliance.orders or from the purchase's page.",
        ) from None


def _fitting(outcome: Outcome, channel: Channel | None) -> Channel:
    chosen = channel or DEFAULT_CHANNEL.get(outcome)
    if chosen is None:
        raise refuse(
            RejectionCode.MISSING_FIELD,
            "data.channel",
            f'is missing: "{outcome}" says nothing without it. Send one of {_listed(outcome)}.',
        )
    if chosen not in CHANNELS[outcome]:
        raise refuse(
            RejectionCode.BAD_VALUE,
            "data.channel",
            f'"{chosen}" does not belong to the outcome "{outcome}". Send one of {_listed(outcome)}.',
        )
    return chosen


def _listed(outcome: Outcome) -> str:
    return ", ".join(channel.value for channel in CHANNELS[outcome])
