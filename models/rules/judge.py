"""The judge: goes through the rules in order, line by line, and sums a purchase up from its lines."""

from collections.abc import Callable, Sequence
from functools import lru_cache, partial
from typing import cast

import msgspec

from models.facts import Category, Content, Line
from models.judgement import JudgedLine
from models.reference.categories import written
from models.rules.case import LineCase, PurchaseCase
from models.rules.condition import Condition
from models.rules.marks import marks_of
from models.rules.predicates import OF_CATEGORY, OF_PURCHASE, PREDICATES, Evidence
from models.rules.ruleset import KINDS, Kind, Rule, Ruleset, read_ruleset
from models.vocabulary import CHANNELS, Channel, Outcome

Test = Callable[[LineCase], Evidence | None]

_TIES = (Outcome.OFF_CHANNEL, Outcome.REVIEW, Outcome.CATALOGUE)
"""Of equal amounts the earlier counts (domain.md, Outcomes)."""


class Verdict(msgspec.Struct, frozen=True, gc=False):
    """What a rule, or a person, says of a line or of a whole purchase."""

    outcome: Outcome
    channel: Channel
    reason: str
    rule: str


def test_of(condition: Condition) -> Test:
    """The condition, ready to be asked of a line."""
    predicate = PREDICATES[condition.predicate]
    return partial(predicate, **condition.parameters) if condition.parameters else predicate


class _Candidate(msgspec.Struct, frozen=True, gc=False):
    """A rule whose conditions on the category hold, with what they rest on, and what else it asks."""

    rule: Rule
    verdict: Verdict | None
    """None where the channel depends on the case."""
    asked: tuple[Test, ...]
    """What the purchase as a whole has not answered yet."""
    told: tuple[Test | None, ...]
    """What it rests on beside the category, if it holds; None stands for the next of what was asked."""
    evidence: Evidence


_STATED_OFF = {channel.value: channel for channel in CHANNELS[Outcome.OFF_CHANNEL]}


class Judge:
    """A ruleset, compiled: the rules that come into question for each kind, purchase and category.

    What the conditions on the purchase say is asked once a purchase. A pure function as an object.
    """

    def __init__(self, ruleset: Ruleset) -> None:
        self.label = ruleset.label
        self.settings = ruleset.settings
        self._rules = {
            kind: tuple(rule for rule in ruleset.rules if rule.enabled and kind in rule.applies_to) for kind in KINDS
        }
        self._of_purchase = {kind: tuple(map(_of_purchase, rules)) for kind, rules in self._rules.items()}
        self._of_category = lru_cache(maxsize=16_384)(self._made_of_category)
        self._candidates = lru_cache(maxsize=16_384)(self._made_candidates)

    def line(self, case: LineCase) -> tuple[Verdict, Evidence]:
        """The first rule that matches, and what it rests on."""
        kind = _kind_of(case.purchase)
        return self._line(kind, self._standing(kind, case), case)

    def _standing(self, kind: Kind, case: LineCase) -> tuple[int, ...]:
        """The places of the rules that the purchase itself does not rule out."""
        return tuple(
            [
                place
                for place, tests in enumerate(self._of_purchase[kind])
                if not tests or None not in [test(case) for test in tests]
            ]
        )

    def _line(self, kind: Kind, standing: tuple[int, ...], case: LineCase) -> tuple[Verdict, Evidence]:
        for candidate in self._candidates(kind, standing, case.category):
            answers = []
            for test in candidate.asked:
                answer = test(case)
                if answer is None:
                    break
                answers.append(answer)
            else:
                evidence, answered = candidate.evidence, iter(answers)
                for told in candidate.told:
                    evidence = {**evidence, **(next(answered) if told is None else told(case) or {})}
                return candidate.verdict or _verdict(candidate.rule, _channel(candidate.rule, case, evidence)), evidence
        raise AssertionError("a ruleset always has a last rule")

    def _made_candidates(
        self, kind: Kind, standing: tuple[int, ...], category: Category | None
    ) -> tuple[_Candidate, ...]:
        by_rule = self._of_category(kind, category)
        return tuple([each for place in standing if (each := by_rule[place]) is not None])

    def _made_of_category(self, kind: Kind, category: Category | None) -> tuple[_Candidate | None, ...]:
        return tuple([_candidate(rule, category) for rule in self._rules[kind]])

    def lines(self, purchase: PurchaseCase, amounts: Sequence[int | None], decided: Verdict | None) -> list[JudgedLine]:
        """Every line judged; a person's decision wins over the rules."""
        cases = [LineCase(purchase, line) for line in purchase.content.lines]
        if decided is not None:
            found = [(decided, _inherited(purchase)) for _ in cases]
        else:
            kind = _kind_of(purchase)
            standing = self._standing(kind, cases[0]) if cases else ()
            found = [self._line(kind, standing, case) for case in cases]
        return [
            _judged(case, amount, verdict, evidence)
            for case, amount, (verdict, evidence) in zip(cases, amounts, found, strict=True)
        ]


def _kind_of(purchase: PurchaseCase) -> Kind:
    """By which rules it is judged."""
    return "order" if purchase.kind == "frame" else cast("Kind", purchase.kind)


def _inherited(purchase: PurchaseCase) -> Evidence:
    """What a line rests on that is not judged itself: the frame's verdict, or a person's."""
    return {"frame": purchase.order_named or ""} if purchase.kind == "frame" else {"verdict": "decision"}


def _of_purchase(rule: Rule) -> tuple[Test, ...]:
    return tuple(test_of(condition) for condition in rule.when if condition.predicate in OF_PURCHASE)


def _candidate(rule: Rule, category: Category | None) -> _Candidate | None:
    evidence: Evidence = {}
    asked: list[Test] = []
    told: list[Test | None] = []
    for condition in rule.when:
        if condition.predicate in OF_CATEGORY:
            found = OF_CATEGORY[condition.predicate](category, **condition.parameters)
            if found is None:
                return None
            evidence |= found
        else:
            test = test_of(condition)
            told.append(test if condition.predicate in OF_PURCHASE else None)
            if condition.predicate not in OF_PURCHASE:
                asked.append(test)
    verdict = _verdict(rule, rule.channel) if isinstance(rule.channel, Channel) else None
    return _Candidate(rule, verdict, tuple(asked), tuple(told), evidence)


def _verdict(rule: Rule, channel: Channel) -> Verdict:
    return Verdict(rule.outcome, channel, rule.reason, rule.id)


@lru_cache(maxsize=8)
def judge_of(text: str) -> Judge:
    """The judge of a ruleset's text; compiled once."""
    return Judge(read_ruleset(text))


def _channel(rule: Rule, case: LineCase, evidence: Evidence) -> Channel:
    if rule.channel == "stated":
        return _STATED_OFF.get(case.purchase.content.channel or "", Channel.UNKNOWN)
    if rule.channel == "excluded":
        return Channel(evidence["exclusion"])
    return rule.channel


def _judged(case: LineCase, amount: int | None, verdict: Verdict, evidence: Evidence) -> JudgedLine:
    line = case.line
    off = verdict.outcome is Outcome.OFF_CHANNEL
    if off or verdict.outcome is Outcome.REVIEW:
        evidence = stated_of_line(line) | evidence
    return JudgedLine(
        line.line,
        verdict.outcome,
        verdict.channel,
        verdict.reason,
        verdict.rule,
        amount_ore=amount,
        item=line.item,
        description=line.description,
        category=written(case.category) if case.category else None,
        agreement=case.agreement.agreement if case.agreement else None,
        avoidable=avoidable(case) if off else None,
        marks=marks_of(case, verdict.outcome, verdict.channel),
        evidence=evidence,
    )


def stated_of_line(line: Line) -> Evidence:
    """What was stated of a line and has not made it catalogue: the advice tells from it what is amiss."""
    said = {"gtin": line.gtin, "catalogue_named": line.catalogue, "agreement_named": line.agreement}
    return {name: value for name, value in said.items() if value}


def stated_of_purchase(content: Content) -> Evidence:
    """The same of a purchase."""
    said = {
        "stated_channel": content.channel,
        "punch_out": content.punch_out,
        "standing_order_named": content.standing_order,
        "agreement_named": content.agreement,
    }
    return {name: value for name, value in said.items() if value}


def avoidable(case: LineCase) -> bool:
    """A catalogue held the item or the category that day; with neither known, one of the supplier's did."""
    purchase = case.purchase
    if case.item_row is not None and case.item_row.orderable:
        return True
    if case.category is not None:
        return purchase.snapshot.category_held(case.category, purchase.day)
    return case.item is None and purchase.snapshot.supplier_has_catalogue(purchase.supplier, purchase.day)


def summed_up(lines: Sequence[JudgedLine], weights: Sequence[int]) -> Verdict:
    """The purchase's verdict: that of its largest amount among catalogue, off-channel and review.

    Ties go to off-channel, then review; excluded only when all its lines are.
    """
    first = lines[0]
    if len(lines) == 1:
        return Verdict(first.outcome, first.channel, first.reason, first.rule)
    by_outcome: dict[Outcome, int] = {}
    for line, weight in zip(lines, weights, strict=True):
        by_outcome[line.outcome] = by_outcome.get(line.outcome, 0) + weight
    counted = [outcome for outcome in _TIES if outcome in by_outcome]
    outcome = max(counted, key=by_outcome.__getitem__) if counted else first.outcome
    by_channel: dict[Channel, int] = {}
    of_outcome = [(line, weight) for line, weight in zip(lines, weights, strict=True) if line.outcome is outcome]
    for line, weight in of_outcome:
        by_channel[line.channel] = by_channel.get(line.channel, 0) + weight
    channel = max(by_channel, key=by_channel.__getitem__)
    telling = max((pair for pair in of_outcome if pair[0].channel is channel), key=lambda pair: pair[1])[0]
    return Verdict(outcome, channel, telling.reason, telling.rule)
