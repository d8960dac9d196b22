"""The page of the rules, in the words of a procurement office: in order, with what each condition means."""

import inspect
from collections.abc import Iterable, Mapping, Sequence

from handelspuls.documentation.markdown import bullets, code, table
from models.rules.condition import Condition
from models.rules.predicates import PREDICATES
from models.rules.ruleset import Rule, Ruleset
from models.rules.settings import RuleSettings

KINDS: Mapping[str, str] = {
    "order": "orders",
    "invoice": "invoices without an order known to us",
    "refund": "credit notes without a purchase that they credit",
}
OUTCOMES: Mapping[str, str] = {
    "catalogue": "catalogue e-trade",
    "off_channel": "off-channel",
    "excluded": "outside of the base",
    "review": "for a person to decide",
    "void": "void",
}
CHANNELS: Mapping[str, str] = {
    "stated": "the one that the ERP states, else `unknown`",
    "excluded": "that of the exclusion found in the reference data",
}
WORDS: Mapping[str, str] = {"unspsc": "UNSPSC", "cpv": "CPV", "channels": ""}
"""How a parameter is named to a reader."""
INTRODUCTION = """# Rules

The rules by which every line of a purchase is judged. From the top, the first rule that looks at such a purchase and whose conditions all hold decides; the judgement names it, with its reason and with what it rested on. What is cancelled or a repeat never comes before the rules, and a person's decision wins over them.
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


def _rule(place: int, rule: Rule) -> str:
    off = "" if rule.enabled else " (switched off)"
    channel = CHANNELS.get(rule.channel, code(rule.channel))
    told = [
        f"In Danish: {rule.da}.",
        f"Looks at {listed([KINDS[kind] for kind in rule.applies_to])}.",
        *(f"Condition: {condition(each)}" for each in rule.when),
        f"Then the line is {OUTCOMES[rule.outcome]} (`{rule.outcome}`), channel {channel}, reason {code(rule.reason)}.",
    ]
    return f"## {place}. {rule.en}{off}\n\nRule {code(rule.id)}\n{bullets(told)}"


def condition(each: Condition) -> str:
    """One condition: what its predicate means, with the rule's own parameters."""
    given = "; ".join(
        f"{WORDS.get(name, name)} {', '.join(values)}".strip() for name, values in each.parameters.items()
    )
    return f"{meaning(each.predicate).rstrip('.')}: {given}." if given else meaning(each.predicate)


def meaning(predicate: str) -> str:
    """What a predicate's docstring says, on one line."""
    return " ".join((inspect.getdoc(PREDICATES[predicate]) or "").split())


def listed(parts: Sequence[str]) -> str:
    """The parts as a list within a sentence."""
    return " and ".join([", ".join(parts[:-1]), parts[-1]]) if len(parts) > 1 else parts[0]


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
