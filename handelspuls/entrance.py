"""Which commands there are, and how one is loaded only when it is asked for."""

import importlib
import importlib.util
from collections.abc import Mapping
from dataclasses import dataclass

import click


@dataclass(frozen=True)
class Entry:
    """One command: where it is, as module:attribute, and what it does, in a sentence."""

    target: str
    does: str

    @property
    def module(self) -> str:
        return self.target.partition(":")[0]

    def is_built(self) -> bool:
        return importlib.util.find_spec(self.module) is not None

    def load(self) -> click.Command:
        module, _, attribute = self.target.partition(":")
        command: click.Command = getattr(importlib.import_module(module), attribute)
        return command


def _entry(name: str, does: str) -> Entry:
    return Entry(f"handelspuls.commands.{name}:command", does)


COMMANDS: Mapping[str, Entry] = {
    "judge": _entry("judge", "Judge files without Kafka, one line a purchase."),
    "send": _entry("send", "Publish files to the right topics."),
    "reference": _entry("reference", "Load reference data."),
    "ruleset": _entry("ruleset", "List rulesets, activate one, or let one run as a shadow."),
    "explain": _entry("explain", "Tell how a purchase came to its judgement."),
    "what-if": _entry("what_if", "Show what other rules would move."),
    "decide": _entry("decide", "Record a person's decision."),
    "report": _entry("report", "Freeze and write the reports of a month."),
    "rejected": _entry("rejected", "List what was rejected, or send it again."),
    "canary": _entry("canary", "Send a test order a minute and measure the way to its judgement."),
    "intake": _entry("intake", "Run the process that takes in documents and decisions."),
    "worker": _entry("worker", "Run a process that judges purchases."),
    "merge": _entry("merge", "Run the process that sums up the units."),
    "database": _entry("database", "Run the process that fills the database."),
    "web": _entry("web", "Run the page and the API."),
    "simulate": _entry("simulate", "Run the ERP simulator."),
    "broker": _entry("broker", "Run the embedded Kafka."),
    "postgres": _entry("postgres", "Run the embedded PostgreSQL."),
    "setup": _entry("setup", "Create topics and load the demo's reference data, once."),
    "topics": _entry("topics", "Create the topics, or verify them."),
    "resend-cells": _entry("resend_cells", "Send every cell of the tables again."),
    "schemas": _entry("schemas", "Write the contract's JSON Schemas and examples."),
    "rules": _entry("rules", "Say what a ruleset means, in words."),
    "docs": _entry("docs", "Write the generated pages of docs."),
    "rebuild": _entry("rebuild", "Compute everything again beside the live tables."),
}


class Entrance(click.Group):
    """A click group that imports a command's module when the command is called, not before."""

    def __init__(self, *, entries: Mapping[str, Entry] = COMMANDS) -> None:
        super().__init__(name="handelspuls", help="The pulse of a municipality's purchasing.")
        self.entries = entries

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return [name for name, entry in self.entries.items() if entry.is_built()]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        entry = self.entries.get(cmd_name)
        return entry.load() if entry and entry.is_built() else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list from the table: `--help` imports no command."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, self.entries[name].does) for name in self.list_commands(ctx)])
