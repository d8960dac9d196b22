"""Rules that can never match: shadowed by earlier ones, contradicting themselves, or asking what their kind cannot have.

Only what follows from the ruleset alone is found; that no data ever meets a rule is told by its hits.
"""

from collections.abc import Iterator, Sequence
from itertools import product

import msgspec

from models.rules.condition import Condition
from models.rules.implied import contradicts, implies, never_of_kind
from models.rules.ruleset import Rule, Ruleset

_MOST_CASES = 10_000
"""How many combinations of a rule's listed codes are looked at; a rule with more is taken to be reachable."""

_LISTS = ("unspsc", "cpv", "channels")


class Unreachable(msgspec.Struct, frozen=True):
    """A rule that matches no line of these kinds, and why."""

    rule: str
    kinds: tuple[str, ...]
    because: tuple[str, ...] = ()
    """The earlier rules that take all of its lines; none where it is at odds with itself."""

    def __str__(self) -> str:
        of = ", ".join(self.kinds)
        if not self.because:
            return f"rule {self.rule!r} can never match ({of}): its conditions cannot hold together"
        return (
            f"rule {self.rule!r} can never match ({of}): what it asks for is taken before by {', '.join(self.because)}"
        )


def unreachable(ruleset: Ruleset) -> list[Unreachable]:
    """Every enabled rule that can never match, with the kinds for which it cannot."""
    found = []
    for place, rule in enumerate(ruleset.rules):
        if not rule.enabled:
            continue
        earlier = [each for each in ruleset.rules[:place] if each.enabled]
        by_reason: dict[tuple[str, ...], list[str]] = {}
        for kind in rule.applies_to:
            taken = _taken(rule, kind, [each for each in earlier if kind in each.applies_to])
            if taken is not None:
                by_reason.setdefault(taken, []).append(kind)
        found += [Unreachable(rule.id, tuple(kinds), because) for because, kinds in by_reason.items()]
    return found


def _taken(rule: Rule, kind: str, earlier: Sequence[Rule]) -> tuple[str, ...] | None:
    """The earlier rules that leave nothing to this one; none if nothing can match at all; None where it is reachable."""
    takers: dict[str, None] = {}
    for case in _cases(rule):
        if _impossible(case, kind):
            continue
        taker = next((each for each in earlier if _covers(each, case)), None)
        if taker is None:
            return None
        takers[taker.id] = None
    return tuple(takers)


def _covers(earlier: Rule, case: Sequence[Condition]) -> bool:
    return all(any(implies(mine, wanted) for mine in case) for wanted in earlier.when if wanted.predicate != "always")


def _impossible(case: Sequence[Condition], kind: str) -> bool:
    return any(never_of_kind(each, kind) for each in case) or any(
        contradicts(one, other) for place, one in enumerate(case) for other in case[place + 1 :]
    )


def _cases(rule: Rule) -> Iterator[tuple[Condition, ...]]:
    """The rule as several, each with one code or channel where the rule lists many: together they are the rule."""
    alternatives = [_alternatives(each) for each in rule.when]
    size = 1
    for each in alternatives:
        size *= len(each)
    return product(*alternatives) if size <= _MOST_CASES else iter([rule.when])


def _alternatives(condition: Condition) -> list[Condition]:
    lists = {name: value for name, value in condition.parameters.items() if name in _LISTS}
    if condition.predicate not in ("category_starts_with", "stated_channel_in"):
        return [condition]
    return [
        Condition.model_validate({"predicate": condition.predicate, name: [word]})
        for name, words in lists.items()
        for word in words
    ]
