import importlib
import pkgutil
import subprocess
import sys

from click.testing import CliRunner

import handelspuls.commands
from handelspuls.entrance import COMMANDS, Entrance, Entry

MISSING = Entry("handelspuls.commands.of_next_year:command", "Does what is not written yet.")


def test_a_command_that_is_not_built_is_not_in_the_help() -> None:
    entrance = Entrance(entries={"broker": COMMANDS["broker"], "later": MISSING})
    answer = CliRunner().invoke(entrance, ["--help"])
    assert "broker" in answer.output
    assert "later" not in answer.output


def test_a_command_that_is_not_built_is_unknown() -> None:
    assert CliRunner().invoke(Entrance(entries={"later": MISSING}), ["later"]).exit_code == 2


def test_every_module_of_the_folder_of_commands_is_in_the_table() -> None:
    modules = {f"handelspuls.commands.{module.name}" for module in pkgutil.iter_modules(handelspuls.commands.__path__)}
    assert modules <= {entry.module for entry in COMMANDS.values()}


def test_the_help_imports_no_command() -> None:
    code = (
        "import sys; from click.testing import CliRunner; from handelspuls.entrance import Entrance; "
        "CliRunner().invoke(Entrance(), ['--help']); "
        "sys.exit(any(name.startswith('handelspuls.commands.') for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_what_cannot_run_ends_with_a_sentence_and_code_2() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "handelspuls", "broker"],
        env={"HANDELSPULS_KAFKA_PORT": "none"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr.startswith("HANDELSPULS_KAFKA_PORT: ")
    assert "Traceback" not in done.stderr


def test_every_built_command_loads_and_is_called_command() -> None:
    for entry in COMMANDS.values():
        if entry.is_built():
            assert hasattr(importlib.import_module(entry.module), "command")
