"""An example of every message that subscribers get, built from the values that the service itself writes."""

from datetime import date

from models.contract.examples import ORDER, PURCHASE, SOURCE
from models.judgement import Cause, Document, JudgedLine, Judgement, Marks, Origin, Previous
from models.measures import PLACE, ZERO
from models.refusal import Refused
from models.tally.alerts import Alert
from models.tally.figures import Control, figures
from models.tally.report import Above, Adjustment, Peers, Rate, Reason, Reported, UnitReport
from models.tally.snapshot import Target, UnitSnapshot, Window
from models.tally.units import named
from models.tally.windows import spans
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
        marks=Marks(
            digital=True, supplier_compliant=True, item_compliant=True, agreement_base=True, price_complies=True
        ),
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
        invoiced_ore=29_400,
        certified=True,
        documents=(Document("invoice", "K-1", "U-10234", date(2026, 3, 9), 29_400, matched=True),),
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


AS_OF = "2026-03-03T12:00:00.000Z"
DAY = date(2026, 3, 3)
TARGET = 0.8


def _measures() -> dict[str, int]:
    """One catalogue order of 294 kr. and one by phone of 100 kr."""
    counted = {"catalogue_ore": 29_400, "catalogue_count": 1, "own_catalogue_ore": 29_400, "own_catalogue_count": 1}
    off = {"off_channel_ore": 10_000, "off_channel_count": 1, "phone_ore": 10_000, "phone_count": 1}
    split = {"uncovered_ore": 10_000, "uncovered_count": 1, "digital_ore": 29_400, "digital_count": 1}
    sums = list(ZERO)
    for name, value in (counted | off | split).items():
        sums[PLACE[name]] = value
    return named(sums)


def unit_snapshot() -> UnitSnapshot:
    """A school's figures in every window."""
    found = figures(_measures(), Control())
    shown = {name: figure.as_json() for name, figure in found.items()}
    value = found["e_handelsgrad_amount"].value or 0.0
    targets = {"e_handelsgrad_amount": Target(TARGET, value - TARGET, date(2026, 12, 31))}
    windows = {name: Window(first, last, _measures(), shown, targets) for name, (first, last) in spans(DAY).items()}
    return UnitSnapshot(
        unit="U-10234",
        name="Skolen ved Åen",
        level="institution",
        parent="A-102",
        root="K-1",
        as_of=AS_OF,
        day=DAY,
        generation=1,
        revision=7,
        gain_per_invoice_ore=6_200,
        windows=windows,
    )


def alert() -> Alert:
    """The school falls below its target."""
    return Alert("U-10234", "e_handelsgrad_amount", "30d", 0.81, 0.746, TARGET, AS_OF, "crossed", 1, 7)


def unit_report() -> UnitReport:
    """The school's frozen February."""
    found = figures(_measures())
    return UnitReport(
        month="2026-02",
        first=date(2026, 2, 1),
        last=date(2026, 2, 28),
        unit="U-10234",
        name="Skolen ved Åen",
        level="institution",
        parent="A-102",
        root="K-1",
        peer_group="skole",
        fte=41.5,
        generation=1,
        frozen_at=AS_OF,
        measures=_measures(),
        figures={name: Reported(each.numerator, each.denominator, each.value) for name, each in found.items()},
        peers=Peers("skole", units=38, ranked=35, rank=12, median=0.71),
        chain=(Above("A-102", "Skoler nord", "area", 0.69), Above("K-1", "Kommunen", "municipality", 0.66)),
        gain_ore=6_200,
        left_to_gain_ore=6_200,
        adjustments=(_adjustment(),),
    )


def _adjustment() -> Adjustment:
    """A credit note came for a purchase of January."""
    before, after = Rate(60_000, 80_000, 0.75), Rate(50_000, 70_000, 50_000 / 70_000)
    count = Rate(3, 4, 0.75)
    return Adjustment(
        month="2026-01",
        revision=1,
        told_at=AS_OF,
        before={"e_handelsgrad_amount": before, "e_handelsgrad_count": count},
        after={"e_handelsgrad_amount": after, "e_handelsgrad_count": count},
        measures={"catalogue_ore": -10_000, "own_catalogue_ore": -10_000},
        reasons=(Reason("credit_note.received", 1, -10_000, 0, 0),),
    )
