"""The command that writes the published contract below docs/contract: AsyncAPI document, JSON Schemas, examples."""

from pathlib import Path

import click

from models.contract.published import files


@click.command(name="schemas")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), default=Path("docs/contract"))
def command(folder: Path) -> None:
    """Write the AsyncAPI document, and the JSON Schema and an example of every message, below FOLDER."""
    contract = files()
    for name, content in contract.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    click.echo(f"{len(contract)} files written below {folder}")
