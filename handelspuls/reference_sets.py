"""Reference sets as the commands handle them: read from a folder, decided against what holds, published at once."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import click
from aiokafka.errors import KafkaError

from handelspuls.errors import CannotRun
from handelspuls.settings import Settings
from models.documents import read_document
from models.reference.build import Change
from models.reference.changes import changes_of, tables_of
from models.reference.folder import Loaded, check, is_reference_file, read_folder
from models.reference.snapshot import Snapshot
from models.rules.activation import ActivationRefused, Word, verify_version, verify_word
from models.rules.reachable import unreachable
from models.rules.ruleset import RulesetError, read_ruleset
from streams.errors import StreamsError
from streams.publishing import Published, publish, read_reference

Pseudonym = Callable[[str], str]


def read_sets(folder: Path, *, pseudonym: Pseudonym, progress: Callable[[str, int], None] | None = None) -> Loaded:
    """The reference files of a folder; CannotRun where it holds none."""
    files = {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file()}
    files = {name: content for name, content in files.items() if is_reference_file(name) or name.endswith(".csv")}
    if not files:
        raise CannotRun(f"{folder} holds no reference files; the contract names them: units.csv, suppliers.csv, ….")
    return read_folder(
        files,
        pseudonym=pseudonym,
        read_document=partial(read_document, pseudonym=pseudonym),
        check_ruleset=wrong_with,
        progress=progress,
    )


def wrong_with(text: str) -> Sequence[str]:
    """What is wrong with a ruleset's text, with line, rule and field."""
    try:
        read_ruleset(text)
    except RulesetError as error:
        return error.sentences
    return ()


def unreachable_rules(loaded: Loaded) -> list[str]:
    """Of each ruleset, the rules that can never match."""
    return [f"{row.key}: {each}" for row in loaded.rulesets for each in unreachable(read_ruleset(row.text))]


def refused_rulesets(loaded: Loaded, snapshot: Snapshot) -> list[str]:
    """Why rulesets of the folder may not be published: a version with other rules, or an activation by one person."""
    refused = []
    for row in loaded.rulesets:
        try:
            verify_version(snapshot, row)
            if row.active and snapshot.ruleset_text != row.text:
                verify_word(row.key, Word(row.author, row.approver, row.comment))
        except ActivationRefused as reason:
            refused.append(str(reason))
    return refused


def folder_changes(folder: Path, snapshot: Snapshot, *, pseudonym: Pseudonym) -> Sequence[Change]:
    """What `reference load` would change of a snapshot; CannotRun where the set has errors."""
    loaded = check(read_sets(folder, pseudonym=pseudonym), tables_of(snapshot))
    for problem in loaded.errors:
        click.echo(f"error: {problem}", err=True)
    if loaded.errors:
        raise CannotRun(f"The reference data of {folder} cannot be used; correct the errors.")
    return changes_of(loaded, tables_of(snapshot))[0]


def reference_now(settings: Settings) -> Snapshot:
    """What holds; CannotRun where Kafka does not tell."""
    at = settings.kafka_bootstrap_servers
    try:
        return asyncio.run(read_reference(bootstrap_servers=at))
    except (KafkaError, StreamsError, OSError) as error:
        raise CannotRun(
            f"The reference cannot be read: {error or type(error).__name__}. Is Kafka at {at}, and were the topics created?"
        ) from error


def published(decide: Callable[[Snapshot], Sequence[Change]], *, settings: Settings, cause: str) -> Published | None:
    """Publish what is decided, and say so; None where nothing is to change, CannotRun where Kafka does not take it."""
    at = settings.kafka_bootstrap_servers
    try:
        done = asyncio.run(
            publish(decide, bootstrap_servers=at, app=settings.app, loaded_at=datetime.now(tz=UTC), cause=cause)
        )
    except (KafkaError, StreamsError, OSError) as error:
        raise CannotRun(
            f"The reference was not published: {error or type(error).__name__}. Is Kafka at {at}, and were the topics created?"
        ) from error
    if done is None:
        click.echo("Nothing to publish: everything is as it was.")
    else:
        click.echo(f"Published; the reference number is {done.number}.")
    return done
