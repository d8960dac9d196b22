"""The three stream processes put together: which topics, which table, which step."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import msgspec

from models.documents.catalogues import CatalogueDocument
from models.judgement import Origin
from models.reference.received import changes_by
from models.topics import DECISIONS, DOCUMENTS, PARTIALS, PURCHASES, ROUTED, changelog_topic
from sinks import metrics
from streams.app import StreamsApp, StreamSettings, build
from streams.basis import CurrentBasis
from streams.converting import Converting
from streams.follower import Follower
from streams.health import Health
from streams.judging import Judging, JudgingSettings
from streams.merging import Merging
from streams.partition import PartitionTask
from streams.publishing import publish
from streams.reading import Pseudonym
from streams.step import Step
from streams.table import Table, TableSettings


class ProcessSettings(msgspec.Struct, frozen=True, kw_only=True):
    """What a stream process is told."""

    app: str
    generation: int
    instance: str
    bootstrap_servers: str
    data_dir: Path
    metrics_port: int
    stall_timeout_s: float
    session_timeout_s: float
    judging: JudgingSettings
    snapshot_interval_ms: int
    default_ruleset: str

    @property
    def prefix(self) -> str:
        """First part of groups, transactional ids, changelogs and folders."""
        return f"{self.app}.{self.generation}"


Process = tuple[StreamsApp, list[Health]]


def worker(settings: ProcessSettings, *, pseudonym: Pseudonym) -> Process:
    """The process that judges."""
    follower = Follower(bootstrap_servers=settings.bootstrap_servers)
    basis = CurrentBasis(follower=follower, default_ruleset=settings.default_ruleset)

    def step(partition: int) -> Step:
        return Judging(partition=partition, settings=settings.judging, basis=basis, pseudonym=pseudonym)

    partitions = settings.judging.partitions
    return _process(
        settings, name="worker", table="purchases", topics=(PURCHASES, ROUTED), partitions=partitions, step=step
    )


def intake(settings: ProcessSettings, *, pseudonym: Pseudonym) -> Process:
    """The process that reads documents and decisions."""

    async def publish_catalogue(document: CatalogueDocument, origin: Origin, at: datetime) -> None:
        await publish(
            lambda snapshot: changes_by(document, snapshot),
            bootstrap_servers=settings.bootstrap_servers,
            app=settings.prefix,
            loaded_at=at,
            cause=f"catalogue document {origin.topic}/{origin.partition}/{origin.offset}",
        )

    def step(partition: int) -> Step:
        return Converting(
            partition=partition,
            partitions=settings.judging.partitions,
            pseudonym=pseudonym,
            publish_catalogue=publish_catalogue,
        )

    partitions = settings.judging.partitions
    return _process(
        settings, name="intake", table="intake", topics=(DOCUMENTS, DECISIONS), partitions=partitions, step=step
    )


def merge(settings: ProcessSettings) -> Process:
    """The process that sums up the units."""
    follower = Follower(bootstrap_servers=settings.bootstrap_servers)

    def step(partition: int) -> Step:
        del partition
        return Merging(
            follower=follower,
            default_ruleset=settings.default_ruleset,
            generation=settings.generation,
            snapshot_interval_ms=settings.snapshot_interval_ms,
        )

    return _process(settings, name="merge", table="units", topics=(PARTIALS,), partitions=1, step=step)


def _process(
    settings: ProcessSettings,
    *,
    name: str,
    table: str,
    topics: tuple[str, ...],
    partitions: int,
    step: Callable[[int], Step],
) -> Process:
    datadir = settings.data_dir / settings.instance / str(settings.generation)
    rows = Table(
        TableSettings(
            prefix=settings.prefix,
            name=table,
            changelog=changelog_topic(settings.prefix, table),
            bootstrap_servers=settings.bootstrap_servers,
            datadir=datadir,
            # Whoever is dead by its session leaves no transaction open much longer: readers of what it wrote wait for it.
            transaction_timeout_ms=round(settings.session_timeout_s * 1000),
        )
    )
    observer = metrics.TableObserver(table)
    metrics.PARTITIONS.labels(table).set(partitions)

    def task(partition: int) -> PartitionTask:
        return PartitionTask(
            partition=partition,
            topics=topics,
            table=rows.partition(partition),
            step=step(partition),
            idle_interval_s=min(settings.judging.flush_interval_ms / 1000, settings.judging.idle_interval_s),
            observer=observer,
        )

    app = build(
        StreamSettings(
            name=f"{settings.prefix}.{name}",
            bootstrap_servers=settings.bootstrap_servers,
            topics=topics,
            datadir=datadir,
            instance=settings.instance,
            session_timeout_s=settings.session_timeout_s,
        ),
        make=task,
    )
    health = Health(
        app,
        bootstrap_servers=settings.bootstrap_servers,
        port=settings.metrics_port,
        stall_timeout_s=settings.stall_timeout_s,
        observer=observer,
    )
    return app, [health]
