"""Claims about the series of the metrics: none stays that says nothing any more."""

import asyncio
from types import SimpleNamespace

from msgspec.structs import replace

from models.contract.example_outputs import unit_snapshot
from models.tally.figures import Figure
from models.tally.snapshot import UnitSnapshot
from models.topics import DOCUMENTS
from sinks import metrics
from streams.converting import Converting
from streams.merging import _show
from streams.step import Effects


def shown(name: str) -> int:
    return sum(len(list(family.samples)) for family in getattr(metrics, name).collect())


def opened() -> float:
    (sample,) = (
        sample
        for family in metrics.PARTITIONS_OPEN.collect()
        for sample in family.samples
        if sample.labels == {"table": "units"}
    )
    return sample.value


def empty(made: UnitSnapshot) -> UnitSnapshot:
    nothing = Figure(0, 0).as_json()
    windows = {
        name: replace(window, figures=dict.fromkeys(window.figures, nothing), targets={})
        for name, window in made.windows.items()
    }
    return replace(made, windows=windows)


def test_figures_and_targets_that_end_leave_no_series() -> None:
    made = replace(unit_snapshot(), level="department")
    observer = metrics.TableObserver("units")
    _show(made)
    assert shown("RATE") > 0
    assert shown("TARGET") > 0
    _show(empty(made))
    assert (shown("RATE"), shown("TARGET")) == (0, 0)
    _show(made)
    observer.closed(0)
    assert (shown("RATE"), shown("AMOUNT"), shown("TARGET")) == (0, 0, 0)


def test_a_partition_that_is_taken_away_while_it_opens_was_never_open() -> None:
    observer = metrics.TableObserver("units")
    observer.closed(0)
    assert opened() == 0
    observer.opened(0, 10, 0.1)
    assert opened() == 1
    observer.closed(0)
    assert opened() == 0


def value_of(name: str, topic: str) -> float:
    (sample,) = (
        sample
        for family in getattr(metrics, name).collect()
        for sample in family.samples
        if sample.labels == {"topic": topic} and not sample.name.endswith("_created")
    )
    return float(sample.value)


def test_what_is_answered_later_than_after_five_minutes_is_late() -> None:
    arrived_s = 1_000.0
    metrics.worked_on("a", 0, [500_000, 699_999, 700_000, 1_000_000], arrived_s)
    assert value_of("LATE", "a") == 2
    metrics.worked_on("a", 0, [1_000_000], arrived_s)
    assert value_of("LATE", "a") == 2


async def _taken(*values: bytes) -> Effects:
    step = Converting(partition=0, partitions=1, pseudonym=str, publish_catalogue=nothing)
    records = [SimpleNamespace(topic=DOCUMENTS, partition=0, offset=0, key=b"", value=value, headers=(), timestamp=0) for value in values]  # fmt: skip
    return await step.step(records, {})  # type: ignore[arg-type]


async def nothing(*_: object) -> None: ...


def test_records_are_counted_when_they_are_committed_and_not_before() -> None:
    counter = metrics.RECORDS.labels(DOCUMENTS, "rejected")
    before = counter._value.get()
    effects = asyncio.run(_taken(b"no document", b"nor this"))
    assert (effects.results, counter._value.get()) == ({(DOCUMENTS, "rejected"): 2}, before)
    metrics.TableObserver("intake").committed(0, effects.results, 0.1)
    assert counter._value.get() == before + 2


def test_a_sender_that_is_no_name_or_one_too_many_is_shown_as_other() -> None:
    assert metrics.sender("erp/kvantum") == "erp/kvantum"
    told = {metrics.sender(source) for source in ("", "010190-1234", "erp/0101901234", "a\nb", "x" * 65)}
    assert told == {metrics.OTHER}
    many = {metrics.sender(f"erp/{chr(97 + n // 26)}{chr(97 + n % 26)}") for n in range(100)}
    assert len(many) <= metrics.MOST_SENDERS + 1
    assert metrics.sender("erp/kvantum") == "erp/kvantum"
