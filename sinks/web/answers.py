"""What the API answers: amounts in whole øre, rates as fractions with what they were divided from."""

from datetime import date, datetime
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field

Item = TypeVar("Item")


class Answer(BaseModel):
    """Read from the values of the queries."""

    model_config = ConfigDict(from_attributes=True)


class Listing(Answer, Generic[Item]):
    """A table: when its figures are from, how many rows there are in all, and the rows of this page."""

    as_of: datetime | None
    total: int
    items: list[Item]


class UnitAnswer(Answer):
    """A unit of today's tree."""

    unit: str
    name: str
    level: str = Field(description="institution, area, department or municipality")
    parent: str | None
    fte: float | None = Field(description="Full-time equivalents of the unit, where the reference has them")
    peer_group: str | None


class FigureAnswer(Answer):
    """A rate; null where there is nothing to divide by."""

    numerator: int
    denominator: int
    value: float | None


class TargetAnswer(Answer):
    """A target, and how far the figure is from it; below zero it is not reached."""

    target: float
    distance: float | None
    valid_to: date | None
    pace: float | None = Field(description="Where the figure will be at `valid_to`, as the last six months went")


class WindowAnswer(Answer):
    """The sums and figures of the days from `first` to `last`, both included."""

    first: date
    last: date
    measures: dict[str, int] = Field(description="Sums; names ending in _ore are amounts in øre")
    figures: dict[str, FigureAnswer]
    targets: dict[str, TargetAnswer]
    gain_ore: int = Field(description="What e-trade gained, by invoices of catalogue purchases")
    gain_left_ore: int = Field(description="What is left to gain, by invoices of off-channel purchases")


class FiguresAnswer(Answer):
    """A unit's newest figures, per rolling window, over today's tree."""

    unit: str
    name: str
    level: str
    parent: str | None
    root: str
    day: date
    as_of: datetime
    generation: int
    revision: int
    windows: dict[str, WindowAnswer]


class UnitDetailAnswer(Answer):
    """A unit with its way up, what lies directly below, and its figures."""

    unit: UnitAnswer
    path: list[UnitAnswer]
    children: list[UnitAnswer]
    figures: FiguresAnswer | None


class MonthAnswer(Answer):
    """A month's sums; the last one is the month to date."""

    month: date
    catalogue_ore: int
    off_channel_ore: int
    review_ore: int
    catalogue_count: int
    off_channel_count: int
    review_count: int
    rate: float | None
    rate_by_count: float | None
    low: float | None
    high: float | None


class ChannelAnswer(Answer):
    """What went through an off-channel channel."""

    channel: str
    amount_ore: int
    count: int
    share: float


class SupplierAnswer(Answer):
    """What a supplier sold off-channel, and how much of it a catalogue could have covered."""

    supplier: str
    name: str
    off_channel_ore: int
    avoidable_ore: int
    purchases: int


class PlaceAnswer(Answer):
    """A unit in the league table."""

    unit: str
    name: str
    parent: str | None
    parent_name: str
    rank: int | None = Field(description="Null where the unit is shown, not ranked")
    quartile: int | None
    unranked: str | None = Field(description="few, review, coverage or empty: why it is not ranked")
    rate: float | None
    catalogue_ore: int
    base_ore: int
    rate_by_count: float | None
    base_count: int
    change: float | None = Field(description="This month to date minus the whole month before")
    target: float | None
    distance: float | None
    review_share: float | None
    coverage: float | None
    avoidable_ore: int
    fte: float | None
    base_per_fte_ore: int | None


class PurchaseAnswer(Answer):
    """A purchase, and what of it is in the filtered figure."""

    purchase: str
    number: str
    kind: str
    unit: str
    unit_name: str
    day: date
    supplier: str
    supplier_name: str
    outcome: str
    channel: str
    reason: str
    matching_ore: int
    matching_count: int = Field(description="Purchases, lines or documents of it that a figure by count counts")
    amount_ore: int
    line_count: int
    tallied: bool
    revision: int


class PurchasesAnswer(Listing[PurchaseAnswer]):
    """One page of the purchases behind a figure, and the sum of all of them."""

    matching_ore: int = Field(description="What a figure by amount is made of")
    matching_count: int = Field(description="What a figure by count is made of: purchases, lines or documents")
    amount_ore: int
    untallied: int = Field(description="Listed, but not counted in the sums")


class PatternAnswer(Answer):
    """Purchases in review of one supplier and for one reason."""

    supplier: str
    supplier_name: str
    reason: str
    purchases: int
    amount_ore: int
    first_day: date


class RevisionAnswer(Answer):
    """One revision: when it was judged, what caused it, and the judgement as sent to subscribers."""

    generation: int
    revision: int
    judged_at: datetime | None
    cause: str
    outcome: str
    channel: str
    reason: str
    rule: str
    ruleset: str
    amount_ore: int
    judgement: dict[str, Any] = Field(description="The value of compliance.orders")


class DoubleAnswer(Answer):
    """A card row and an invoice, or an invoiced order, of the same unit and amount within ten days."""

    unit: str
    unit_name: str
    amount_ore: int
    card: str
    card_number: str
    card_day: date
    card_supplier: str
    invoice: str
    invoice_number: str
    invoice_kind: str
    invoice_day: date
    invoice_supplier: str


class QuotedAnswer(Answer):
    """A row of the reference that evidence names."""

    of: str = Field(description="The table: agreements, catalogue and so on")
    key: str
    values: dict[str, Any]
    valid_from: date | None
    valid_to: date | None


class HolderAnswer(Answer):
    """What made an off-channel line avoidable."""

    by: str = Field(description="item, category or supplier: by what the catalogue held it")
    row: QuotedAnswer


class NeedAnswer(Answer):
    """What would have to be otherwise, in both languages."""

    da: str
    en: str


class WayAnswer(Answer):
    """A rule that would have made a line catalogue e-trade, and all that stood in its way."""

    rule: str
    needs: list[NeedAnswer]


class PurchaseDetailAnswer(Answer):
    """A purchase as it stands, and every revision of it, newest first."""

    purchase: str
    unit_name: str
    supplier_name: str
    judgement: dict[str, Any] = Field(description="The newest value of compliance.orders")
    quoted: dict[str, QuotedAnswer] = Field(description="The reference rows that the evidence names, by that name")
    avoidable_by: dict[str, HolderAnswer] = Field(description="By line id")
    advice: dict[str, list[WayAnswer]] = Field(
        description="By line id: what would have made it catalogue e-trade, the way that lacks least first"
    )
    possible_doubles: list[DoubleAnswer]
    revisions: list[RevisionAnswer]


class RuleAnswer(Answer):
    """A rule of the ruleset in force, in its order, and what it decided in the last 90 days."""

    place: int
    rule: str
    da: str
    en: str
    outcome: str
    enabled: bool
    purchases: int
    lines: int
    amount_ore: int


class ActivationAnswer(Answer):
    """A ruleset that was made the active one."""

    ruleset: str
    said_at: datetime | None
    author: str
    approver: str
    comment: str


class ShadowAnswer(Answer):
    """Lines of the last 90 days that one rule decided and the shadow's would, the same or another."""

    rule: str
    outcome: str
    shadow_rule: str
    shadow_outcome: str
    purchases: int
    lines: int
    amount_ore: int


class RefusalAnswer(Answer):
    """A refused record, by the place of the original."""

    topic: str
    partition: int
    offset: int
    code: str
    field: str
    message: str
    source: str
    event_id: str
    key: str | None
    rejected_at: datetime | None
    resent_at: datetime | None
    rejection_state: str


class RefusalGroupAnswer(Answer):
    """How many records of a source were refused for one reason."""

    code: str
    source: str
    count: int
    open: int
    first: datetime | None
    latest: datetime | None


class PositionAnswer(Answer):
    """How far the database sink has read."""

    topic: str
    partition: int
    next_offset: int
    updated_at: datetime


class AlertAnswer(Answer):
    """A figure that fell below its target (`crossed`), or came back to it (`ended`)."""

    unit: str
    figure: str
    window: str
    state: str
    value_from: float | None
    value_to: float | None
    target: float | None
    since: datetime | None = Field(description="When the figure fell below its target")
    told_at: datetime | None = Field(description="When this was said; of an end, when it ended")


class PipelineAnswer(Answer):
    """The state of the pipeline as the database sees it."""

    now: datetime
    last_event_at: datetime | None
    last_written_at: datetime | None
    figures_as_of: datetime | None
    lag_s: float | None = Field(description="From the broker's stamp of the newest record until the database held it")
    age_s: float | None = Field(description="Since the newest record")
    rejections: int
    unresent: int
    purchases: int
    read_share: float = Field(description="How much of the ERP's events is judged; below 1 history is still being read")
    positions: list[PositionAnswer]
    alerts: list[AlertAnswer]
