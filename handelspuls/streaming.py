"""Starting a stream process from the settings: the same for intake, worker and merge."""

from collections.abc import Callable
from pathlib import Path

from handelspuls.errors import CannotRun
from handelspuls.settings import Settings
from handelspuls.telling import set_up_telling
from handelspuls.version import show_version
from streams.app import run
from streams.failpoint import arm
from streams.judging import JudgingSettings
from streams.processes import Process, ProcessSettings
from streams.waiting import PartitionMismatchError, wait_for_topics

DEFAULT_RULESET = Path(__file__).parent.parent / "rulesets" / "default.toml"


def default_ruleset() -> str:
    """The ruleset that holds until the reference data names another."""
    return DEFAULT_RULESET.read_text(encoding="utf-8")


def process_settings(settings: Settings) -> ProcessSettings:
    """The stream processes' part of the settings."""
    return ProcessSettings(
        app=settings.app,
        generation=settings.generation,
        instance=settings.instance,
        bootstrap_servers=settings.kafka_bootstrap_servers,
        data_dir=settings.data_dir,
        metrics_port=settings.metrics_port,
        stall_timeout_s=settings.stall_timeout_s,
        session_timeout_s=settings.session_timeout_s,
        judging=JudgingSettings(
            partitions=settings.partitions,
            generation=settings.generation,
            flush_interval_ms=settings.flush_interval_ms,
            rejudge_share=settings.rejudge_share,
        ),
        snapshot_interval_ms=settings.snapshot_interval_ms,
        default_ruleset=default_ruleset(),
    )


def start(name: str, make: Callable[[Settings, ProcessSettings], Process]) -> None:
    """Wait for Kafka and the topics, then work until told to end."""
    settings = Settings.from_environment()
    set_up_telling(name, settings)
    show_version()
    arm(settings.failpoint)
    made = process_settings(settings)
    try:
        wait_for_topics(
            made.bootstrap_servers, made.prefix, partitions=made.judging.partitions, group=f"{made.prefix}.{name}"
        )
    except PartitionMismatchError as wrong:
        raise CannotRun(str(wrong)) from wrong
    app, services = make(settings, made)
    run(app, services=services)
