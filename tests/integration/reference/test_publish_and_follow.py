"""Claims about the way of reference data: from files through real Kafka to the snapshot that a follower holds."""

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from aiokafka import AIOKafkaProducer

from models.reference.build import Change
from models.reference.indexes import NEVER_LOADED
from models.reference.manifest import record
from models.reference.rows import AnyRow, CatalogueRow, SupplierRow
from models.reference.snapshot import Snapshot
from streams.follower import Follower
from streams.publishing import Published, publish, read_reference

WITHIN_S = 30.0
ROOT = Path(__file__).parents[3]
NOW = datetime(2026, 3, 2, tzinfo=UTC)
CATALOGUE = """<Catalogue xmlns="urn:oasis:names:specification:ubl:schema:xsd:Catalogue-2"
 xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
 xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">
 <cbc:ID>CAT-1</cbc:ID><cbc:IssueDate>2026-01-01</cbc:IssueDate>
 <cac:ProviderParty><cac:PartyIdentification><cbc:ID>DK12345678</cbc:ID></cac:PartyIdentification></cac:ProviderParty>
 <cac:CatalogueLine><cbc:ID>1</cbc:ID><cac:Item><cbc:Name>Papir</cbc:Name>
 <cac:SellersItemIdentification><cbc:ID>11-2233</cbc:ID></cac:SellersItemIdentification></cac:Item></cac:CatalogueLine>
</Catalogue>"""


def suppliers(*names: str) -> str:
    return "supplier,identifiers\n" + "".join(
        f"{name},DK12345678\n" if name == "S-0" else f"{name},\n" for name in names
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "files"
    path.mkdir()
    return path


def load(bootstrap: str, folder: Path, *options: str) -> "subprocess.CompletedProcess[str]":
    """The command as people give it."""
    environment = {
        **os.environ,
        "KAFKA_BOOTSTRAP_SERVERS": bootstrap,
        "HANDELSPULS_PRIVACY_KEY": "a key only for tests",
    }
    command = [sys.executable, "-m", "handelspuls", "reference", "load", str(folder), *options]
    return subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)


@asynccontextmanager
async def following(bootstrap: str, swaps: list[tuple[int, int]] | None = None) -> AsyncIterator[Follower]:
    seen = swaps if swaps is not None else []
    follower = Follower(
        bootstrap_servers=bootstrap, on_change=lambda before, after: seen.append((before.number, after.number))
    )
    try:
        await asyncio.wait_for(follower.ready(), WITHIN_S)
        yield follower
    finally:
        await follower.stop()


async def until(claim: Callable[[], bool]) -> None:
    async with asyncio.timeout(WITHIN_S):
        while not claim():  # noqa: ASYNC110 - only the claim knows when it comes true
            await asyncio.sleep(0.02)


def upsert(*rows: AnyRow) -> Callable[[Snapshot], Sequence[Change]]:
    return lambda _: [Change(row) for row in rows]


async def published(bootstrap: str, *rows: AnyRow) -> Published:
    result = await publish(upsert(*rows), bootstrap_servers=bootstrap, app="t", loaded_at=NOW, cause="test")
    assert result is not None
    return result


def held(snapshot: Snapshot) -> set[str]:
    return {row.supplier for row in snapshot.rows(SupplierRow)}


def test_without_any_reference_the_follower_is_ready_with_the_empty_snapshot(bootstrap: str) -> None:
    async def number() -> int:
        async with following(bootstrap) as follower:
            return follower.snapshot.number

    assert asyncio.run(number()) == NEVER_LOADED


def test_a_follower_that_starts_later_holds_all_that_was_loaded(bootstrap: str, folder: Path) -> None:
    (folder / "suppliers.csv").write_text(suppliers("S-0", "S-1"))
    (folder / "catalogue.xml").write_text(CATALOGUE)
    done = load(bootstrap, folder)
    assert done.returncode == 0, done.stderr

    async def snapshot() -> Snapshot:
        async with following(bootstrap) as follower:
            return follower.snapshot

    found = asyncio.run(snapshot())
    assert held(found) == {"S-0", "S-1"}
    assert f"number is {found.number}" in done.stdout
    assert found.item("S-0", item="11-2233", day=date(2026, 3, 2)) is not None


def test_a_running_follower_swaps_at_each_manifest(bootstrap: str) -> None:
    async def run() -> tuple[list[tuple[int, int]], list[int]]:
        swaps: list[tuple[int, int]] = []
        async with following(bootstrap, swaps) as follower:
            first = await published(bootstrap, SupplierRow("S-1"))
            await until(lambda: held(follower.snapshot) == {"S-1"})
            second = await published(bootstrap, SupplierRow("S-2"), CatalogueRow("C", "S-2", "a"))
            await until(lambda: held(follower.snapshot) == {"S-1", "S-2"})
            assert follower.snapshot.supplier_has_catalogue("S-2", date(2026, 3, 2))
            return swaps, [first.number, second.number]

    swaps, numbers = asyncio.run(run())
    assert swaps == [(NEVER_LOADED, numbers[0]), (numbers[0], numbers[1])]


def test_a_follower_that_was_there_and_one_that_comes_hold_the_same(bootstrap: str) -> None:
    async def run() -> tuple[Snapshot, Snapshot]:
        async with following(bootstrap) as first:
            for number in range(5):
                last = await published(bootstrap, SupplierRow(f"S-{number}"))
            await until(lambda: first.snapshot.number == last.number)
            async with following(bootstrap) as second:
                return first.snapshot, second.snapshot

    one, other = asyncio.run(run())
    assert one.number == other.number
    assert one.tables["suppliers"] == other.tables["suppliers"]


def test_what_was_begun_and_never_committed_is_never_seen(bootstrap: str) -> None:
    async def run() -> set[str]:
        abandoned = AIOKafkaProducer(bootstrap_servers=bootstrap, transactional_id="t.reference")
        await abandoned.start()
        await abandoned.begin_transaction()
        row = record(Change(SupplierRow("S-lost")))
        await abandoned.send_and_wait(row.topic, row.value, key=row.key, partition=0)
        try:
            await published(bootstrap, SupplierRow("S-1"))
            async with following(bootstrap) as follower:
                return held(follower.snapshot)
        finally:
            await abandoned.client.close()

    assert asyncio.run(run()) == {"S-1"}


def test_publishers_at_the_same_time_lose_nothing(bootstrap: str) -> None:
    async def run() -> set[str]:
        await asyncio.gather(*(published(bootstrap, SupplierRow(f"S-{number}")) for number in range(2)))
        return held(await read_reference(bootstrap_servers=bootstrap))

    assert asyncio.run(run()) == {"S-0", "S-1"}


def test_rows_that_a_file_no_longer_has_are_gone(bootstrap: str, folder: Path) -> None:
    file = folder / "suppliers.csv"
    file.write_text(suppliers(*(f"S-{number}" for number in range(10))))
    assert load(bootstrap, folder).returncode == 0
    file.write_text(suppliers(*(f"S-{number}" for number in range(9))))
    done = load(bootstrap, folder)
    assert "10 rows before, 0 added, 0 changed, 1 dropped" in done.stdout
    assert "S-9" not in held(asyncio.run(read_reference(bootstrap_servers=bootstrap)))


def test_dropping_much_needs_force_and_a_dry_run_changes_nothing(bootstrap: str, folder: Path) -> None:
    file = folder / "suppliers.csv"
    file.write_text(suppliers("S-0", "S-1"))
    assert load(bootstrap, folder, "--dry-run").returncode == 0
    assert asyncio.run(read_reference(bootstrap_servers=bootstrap)).number == NEVER_LOADED
    assert load(bootstrap, folder).returncode == 0
    file.write_text(suppliers())
    refused = load(bootstrap, folder)
    assert (refused.returncode, "--force" in refused.stderr) == (1, True)
    assert load(bootstrap, folder, "--force").returncode == 0
    assert held(asyncio.run(read_reference(bootstrap_servers=bootstrap))) == set()


def test_a_set_with_an_error_publishes_nothing(bootstrap: str, folder: Path) -> None:
    (folder / "suppliers.csv").write_text(suppliers("S-0"))
    (folder / "rates.csv").write_text("currency,day,rate\nEUR,yesterday,7.46\n")
    done = load(bootstrap, folder)
    assert done.returncode == 1
    assert "rates.csv, row 2, column day: “yesterday” is no day" in done.stderr
    assert asyncio.run(read_reference(bootstrap_servers=bootstrap)).number == NEVER_LOADED


def test_the_same_folder_again_publishes_nothing(bootstrap: str, folder: Path) -> None:
    (folder / "suppliers.csv").write_text(suppliers("S-0"))
    assert load(bootstrap, folder).returncode == 0
    assert "Nothing to publish" in load(bootstrap, folder).stdout
