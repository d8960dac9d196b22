"""The page of the rules, in the words of a procurement office: in order, with what each condition means."""

import inspect
from collections.abc import Iterable, Mapping

from handelspuls.documentation.markdown import bullets, code, table
from models.rules.condition import Condition
from models.rules.predicates import PREDICATES
from models.rules.ruleset import Rule, Ruleset
from models.rules.settings import RuleSettings

KINDS: Mapping[str, str] = {
    "order": "orders",
    "invoice": "invoices that belong to no order we know",
    "refund": "credit notes that credit no purchase we know",
}
OUTCOMES: Mapping[str, str] = {
    "catalogue": "catalogue e-trade",
    "off_channel": "off-channel",
    "excluded": "outside of the base",
    "review": "for a person to decide",
    "void": "void",
}
CHANNELS: Mapping[str, str] = {
    "stated": "the way that the ERP says, else `unknown`",
    "excluded": "the one that the list names",
}
WORDS: Mapping[str, str] = {"unspsc": "UNSPSC", "cpv": "CPV", "channels": ""}
"""How a parameter is named to a reader."""
INTRODUCTION = """# Rules

How each line of a purchase is judged. The rules are asked in this order; the first that fits decides, and none after it is asked. The judgement names the rule, the reason, and the facts and reference rows that it rests on.

A line ends as one of four:

| outcome | Danish | in the e-handelsgrad |
| --- | --- | --- |
| catalogue e-trade | kataloghandel | counts for it: picked from an agreed catalogue in the procurement system |
| off-channel | uden om systemet | counts against it: could have been, and was not |
| outside of the base | uden for grundlaget | not at all: construction, rent, utilities, taxes and the like |
| for a person to decide | til gennemsyn | beside it, as the band of what is uncertain |

"The day" is the order's first day; of an invoice without an order, the day it was issued. All that is looked up, catalogues, agreements, lists, is looked up as of that day. A frame order is judged as an order, and its invoices are judged as it is. What is cancelled, or a repeat, never comes before the rules; a person's decision goes before them.

To change a rule, copy `rulesets/default.toml`, give the copy another version, see what it would move with `python -m handelspuls what-if --rules FILE`, and have another person than the author approve: `python -m handelspuls ruleset activate FILE`. `ruleset hits` counts what each rule has met, and lists those that met nothing.
"""


def rules_page(ruleset: Ruleset) -> str:
    """The whole page."""
    origin = (
        f"Ruleset {code(ruleset.label)}. `python -m handelspuls rules FILE` says this of any ruleset; "
        "`python -m handelspuls docs` writes this page from `rulesets/default.toml`, and a test compares them.\n"
    )
    return "\n".join(
        [
            INTRODUCTION,
            origin,
            *(_rule(place, rule) for place, rule in enumerate(ruleset.rules, start=1)),
            _conditions(),
            _settings(ruleset.settings),
        ]
    )


def _rule(number: int, rule: Rule) -> str:
    off = "" if rule.enabled else " (switched off)"
    channel = CHANNELS.get(rule.channel, code(rule.channel))
    told = [
        f"In Danish: {rule.da}.",
        f"For {', and for '.join(KINDS[kind] for kind in rule.applies_to)}.",
        *(condition(each) if each.predicate == "always" else f"If: {condition(each)}" for each in rule.when),
        f"Then the line is {OUTCOMES[rule.outcome]} (`{rule.outcome}`), channel {channel}, reason {code(rule.reason)}.",
    ]
    return f"## {number}. {rule.en}{off}\n\nRule {code(rule.id)}\n{bullets(told)}"


def condition(each: Condition) -> str:
    """One condition: what its predicate means, with the rule's own parameters."""
    given = "; ".join(
        f"{WORDS.get(name, name)} {', '.join(value.replace('_', ' ') for value in values)}".strip()
        for name, values in each.parameters.items()
    )
    return f"{meaning(each.predicate).rstrip('.')}: {given}." if given else meaning(each.predicate)


def meaning(predicate: str) -> str:
    """What a predicate's docstring says, on one line."""
    return " ".join((inspect.getdoc(PREDICATES[predicate]) or "").split())


def _conditions() -> str:
    rows = ((code(name), ", ".join(map(code, _parameters(name))), meaning(name)) for name in PREDICATES)
    head = ("condition", "takes", "holds when")
    return f"## The conditions that rules are made of\n\nThere are no others; in a ruleset, `when` names them.\n\n{table(head, rows)}"


def _parameters(predicate: str) -> Iterable[str]:
    parameters = inspect.signature(PREDICATES[predicate]).parameters.values()
    return [each.name for each in parameters if each.kind is each.KEYWORD_ONLY]


def _settings(settings: RuleSettings) -> str:
    fields = RuleSettings.model_fields.items()
    rows = ((code(name), _value(getattr(settings, name)), field.description or "") for name, field in fields)
    return f"## Settings of the ruleset\n\n{table(('setting', 'value', 'meaning'), rows)}"


def _value(value: object) -> str:
    if isinstance(value, frozenset):
        return ", ".join(code(each) if each else "nothing" for each in sorted(value))
    return str(value) if value != {} else "none"
