"""The truth to compare with: what a log of facts comes to, worked out anew with everything in sight at once.

Plain and slow on purpose, written from the rules of the domain and not from the service: no state, no rows, no
partitions, no arrival order. Of the models it takes the facts, the reference look-ups and the judge of a line.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from itertools import chain
from math import floor
from typing import Any

import msgspec

from models.contract.purchase_id import purchase_id
from models.days import day_of as copenhagen
from models.days import from_milliseconds
from models.facts import (
    DOCUMENT,
    AnyFact,
    Cancellation,
    Content,
    CreditNote,
    Decision,
    Invoice,
    Line,
    Order,
    OrderChange,
    OrderReference,
    Response,
)
from models.judgement import JudgedLine
from models.reference.identifiers import comparable
from models.reference.snapshot import Snapshot
from models.rules.case import PurchaseCase
from models.rules.judge import Judge, Verdict
from models.vocabulary import CHANNELS, Channel, Outcome

PARTIES = ("units", "suppliers")
NEAR = timedelta(days=31)


@dataclass(frozen=True)
class Found:
    """What a purchase that is not void was found to be."""

    outcome: str
    channel: str
    amounts_ore: dict[str, int]
    unit: str
    day: date
    tallied: bool


@dataclass(eq=False)
class Deal:
    """An order, an invoice or a credit note, whoever told of it."""

    told: list[tuple[Any, date]]
    """Everything that was told of it, each with its day."""
    heads: list[Any]
    """The newest of each source; the first leads."""
    day: date
    content: Content
    void: bool = False
    reused: bool = False
    order: "Deal | None" = None
    invoices: list["Deal"] = field(default_factory=list)
    credits: list["Deal"] = field(default_factory=list)

    @property
    def lead(self) -> Any:
        return self.heads[0]

    @property
    def seen_on(self) -> date:
        return min(self.day, self.content.delivered_on or self.day)

    @property
    def says(self) -> Any:
        """The head that says what it belongs to: the first that names anything."""
        return next((head for head in self.heads if names(head)), self.lead)

    @property
    def id(self) -> str:
        if isinstance(self.lead, Order) and self.lead.source != DOCUMENT and not self.reused:
            return purchase_id(self.lead.source, self.lead.number)
        content = self.lead.content
        unit, supplier = (*content.units, "unknown")[0], (*content.suppliers, "unknown")[0]
        if self.lead.source.startswith("test/"):
            unit = f"{self.lead.source}/{unit}"
        return purchase_id(unit, supplier, name_of(self.lead)[1], str(self.day))


def names(paper: Invoice | CreditNote) -> bool:
    return paper.order is not None or (isinstance(paper, CreditNote) and paper.invoice is not None)


def name_of(fact: Any) -> tuple[str, str]:
    if isinstance(fact, Order):
        return "order", fact.number
    if isinstance(fact, Invoice):
        return "invoice", fact.invoice
    return ("invoice" if fact.below_zero else "credit_note"), fact.credit_note


def day_of(fact: Any) -> date:
    return fact.issued_on if isinstance(fact, Invoice | CreditNote) else fact.day or date(1970, 1, 1)


def newest(facts: Iterable[Any], key: Callable[[Any], Any]) -> dict[Any, Any]:
    return {key(fact): fact for fact in _by_stamp(facts)}


def spoken(fact: Any, what: str) -> tuple[str, ...]:
    return tuple(map(comparable, getattr(fact.content if hasattr(fact, "content") else fact, what)))


def buyers(fact: Any) -> set[str]:
    """What a buyer goes by; an account that no unit is known by names nobody."""
    first, *others = (*spoken(fact, "units"), "")
    account = getattr(getattr(fact, "content", None), "account", None)
    return {first, *(name for name in others if name != account)} - {""}


def filled(contents: Sequence[Content]) -> Content:
    """The first content; what it leaves empty is taken from the next that has it."""
    first, *others = contents
    for other in others:
        lines = {line.line: line for line in other.lines}
        with_lines = tuple(_with(line, lines.get(line.line, line), ()) for line in first.lines)
        agreed = first.order_agreement or other.order_agreement
        first = _with(first, other, ("exchange_rate",))
        first = msgspec.structs.replace(first, lines=with_lines, order_agreement=agreed)
    return first


def _with(one: Any, other: Any, but: tuple[str, ...]) -> Any:
    empty = [name for name in one.__struct_fields__ if getattr(one, name) is None and name not in but]
    return msgspec.structs.replace(one, **{name: getattr(other, name) for name in empty})


def rounded(value: Decimal) -> int:
    return int(value.quantize(Decimal(1), ROUND_HALF_UP))


def shares(total: int, weights: list[int]) -> list[int]:
    """In proportion, the odd øre to the largest remainders, the lower line first."""
    exact = [Fraction(total * weight, sum(weights) or 1) for weight in weights]
    whole = [floor(each) for each in exact]
    ranked = sorted(range(len(weights)), key=lambda place: (whole[place] - exact[place], place))
    return [whole[place] + (ranked.index(place) < total - sum(whole)) for place in range(len(weights))]


def year_before(day: date) -> date:
    return date(day.year - 1, day.month, 28 if (day.month, day.day) == (2, 29) else day.day)


def _end_of(end: Cancellation | Response) -> tuple[Any, ...]:
    """A document's end goes by its own id, an ERP's by what it ends; one that is told again counts as told last."""
    if end.source != DOCUMENT:
        return (end.source, end.number, getattr(end, "of", ""), getattr(end, "cancelled", ""))
    said = (spoken(end, "units")[:1], spoken(end, "suppliers")[:1])
    return (type(end), end.number, getattr(end, "of", ""), getattr(end, "cancelled", ""), end.stamp.event_id, *said)


class Oracle:
    """`purchases`, `cells` (root, unit, day → measures) and `windows` of a log."""

    def __init__(self, facts: Iterable[AnyFact], snapshot: Snapshot, judge: Judge) -> None:
        self.facts = list(facts)
        self.snapshot = snapshot
        self.judge = judge
        self.purchases: dict[str, Found] = {}
        self.cells: dict[tuple[str, str, date], dict[str, int]] = defaultdict(lambda: defaultdict(int))
        self.bought: list[tuple[str, str, date, str]] = []
        """Root, unit, day and buyer of what counts and is not excluded."""
        self.decisions = newest(self._all(Decision), lambda each: each.purchase)
        self.orders = self._orders()
        papers = self._papers()
        self.invoices = [each for each in papers if isinstance(each.lead, Invoice)]
        for invoice in self.invoices:
            self._attach(invoice)
        refunds = [
            each for each in papers if isinstance(each.lead, CreditNote) and not each.void and not self._credit(each)
        ]
        for order in self.orders:
            self._count("frame" if order.lead.frame else "order", order)
        for invoice in self.invoices:
            if invoice.order is None or invoice.order.lead.frame:
                self._count("invoice", invoice)
        for note in refunds:
            self._count("refund", note)

    def _all(self, *kinds: type) -> list[Any]:
        return [fact for fact in self.facts if isinstance(fact, kinds)]

    # who bought from whom

    def unit(self, fact: Any) -> str:
        units = fact.content.units if hasattr(fact, "content") else fact.units
        return self.snapshot.unit_id(units) or (units[0] if units else "")

    def root(self, fact: Any) -> str:
        unit = self.unit(fact)
        if self.snapshot.known_unit(unit):
            return self.snapshot.root_of(unit, day_of(fact))
        roots = self.snapshot.roots(day_of(fact))
        default = self.judge.settings.source(fact.source).default_root
        return roots[0] if len(roots) == 1 else default or (*roots, "implied")[0]

    def supplier(self, fact: Any) -> str:
        return self.snapshot.supplier_id(fact.content.suppliers if hasattr(fact, "content") else fact.suppliers)

    def same(self, one: Any, other: Any) -> bool:
        """The same buyer and seller, both of the real world or both of a test."""
        if one.source.startswith("test/") != other.source.startswith("test/") or self.root(one) != self.root(other):
            return False
        unknown = not any(self.snapshot.known_unit(self.unit(each)) for each in (one, other))
        if one.source == other.source == DOCUMENT and unknown and not buyers(one) & buyers(other):
            return False
        common = {*spoken(one, "suppliers")} & {*spoken(other, "suppliers")}
        return bool(common) or self.supplier(one) == self.supplier(other)

    def one_deal(self, one: Any, other: Any) -> bool:
        """The same parties; documents of buyers that nobody knows are one only under the same name."""
        unknown = not any(self.snapshot.known_unit(self.unit(each)) for each in (one, other))
        apart = one.source == other.source == DOCUMENT and unknown
        return self.same(one, other) and not (apart and comparable(self.unit(one)) != comparable(self.unit(other)))

    # what belongs together

    def _deals(self, facts: Iterable[tuple[Any, date]]) -> list[Deal]:
        """One deal for what has name, buyer and seller in common and lies within 31 days of the first."""
        groups: list[list[tuple[Any, date]]] = []
        for fact, day in sorted(facts, key=lambda each: _in_time(*each)):
            for group in groups:
                first, since = group[0]
                if name_of(first) == name_of(fact) and day - since <= NEAR and self.one_deal(first, fact):
                    group.append((fact, day))
                    break
            else:
                groups.append([(fact, day)])
        return [self._deal(group) for group in groups]

    def _deal(self, told: list[tuple[Any, date]]) -> Deal:
        """The ERP leads, the source that was first before others; the newest word of each source counts."""
        first: dict[str, date] = {}
        for fact, day in told:
            first.setdefault(fact.source, day)
        sources = sorted(first, key=lambda source: (source == DOCUMENT, first[source], source))
        heads = [max((f for f, _ in told if f.source == source), key=lambda f: f.stamp) for source in sources]
        alike = [head.content for head in heads if type(head) is type(heads[0])]
        return Deal(told, heads, first[sources[0]] if isinstance(heads[0], Order) else day_of(heads[0]), filled(alike))

    def _meant(self, reference: OrderReference, fact: Any, orders: list[Deal]) -> Deal | None:
        """By UUID or date where given, else the newest up to the day, else the first of the 90 days after it."""
        day = day_of(fact)
        among = [
            order
            for order in orders
            if order.lead.number == reference.number
            and self.same(order.lead, fact)
            and day - timedelta(days=730) <= order.day <= day + timedelta(days=90)
        ]
        by_uuid = [each for each in among if reference.uuid and reference.uuid in [f.uuid for f, _ in each.told]]
        by_date = [each for each in among if reference.issued_on in [day for _, day in each.told]]
        stated = reference.issued_on
        near = [each for each in among if stated is None or abs(each.day - stated) <= timedelta(days=90)]
        so_far = [each for each in near if each.day <= day]
        for some in (by_uuid, by_date, so_far):
            if some:
                return max(some, key=lambda each: each.day)
        return min(near, key=lambda each: each.day, default=None)

    def _orders(self) -> list[Deal]:
        def key(order: Order) -> tuple[Any, ...]:
            said = spoken(order, "units")[:1], spoken(order, "suppliers")[:1], order.day
            return (order.source, order.number, *(said if order.source == DOCUMENT else (order.day,)))

        placed = self._all(Order)
        latest = newest(placed, key)
        lowest = {name: min(each.stamp.version for each in placed if key(each) == name) for name in latest}
        first = newest([each for each in placed if each.stamp.version == lowest[key(each)]], key)
        orders = self._deals((latest[name], first[name].day) for name in latest)
        for deal in orders:
            if deal.lead.source != DOCUMENT:
                words = [first[key(fact)] for fact, _ in deal.told if fact.source == deal.lead.source]
                version = min(each.stamp.version for each in words)
                deal.day = max((each for each in words if each.stamp.version == version), key=lambda e: e.stamp).day
        changes = newest(
            self._all(OrderChange),
            lambda each: (each.number, each.stamp.event_id, each.stamp.version, *map(spoken, [each] * 2, PARTIES)),
        )
        lost = [change for change in _by_stamp(changes.values()) if not self._change(change, orders)]
        recorded: dict[Any, OrderChange] = {}
        for change in lost:
            if change.content.order_agreement:
                said = change.number, spoken(change, "units")[:1], spoken(change, "suppliers")[:1]
                recorded.setdefault(said, change)
        more = self._deals((order := _recorded_by(change), order.day) for change in recorded.values())
        for change in lost:
            self._change(change, more)
        used: set[tuple[str, str]] = set()
        for deal in orders + more:
            deal.reused = (deal.lead.source, deal.lead.number) in used
            used.add((deal.lead.source, deal.lead.number))
        for end in newest(self._all(Cancellation, Response), _end_of).values():
            self._end(end, orders + more)
        return orders + more

    def _change(self, change: OrderChange, orders: list[Deal]) -> bool:
        order = self._meant(change.order, change, orders)
        if order is not None:
            order.heads = [
                msgspec.structs.replace(head, content=_after(head.content, change.content))
                if head.source == DOCUMENT
                else head
                for head in order.heads
            ]
            order.content = filled([head.content for head in order.heads])
        return order is not None

    def _end(self, end: Cancellation | Response, orders: list[Deal]) -> None:
        """A document's end is final; an ERP's holds until the ERP says more of its order."""
        if isinstance(end, Cancellation) and end.of != "order":
            return
        if end.source == DOCUMENT and end.order is not None:
            order = self._meant(end.order, end, orders)
            if order is not None:
                order.void = True
            return
        own = [o for o in orders if o.lead.number == end.number and end.source in {f.source for f, _ in o.told}]
        told = from_milliseconds(end.stamp.time_ms)
        meant = max((o for o in own if o.day <= copenhagen(told)), key=lambda o: o.day, default=None)
        meant = meant or min(own, key=lambda o: o.day, default=None)
        if meant is not None:
            meant.void |= meant.lead.source == end.source and end.stamp > meant.lead.stamp

    def _papers(self) -> list[Deal]:
        """Invoices and credit notes; of what was sent again the newest word counts, wherever it puts the paper."""
        latest = newest(
            self._all(Invoice, CreditNote),
            lambda each: (each.source, name_of(each), *_said_by(each), each.issued_on),
        )
        papers = self._deals((paper, paper.issued_on) for paper in latest.values())
        for paper in papers:
            of, number = name_of(paper.lead)
            paper.void = any(
                (end.of, end.cancelled, end.source) == (of, number, paper.lead.source) and end.stamp > paper.lead.stamp
                for end in self._all(Cancellation)
            )
        return sorted(papers, key=lambda each: (*_in_time(each.lead, each.day), name_of(each.lead)))

    def _attach(self, invoice: Deal) -> None:
        if invoice.says.order and not invoice.void:
            invoice.order = self._meant(invoice.says.order, invoice.lead, self.orders)
            if invoice.order is not None:
                invoice.order.invoices.append(invoice)

    def _credit(self, note: Deal) -> bool:
        """Hand the note to the order or invoice that it credits; one that names an order is looked for under it."""
        says = note.says
        order, invoice = says.order, says.invoice if isinstance(says, CreditNote) else None
        target = self._meant(order, note.lead, self.orders) if order else None
        named = [
            each
            for each in self.invoices
            if name_of(each.lead)[1] == invoice
            and self.same(each.lead, note.lead)
            and (order is None or (each.says.order and each.says.order.number == order.number))
        ]
        own = [each for each in named if self.one_deal(each.lead, note.lead)]
        found = _nearest(own or named, note.day)
        target = target or (found.order if found else None)
        if target is not None and not target.lead.frame:
            target.credits.append(note)
            return True
        found = found or (_nearest(target.invoices, note.day) if target else None)
        if found is None or found.void:
            return False
        found.credits.append(note)
        return True

    # what it comes to

    def _ore(self, content: Content, day: date) -> list[int | None]:
        known = self.snapshot.rate(content.currency, day)
        rate = (
            Decimal(content.exchange_rate)
            if content.exchange_rate and content.currency != "DKK"
            else known and known[1]
        )
        return [rounded(line.net_hundredths * rate) if rate else None for line in content.lines]

    def _left(self, deal: Deal, ordered: list[int | None]) -> list[int | None]:
        left = list(ordered)
        credited = 0
        for note in deal.credits:
            amounts = self._net(note.content, deal.day)
            credited += sum(amounts)
            for line, amount in zip(note.content.lines, amounts, strict=True):
                places = _credited_places(deal.content.lines, line)
                weights = [max(left[place] or 0, 0) for place in places]
                taken = max(min(amount, sum(weights), sum(each or 0 for each in left)), 0)
                for place, part in zip(places, shares(taken, weights) if taken else [], strict=bool(taken)):
                    left[place] = (left[place] or 0) - part
        return self._billed_again(deal, ordered, left, credited)

    def _billed_again(
        self, deal: Deal, ordered: list[int | None], left: list[int | None], credited: int
    ) -> list[int | None]:
        """What is billed after a credit note, beyond what was ordered, undoes it: first what it took too much."""
        anew = [
            (line, amount)
            for invoice in deal.invoices
            if any(_is_before(note, invoice) for note in deal.credits)
            for line, amount in zip(invoice.content.lines, self._net(invoice.content, deal.day), strict=True)
        ]
        taken = [(before or 0) - (after or 0) for before, after in zip(ordered, left, strict=True)]
        billed = sum(sum(self._net(invoice.content, deal.day)) for invoice in deal.invoices)
        beyond = billed - sum(amount or 0 for amount in ordered)
        amounts = [amount for _, amount in anew]
        again = max(min(sum(amounts), beyond, credited) - (credited - sum(taken)), 0)
        parts = shares(again, amounts)
        back = [(_credited_places(deal.content.lines, line), part) for (line, _), part in zip(anew, parts, strict=True)]
        given = 0
        for places, part in [*back, (list(range(len(taken))), again)]:
            weights = [taken[place] for place in places]
            some = min(part, sum(weights), again - given)
            given += some
            for place, share in zip(places, shares(some, weights), strict=True):
                taken[place] -= share
        return [each and each - credit for each, credit in zip(ordered, taken, strict=True)]

    def _net(self, content: Content, day: date) -> list[int]:
        """The amounts of a paper's lines; those below zero lessen the others."""
        amounts = self._known(content, day)
        if min(amounts, default=0) >= 0:
            return amounts
        return shares(max(sum(amounts), 0), [max(amount, 0) for amount in amounts])

    def _case(self, kind: str, deal: Deal) -> PurchaseCase:
        seen = [each.seen_on for each in deal.invoices] + [each for each in [deal.content.delivered_on] if each]
        names = deal.says.order if kind == "invoice" else None
        return PurchaseCase(
            kind=kind,
            source=deal.lead.source,
            day=deal.day,
            unit=self.unit(deal.lead),
            supplier=self.supplier(deal.lead),
            content=deal.content,
            snapshot=self.snapshot,
            settings=self.judge.settings,
            seen_on=min(seen, default=None) if kind == "order" else None,
            order_named=names.number if names else None,
            order_day=names.issued_on if names else None,
        )

    def _decided(self, purchase: str) -> Verdict | None:
        decision = self.decisions.get(purchase)
        if decision is None or decision.withdrawn:
            return None
        outcome = Outcome(decision.outcome)
        return Verdict(outcome, Channel(decision.channel or CHANNELS[outcome][0]), "decided", "decision")

    def _of_frame(self, frame: Deal) -> Verdict:
        decided = self._decided(frame.id)
        if decided is not None and decided.outcome is not Outcome.VOID:
            return decided
        content = frame.content if frame.content.lines else msgspec.structs.replace(frame.content, lines=(Line("", 0),))
        case = self._case("frame", Deal(frame.told, frame.heads, frame.day, content))
        weights = [line.net_hundredths for line in content.lines]
        lines = self.judge.lines(case, [None] * len(weights), None)
        return Verdict(*summed_up(lines, weights), "frame", "frame")

    def _count(self, kind: str, deal: Deal) -> None:
        """Judge a purchase and put what it comes to into the cells."""
        verdict = self._decided(deal.id)
        void = deal.void or not deal.content.lines or (verdict is not None and verdict.outcome is Outcome.VOID)
        outcome = Outcome.VOID if void else self._judge(kind, deal, verdict)
        if not deal.lead.source.startswith("test/"):
            self._see(kind, deal, outcome)

    def _judge(self, kind: str, deal: Deal, verdict: Verdict | None) -> Outcome:
        frame = deal.order if kind == "invoice" else None
        ordered = self._ore(deal.content, deal.day)
        left = self._left(deal, ordered)
        case = self._case("frame" if frame else kind, deal)
        lines = self.judge.lines(case, left, verdict or (self._of_frame(frame) if frame else None))
        gone = left != ordered and sum(each or 0 for each in left) == 0
        amounts_left = zip(deal.content.lines, ordered if gone else left, strict=True)
        weights = [line.net_hundredths if ore is None else ore for line, ore in amounts_left]
        outcome, channel = summed_up(lines, weights)
        tallied = not gone and kind != "frame" and not deal.lead.source.startswith("test/")
        amounts: dict[str, int] = defaultdict(int)
        for line in lines:
            amounts[line.outcome.value] += line.amount_ore or 0
        unit = self.unit(deal.lead)
        self.purchases[deal.id] = Found(outcome.value, channel.value, dict(amounts), unit, deal.day, tallied)
        if tallied:
            cell = self.cells[self.root(deal.lead), unit, deal.day]
            self._add(cell, kind, deal, lines, (outcome, channel))
            cell["no_rate_count"] += None in ordered
            if deal.content.buyer and outcome is not Outcome.EXCLUDED:
                self.bought.append((self.root(deal.lead), unit, deal.day, deal.content.buyer))
        return outcome

    def _add(
        self, cell: dict[str, int], kind: str, deal: Deal, lines: list[JudgedLine], total: tuple[Outcome, Channel]
    ) -> None:
        outcome, channel = total
        for line in lines:
            marks = line.marks
            ore, based = line.amount_ore or 0, line.outcome in (Outcome.CATALOGUE, Outcome.OFF_CHANNEL)
            cell[f"{line.outcome}_ore"] += ore
            cell[f"{line.channel}_ore"] += ore * based
            cell["digital_ore"] += ore * (based and marks.digital)
            cell["mandatory_base_ore"] += ore * (based and marks.mandatory)
            cell["mandatory_digital_ore"] += ore * (based and marks.mandatory and marks.digital)
            if line.outcome is Outcome.OFF_CHANNEL:
                cell["avoidable_ore" if line.avoidable else "uncovered_ore"] += ore
            cell["agreement_base_ore"] += ore * marks.agreement_base
            cell["supplier_compliant_ore"] += ore * marks.supplier_compliant
            cell["item_compliant_ore"] += ore * marks.item_compliant
            cell["uncategorised_ore"] += ore * marks.uncategorised
            cell["price_base_lines"] += marks.price_complies is not None
            cell["price_compliant_lines"] += marks.price_complies is True
        cell[f"{outcome}_count"] += 1
        telling = [line for line in lines if line.outcome is outcome and line.channel is channel]
        if outcome in (Outcome.CATALOGUE, Outcome.OFF_CHANNEL):
            cell[f"{channel}_count"] += 1
            cell["digital_count"] += telling[0].marks.digital
        if outcome is Outcome.OFF_CHANNEL:
            cell["avoidable_count" if any(line.avoidable for line in telling) else "uncovered_count"] += 1
        if kind == "order" and deal.content.buyer and outcome is not Outcome.EXCLUDED:
            cell["orders_with_buyer"] += 1
            cell["certified_orders"] += self.snapshot.certified(deal.content.buyer, deal.day)
        invoices = [deal] if kind == "invoice" else deal.invoices
        cell["invoiced_ore"] += sum(chain.from_iterable(self._known(each.content, each.day) for each in invoices))

    def _known(self, content: Content, day: date) -> list[int]:
        return [each or 0 for each in self._ore(content, day)]

    def _see(self, kind: str, deal: Deal, outcome: Outcome) -> None:
        """Every invoice and credit note is seen, on its own day and under its own unit, whatever its purchase is."""
        own = [deal] if kind == "invoice" and not deal.void else []
        order = deal if kind == "order" else deal.order
        for invoice in own + (deal.invoices if kind == "order" else []):
            cell = self.cells[self.root(invoice.lead), self.unit(invoice.lead), invoice.day]
            cell["seen_documents"] += 1
            cell["seen_ore"] += sum(self._known(invoice.content, invoice.day))
            cell["all_invoices"] += 1
            cell["matched_invoices"] += order is not None and order.day <= invoice.day
            cell["catalogue_invoices"] += outcome is Outcome.CATALOGUE
            cell["off_channel_invoices"] += outcome is Outcome.OFF_CHANNEL
        for note in deal.credits + ([deal] if kind == "refund" else []):
            cell = self.cells[self.root(note.lead), self.unit(note.lead), note.day]
            cell["seen_documents"] += 1
            cell["seen_ore"] -= sum(self._known(note.content, note.day))

    def windows(self, today: date) -> dict[str, dict[str, dict[str, int]]]:
        """Unit → window → measures: each unit's own and those of all under it in the tree of today."""
        since = {
            "day": today,
            "7d": today - timedelta(days=6),
            "30d": today - timedelta(days=29),
            "month": date(today.year, today.month, 1),
            "year": date(today.year, 1, 1),
            "12m": year_before(today) + timedelta(days=1),
        }
        sums: dict[str, Any] = defaultdict(lambda: {window: defaultdict(int) for window in since})
        for (root, unit, day), measures in self.cells.items():
            for above in self._above(root, unit, today):
                for window in [window for window in since if since[window] <= day <= today]:
                    for name, value in measures.items():
                        sums[above][window][name] += value
        return sums

    def certified_buyers(self, today: date) -> dict[str, tuple[int, int]]:
        """Unit → of the different buyers of twelve months, those certified today, and all."""
        active: dict[str, set[str]] = defaultdict(set)
        for root, unit, day, buyer in self.bought:
            if year_before(today) < day <= today:
                for above in self._above(root, unit, today):
                    active[above].add(buyer)
        return {
            unit: (sum(self.snapshot.certified(each, today) for each in buyers), len(buyers))
            for unit, buyers in active.items()
        }

    def _above(self, root: str, unit: str, today: date) -> tuple[str, ...]:
        known = self.snapshot.known_unit(unit)
        return self.snapshot.ancestors(unit, today) if known else (f"{root}-unassigned", root)


def _said_by(paper: Any) -> tuple[tuple[str, ...], ...]:
    """Its seller; of a document, which any buyer may have got, its buyer as well."""
    return spoken(paper, "suppliers")[:1], spoken(paper, "units")[:1] if paper.source == DOCUMENT else ()


def _by_stamp(facts: Iterable[Any]) -> list[Any]:
    return sorted(facts, key=lambda each: each.stamp)


def _in_time(fact: Any, day: date) -> tuple[Any, ...]:
    return day, fact.source == DOCUMENT, fact.source, fact.stamp.event_id, fact.stamp.digest


def _nearest(invoices: list[Deal], day: date) -> Deal | None:
    earlier = [each for each in invoices if each.day <= day]
    return max(earlier or invoices, key=lambda each: each.day, default=None)


def _is_before(note: Deal, invoice: Deal) -> bool:
    """Was the credit note first? Of one day: if it names another invoice."""
    named = note.says.invoice if isinstance(note.says, CreditNote) else None
    return note.day < invoice.day or (note.day == invoice.day and named not in (None, name_of(invoice.lead)[1]))


def _after(content: Content, change: Content) -> Content:
    """Lines are replaced by their id, taken out, or stay; of the rest what the change states."""
    lines = {line.line: line for line in (*content.lines, *change.lines)}
    out = {line.line for line in change.lines if line.removed}
    stay = {name: getattr(content, name) for name in ("units", "suppliers", "order_agreement")}
    left = tuple(lines[name] for name in lines if name not in out)
    said: Content = _with(change, content, ())
    return msgspec.structs.replace(said, **stay, lines=left)


def _recorded_by(change: OrderChange) -> Order:
    """The order that a change stands for, of which the seller's own record never came."""
    lines = tuple(line for line in change.content.lines if not line.removed)
    return Order(
        source=change.source,
        number=change.number,
        stamp=change.stamp,
        day=change.order.issued_on or change.day,
        content=msgspec.structs.replace(change.content, lines=lines),
        uuid=change.order.uuid,
    )


def _credited_places(lines: Sequence[Line], credit: Line) -> list[int]:
    by_id = [place for place, line in enumerate(lines) if line.line == credit.line]
    by_item = [place for place, line in enumerate(lines) if credit.item and line.item == credit.item]
    return by_id or by_item or list(range(len(lines)))


def summed_up(lines: Sequence[JudgedLine], weights: Sequence[int]) -> tuple[Outcome, Channel]:
    """Of the largest amount; in doubt off-channel, review, catalogue; excluded only if nothing else is there."""
    outcomes: dict[Outcome, int] = defaultdict(int)
    channels: dict[tuple[Outcome, Channel], int] = defaultdict(int)
    for line, weight in zip(lines, weights, strict=True):
        outcomes[line.outcome] += weight
        channels[line.outcome, line.channel] += weight
    counted: list[Outcome] = [
        each for each in (Outcome.OFF_CHANNEL, Outcome.REVIEW, Outcome.CATALOGUE) if each in outcomes
    ]
    outcome = max(counted or [lines[0].outcome], key=outcomes.__getitem__)
    return outcome, max((name for name in channels if name[0] is outcome), key=channels.__getitem__)[1]
