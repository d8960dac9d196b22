"""Rulesets for tests: the default one with something put in, or said otherwise."""

from pathlib import Path

DEFAULT = Path(__file__).parents[3] / "rulesets" / "default.toml"


def default_text() -> str:
    return DEFAULT.read_text(encoding="utf-8")


def replaced(old: str, new: str) -> str:
    """The default ruleset with the first `old` said as `new`."""
    text = default_text()
    assert old in text
    return text.replace(old, new, 1)


def rule(name: str, *when: str, kinds: str = '"order"', outcome: str = "review", channel: str = "review") -> str:
    """A rule as TOML."""
    conditions = ", ".join(f"{{ {each} }}" for each in when)
    return f"""
[[rules]]
id = "{name}"
applies_to = [{kinds}]
when = [{conditions}]
outcome = "{outcome}"
channel = "{channel}"
reason = "tried"
da = "Prøvet"
en = "Tried"
"""


def with_rules(*rules: str, before: str = "undecided") -> str:
    """The default ruleset with rules put in before one of its own."""
    mark = f'[[rules]]\nid = "{before}"'
    return replaced(mark, "".join(rules) + "\n" + mark)
