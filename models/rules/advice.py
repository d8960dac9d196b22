"""What would have made a line catalogue e-trade: which conditions of the catalogue rules failed, in words.

The advice looks at the rules of the ruleset that give outcome `catalogue`; it works for any ruleset.
"""

from collections.abc import Sequence

import msgspec

from models.rules.case import LineCase
from models.rules.condition import Condition
from models.rules.judge import test_of
from models.rules.missing import Words, missing
from models.rules.ruleset import Rule, Ruleset
from models.vocabulary import Outcome


class Advice(msgspec.Struct, frozen=True):
    """A rule that would have made the line catalogue, and all that stood in its way."""

    rule: str
    needs: tuple[Words, ...]
    """What would have to be otherwise, each by itself necessary; never empty."""


def advice(case: LineCase, ruleset: Ruleset) -> tuple[Advice, ...]:
    """For a line that is not catalogue, what each catalogue rule lacked, the one that lacks least first.

    A rule whose conditions all hold was kept from deciding by an earlier rule, which is then what stands in the way.
    """
    kind = "order" if case.purchase.kind == "frame" else case.purchase.kind
    found = []
    for place, rule in enumerate(ruleset.rules):
        if rule.enabled and rule.outcome is Outcome.CATALOGUE:
            needs = (*_of_kind(rule, kind), *_unmet(case, rule.when), *_overruled(case, ruleset.rules[:place], kind))
            if not needs:
                return ()
            found.append(Advice(rule.id, needs))
    return tuple(sorted(found, key=lambda each: len(each.needs)))


def _of_kind(rule: Rule, kind: str) -> tuple[Words, ...]:
    if kind in rule.applies_to:
        return ()
    return (
        Words(
            "købet har ingen ordre i systemet: kun en ordre kan være kataloghandel på denne måde",
            "the purchase has no order in the system: only an order can be catalogue e-trade in this way",
        ),
    )


def _unmet(case: LineCase, conditions: Sequence[Condition]) -> tuple[Words, ...]:
    unmet = (each for each in conditions if test_of(each)(case) is None)
    return tuple(dict.fromkeys(missing(case, each) for each in unmet))


def _overruled(case: LineCase, earlier: Sequence[Rule], kind: str) -> tuple[Words, ...]:
    """The first earlier rule that matches and decides otherwise."""
    for rule in earlier:
        if not rule.enabled or kind not in rule.applies_to:
            continue
        if all(test_of(each)(case) is not None for each in rule.when):
            if rule.outcome is Outcome.CATALOGUE:
                return ()
            return (
                Words(
                    f"reglen {rule.id} går forud: {_small(rule.da)}",
                    f"the rule {rule.id} goes before: {_small(rule.en)}",
                ),
            )
    return ()


def _small(sentence: str) -> str:
    """Within another sentence; abbreviations keep their capitals."""
    return sentence if sentence[:2].isupper() else sentence[:1].lower() + sentence[1:]
