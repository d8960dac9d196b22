"""The command that writes the generated pages of docs."""

from pathlib import Path

import click

from handelspuls.commands.rules import read
from handelspuls.documentation.written import pages
from handelspuls.streaming import DEFAULT_RULESET


@click.command(name="docs")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), default=Path("docs"))
def command(folder: Path) -> None:
    """Write what FOLDER says of rules, settings and topics from the code."""
    written = pages(read(DEFAULT_RULESET))
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in written.items():
        (folder / name).write_text(content, encoding="utf-8")
    click.echo(f"{len(written)} pages written to {folder}")
