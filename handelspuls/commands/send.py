"""The command that publishes files of events and documents to the topics that they belong to."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import click
import msgspec

from handelspuls.filedrop import watch
from handelspuls.inputs import contents, named_files
from handelspuls.logs import set_up_logs
from handelspuls.progress import Progress
from handelspuls.publishing import Publisher
from handelspuls.settings import Settings
from models.days import milliseconds
from models.files.pieces import FileRefused
from models.files.sending import Outgoing, outgoing

REFUSED = 1


@click.command(name="send")
@click.argument("files", nargs=-1, metavar="FILE…")
@click.option("--watch", "folder", type=click.Path(exists=True, file_okay=False, path_type=Path), metavar="DIR")
@click.option("--as-is", is_flag=True, help="Send also what would be refused, to see how it is answered.")
@click.pass_context
def command(context: click.Context, *, files: tuple[str, ...], folder: Path | None, as_is: bool) -> None:
    """Publish events (.jsonl, .json, .csv) and UBL documents (.xml) of files, of folders, or of standard input (-).

    With --watch, whatever is put into DIR is sent and moved to done/, or to refused/ beside a text that says why.
    Write under a name that ends in .part or .tmp and rename it, or write without pausing for two seconds.
    """
    if not files and folder is None:
        raise click.UsageError("Name files to send, or a folder with --watch.")
    settings = Settings.from_environment()
    set_up_logs(process="send", level=settings.log_level)
    at = settings.kafka_bootstrap_servers
    refused = _send(files, bootstrap_servers=at, as_is=as_is) if files else 0
    if folder is not None:
        watch(folder, bootstrap_servers=at, as_is=as_is)
    context.exit(REFUSED if refused else 0)


def _send(files: Sequence[str], *, bootstrap_servers: str, as_is: bool) -> int:
    """Send all that can be; how many were refused."""
    taken, left_out = named_files(files)
    refused: list[FileRefused] = []
    progress = Progress("sent")
    with Publisher(bootstrap_servers) as publisher:
        sent = publisher.publish(_records(taken, refused, as_is=as_is), step=progress.step)
    progress.end()
    for one in refused:
        click.echo(msgspec.json.encode({"rejected": one}))
    if left_out:
        click.echo(f"left out, as they are neither .jsonl, .json, .csv nor .xml: {', '.join(left_out)}", err=True)
    click.echo(told(sent, len(refused)), err=True)
    return len(refused)


def _records(files: Sequence[str], refused: list[FileRefused], *, as_is: bool) -> Iterator[Outgoing]:
    now_ms = milliseconds(datetime.now(tz=UTC))
    for name, content in contents(files):
        for one in outgoing(name, content, now_ms=now_ms, as_is=as_is):
            if isinstance(one, FileRefused):
                refused.append(one)
            else:
                yield one


def told(sent: Counter[str], refused: int) -> str:
    """`12 sent (10 to erp.purchases, 2 to erp.documents), 1 refused`."""
    where = ", ".join(f"{number} to {topic}" for topic, number in sorted(sent.items()))
    return f"{sent.total()} sent{f' ({where})' if where else ''}, {refused} refused"
