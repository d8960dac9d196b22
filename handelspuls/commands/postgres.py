"""The command that runs the embedded PostgreSQL until it is told to end."""

import click

from deploy.local import child
from deploy.local.postgres import NAME, running_postgres
from deploy.local.settings import LocalSettings
from handelspuls.settings import Settings


@click.command(name="postgres")
def command() -> None:
    """Run the embedded PostgreSQL in the foreground, its data in the data folder."""
    folder = Settings.from_environment().data_dir / "postgres"
    with running_postgres(folder=folder, port=LocalSettings.from_environment().postgres_port) as server:
        click.echo(f"PostgreSQL answers at {server.url()}; its log is {server.log}.")
        child.serve(server.process, name=NAME, log=server.log)
