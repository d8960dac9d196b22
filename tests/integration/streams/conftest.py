"""Topics and workers of one test; nothing outlives it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.integration.streams.workers import Worker, create_topics

StartWorker = Callable[..., Worker]


@pytest.fixture
def prefix(kafka: str, topic_prefix: str) -> str:
    create_topics(kafka, topic_prefix)
    return topic_prefix


@pytest.fixture
def start_worker(kafka: str, prefix: str, tmp_path: Path) -> Iterator[StartWorker]:
    started: list[Worker] = []

    def start(instance: str, **options: float) -> Worker:
        started.append(Worker(bootstrap=kafka, prefix=prefix, instance=instance, folder=tmp_path, **options))
        return started[-1]

    yield start
    for worker in started:
        worker.kill()
