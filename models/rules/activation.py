"""Which ruleset holds: activating one on two persons' word, and letting one run beside it as a shadow.

Rulesets are reference rows that stay for ever: what was published under a name and version never changes its rules, and
rolling back is activating the former one again.
"""

import msgspec

from models.reference.build import Change
from models.reference.rows import RulesetRow
from models.reference.snapshot import Snapshot
from models.rules.ruleset import Ruleset


class ActivationRefused(ValueError):  # noqa: N818 - reads as what happened
    """The ruleset is not activated; the message says why and what to do."""


class Word(msgspec.Struct, frozen=True):
    """Who wrote the ruleset, who approves of it, and why it is to hold."""

    author: str
    approver: str
    comment: str = ""


def row_of(ruleset: Ruleset, text: str) -> RulesetRow:
    """The reference row of a ruleset's text, neither active nor a shadow."""
    return RulesetRow(
        ruleset.name,
        ruleset.version,
        text,
        author=ruleset.author,
        approver=ruleset.approver,
        comment=ruleset.comment,
    )


def row_named(snapshot: Snapshot, label: str) -> RulesetRow | None:
    """The published ruleset of `name@version`."""
    return next((row for row in snapshot.rows(RulesetRow) if row.key == label), None)


def activated(snapshot: Snapshot, row: RulesetRow, word: Word) -> list[Change]:
    """What is to be published so that this ruleset, and no other, judges; nothing if it does so already.

    Raises:
        ActivationRefused: the word of two persons is missing, or the version is known with other rules.
    """
    verify_word(row.key, word)
    verify_version(snapshot, row)
    held = snapshot.ruleset
    if held is not None and held.key == row.key:
        return []
    new = RulesetRow(row.name, row.version, row.text, True, word.author.strip(), word.approver.strip(), word.comment)  # noqa: FBT003 - columns
    former = [_with(each, active=False) for each in snapshot.rows(RulesetRow) if each.active and each.key != row.key]
    return [*former, Change(new)]


def shadowed(snapshot: Snapshot, row: RulesetRow | None) -> list[Change]:
    """What is to be published so that this ruleset, or none, runs as the shadow.

    Raises:
        ActivationRefused: it is the active one, or its version is known with other rules.
    """
    former = [each for each in snapshot.rows(RulesetRow) if each.shadow and (row is None or each.key != row.key)]
    changes = [_with(each, shadow=False) for each in former]
    if row is None:
        return changes
    verify_version(snapshot, row)
    known = row_named(snapshot, row.key) or row
    if known.active:
        raise ActivationRefused(f"{row.key} is the active ruleset: a shadow of itself would show nothing.")
    return changes if known.shadow else [*changes, _with(known, shadow=True)]


def verify_word(label: str, word: Word) -> None:
    """Two persons answer for a ruleset that judges.

    Raises:
        ActivationRefused: one of them is missing, or they are the same.
    """
    author, approver = _person(word.author), _person(word.approver)
    if not author or not approver:
        missing = "author" if not author else "approver"
        raise ActivationRefused(
            f"{label} is not activated: it has no {missing}. Name who wrote it and who approves of it."
        )
    if author == approver:
        raise ActivationRefused(
            f"{label} is not activated: {word.author.strip()} wrote it and cannot approve of it; have another person do so."
        )


def verify_version(snapshot: Snapshot, row: RulesetRow) -> None:
    """A version says the same rules for ever, so that an old judgement can be understood.

    Raises:
        ActivationRefused: it was published with another text.
    """
    known = row_named(snapshot, row.key)
    if known is not None and known.text != row.text:
        raise ActivationRefused(f"{row.key} is published already, with other rules: give this file another version.")


def _with(row: RulesetRow, *, active: bool | None = None, shadow: bool | None = None) -> Change:
    changed = msgspec.structs.replace(
        row,
        active=row.active if active is None else active,
        shadow=row.shadow if shadow is None else shadow,
    )
    return Change(changed)


def _person(name: str) -> str:
    return " ".join(name.split()).casefold()
