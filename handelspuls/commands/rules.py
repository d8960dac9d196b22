"""The command that says what a ruleset means, in the words of a procurement office."""

from pathlib import Path

import click

from handelspuls.documentation.rules import rules_page
from handelspuls.errors import CannotRun
from handelspuls.streaming import DEFAULT_RULESET
from models.rules.ruleset import Ruleset, RulesetError, read_ruleset


@click.command(name="rules")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path), default=DEFAULT_RULESET)
def command(file: Path) -> None:
    """Say in words what the ruleset in FILE means, rule by rule; without FILE the one that is shipped."""
    click.echo(rules_page(read(file)), nl=False)


def read(file: Path) -> Ruleset:
    """The ruleset of a file; CannotRun with the place of the mistake."""
    try:
        return read_ruleset(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, RulesetError) as unusable:
        raise CannotRun(f"{file}: {unusable}") from unusable
