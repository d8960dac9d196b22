from pathlib import Path

import pytest

from deploy.local.checks import require_folder
from deploy.local.lines import shown
from deploy.local.parts import Plan, plan
from deploy.local.run import only_run
from deploy.local.settings import LocalSettings
from deploy.local.supervisor import pause_after
from handelspuls.entrance import COMMANDS
from handelspuls.errors import CannotRun
from handelspuls.settings import Settings


def a_plan(*, settings: Settings | None = None, local: LocalSettings | None = None) -> Plan:
    return plan(settings=settings or Settings(), local=local or LocalSettings(), key_file=Path("privacy.key"))


def names(planned: Plan) -> list[str]:
    return [part.name for part in planned.parts]


def test_as_many_workers_are_started_as_asked_for_each_under_its_own_name() -> None:
    planned = a_plan(local=LocalSettings(workers=2))
    instances = [part.environment.get("HANDELSPULS_INSTANCE") for part in planned.parts]
    assert [name for name in instances if name] == ["w1", "w2"]


def test_nothing_embedded_is_started_beside_given_servers() -> None:
    given = Settings(kafka_bootstrap_servers="kafka:9092", database_url="postgresql+psycopg://elsewhere/db")
    planned = a_plan(settings=given)
    assert not {"broker", "postgres"} & set(names(planned))
    assert planned.parts[0].environment["KAFKA_BOOTSTRAP_SERVERS"] == "kafka:9092"


def test_the_simulator_can_be_left_out() -> None:
    assert "simulate" not in names(a_plan(local=LocalSettings(simulator=False)))


def test_no_two_processes_share_a_port() -> None:
    ports = list(a_plan(local=LocalSettings(workers=3)).ports.values())
    assert len(ports) == len(set(ports)) == 10


def test_every_process_of_the_procfile_is_a_command() -> None:
    assert {part.command.rpartition(" ")[2] for part in a_plan().parts} <= set(COMMANDS)


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("fetching Kafka", "fetching Kafka"),
        ('{"level": "info", "event": "batch done"}', None),
        ('{"level": "error", "event": "no broker", "tries": 3}', "error: no broker tries=3"),
        ("{not a log line", "{not a log line"),
        ("", None),
    ],
)
def test_the_terminal_shows_words_and_warnings_and_leaves_the_rest_to_the_log(line: str, text: str | None) -> None:
    assert shown(line) == text


def test_a_process_that_keeps_dying_is_started_at_ever_longer_intervals() -> None:
    assert [pause_after(failures) for failures in range(1, 8)] == [1, 2, 4, 8, 16, 30, 30]


def test_a_second_run_on_the_same_folder_is_refused_with_what_to_do(tmp_path: Path) -> None:
    with only_run(tmp_path), pytest.raises(CannotRun, match="HANDELSPULS_DATA_DIR"), only_run(tmp_path):
        pass


def test_too_little_room_on_the_disk_is_told_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(CannotRun, match="make room, or set HANDELSPULS_DATA_DIR"):
        require_folder(tmp_path, needed_mb=10**12)


def test_a_folder_that_is_a_file_is_told_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(CannotRun, match="set HANDELSPULS_DATA_DIR"):
        require_folder(tmp_path / "file")
