"""An example of every message that subscribers get, built from the values that the service itself writes."""

from datetime import date

from models.contract.examples import ORDER, PURCHASE, SOURCE
from models.judgement import Cause, JudgedLine, Judgement, Origin, Previous
from models.refusal import Refused
from models.vocabulary import Channel, Outcome, RejectionCode


def judgement() -> Judgement:
    """The second revision of the order in the examples, after its change."""
    line = JudgedLine(
        line="1",
        outcome=Outcome.CATALOGUE,
        channel=Channel.OWN_CATALOGUE,
        reason="item_in_catalogue",
        rule="own-catalogue",
        amount_ore=29_400,
        item="11-2233",
        description="Kopipapir A4",
        category="UNSPSC:14111507",
        agreement="A-17",
        evidence={"item": "11-2233", "catalogue": "CAT-9", "agreement": "A-17"},
    )
    return Judgement(
        purchase=PURCHASE,
        kind="order",
        number=ORDER,
        generation=1,
        revision=2,
        version=2,
        unit="U-10234",
        root="municipality",
        day=date(2026, 3, 2),
        supplier="S-401",
        outcome=line.outcome,
        channel=line.channel,
        reason=line.reason,
        rule=line.rule,
        ruleset="default-1",
        reference=41,
        lines=(line,),
        amounts_ore={Outcome.CATALOGUE.value: 29_400},
        cause=Cause(kind="order.changed", event="b7c1-0002", source=SOURCE),
        previous=Previous(
            revision=1,
            outcome=line.outcome,
            channel=line.channel,
            reason=line.reason,
            amounts_ore={Outcome.CATALOGUE.value: 24_500},
        ),
        source=Origin(topic="erp.purchases", partition=3, offset=812),
        judged_at="2026-03-03T12:40:13.218Z",
    )


def refused() -> Refused:
    """A line whose amount has three decimals."""
    return Refused(
        code=RejectionCode.BAD_VALUE,
        field="data.lines[0].net_amount",
        message='is "245.001", with more than 2 decimals. Round it to 2 and send it again.',
        source=SOURCE,
        event_id="b7c1-0009",
    )
