import random
import subprocess
import sys
import time
from pathlib import Path
from threading import Event

import psycopg
import pytest

from deploy.local.postgres import running_postgres
from models.judgement import Judgement
from models.topics import ORDERS, PARTIALS
from sinks.database.migrate import migrate
from sinks.database.positions import PositionLost
from sinks.database.schema import CHANNEL
from sinks.database.sink import Watch, plain_url
from tests.integration.database.builders import cell, judgement, line, value
from tests.integration.database.conftest import Bench, wait_until

FOLDED = (
    "select p.purchase, p.revision, p.amount_ore, coalesce(sum(l.amount_ore), 0)::bigint, count(l)"
    " from purchases p left join purchase_lines l using (purchase) group by 1 order by 1"
)
COUNTS = (
    "select (select count(*) from purchases), (select count(*) from revisions), (select sum(sequence) from unit_days)"
)


def history(purchases: int, revisions: int = 3, seed: int = 7) -> list[Judgement]:
    """Revisions of many purchases, shuffled, some twice."""
    chance = random.Random(seed)
    made = [
        judgement(str(number), revision, lines=tuple(line(str(n), revision * 100 + n) for n in range(revision)))
        for number in range(purchases)
        for revision in range(1, revisions + 1)
    ]
    made += chance.sample(made, len(made) // 10)
    chance.shuffle(made)
    return made


def send(bench: Bench, judgements: list[Judgement]) -> None:
    for sequence, one in enumerate(judgements):
        bench.send(ORDERS, one.purchase, value(one))
        if sequence % 10 == 0:
            bench.send(PARTIALS, "0|M-1|U-1|2026-03-02", cell(sequence, catalogue_ore=sequence))
    bench.producer.flush()


def folded(judgements: list[Judgement]) -> list[tuple[str, int, int, int, int]]:
    """What the tables must hold, computed plainly."""
    newest: dict[str, Judgement] = {}
    for one in judgements:
        if one.purchase not in newest or newest[one.purchase].revision < one.revision:
            newest[one.purchase] = one
    amounts = {name: sum(line.amount_ore or 0 for line in one.lines) for name, one in newest.items()}
    return sorted((name, one.revision, amounts[name], amounts[name], len(one.lines)) for name, one in newest.items())


def assert_complete(bench: Bench, judgements: list[Judgement]) -> None:
    expected = len(judgements) + (len(judgements) + 9) // 10
    wait_until(lambda: bench.consumed() == expected, what=f"{expected} records consumed", deadline_s=60)
    assert bench.rows(FOLDED) == folded(judgements)
    last_cell = (len(judgements) - 1) // 10 * 10
    assert bench.rows(COUNTS) == [
        (len(folded(judgements)), len({(j.purchase, j.revision) for j in judgements}), last_cell)
    ]


def run_process(bench: Bench) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.integration.database.sink_process", bench.url, bench.bootstrap, bench.prefix],
        stderr=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )


def test_a_sink_killed_in_mid_batch_loses_and_doubles_nothing(bench: Bench) -> None:
    judgements = history(8_000)
    send(bench, judgements)
    for _ in range(3):
        before = bench.consumed()
        process = run_process(bench)
        wait_until(lambda before=before: bench.consumed() > before, what="a batch was written")  # type: ignore[misc]
        process.kill()
        process.wait()
    bench.start()
    assert_complete(bench, judgements)


def test_batches_read_again_from_the_beginning_change_nothing(bench: Bench) -> None:
    judgements = history(300)
    send(bench, judgements)
    bench.start()
    assert_complete(bench, judgements)
    bench.stop()
    before = bench.rows("select purchase, revision, applied from purchases order by 1")
    with psycopg.connect(plain_url(bench.url)) as connection:
        connection.execute("update consumed_offsets set next_offset = 0")
    bench.start()
    assert_complete(bench, judgements)
    assert bench.rows("select purchase, revision, applied from purchases order by 1") == before


def test_two_sinks_at_once_do_not_write_twice(bench: Bench) -> None:
    judgements = history(2_000)
    bench.start()
    bench.start()
    send(bench, judgements)
    assert_complete(bench, judgements)


def test_a_database_that_goes_away_and_returns_is_waited_for(bench: Bench, tmp_path: Path) -> None:
    judgements = history(4_000)
    waited: list[str] = []
    with running_postgres(folder=tmp_path) as first:
        bench.url = first.url()
        migrate(bench.url)
        bench.start(bench.sink(watch=Watch(waits=waited.append)))
        wait_until(lambda: bool(bench.rows("select from consumed_offsets")), what="the sink reads")
        send(bench, judgements)
        first.process.kill()
        first.process.wait()
        wait_until(lambda: bool(waited), what="the sink notices")
    with running_postgres(folder=tmp_path, port=first.port):
        assert_complete(bench, judgements)
        bench.stop()


def test_a_topic_made_anew_stops_the_sink_with_a_sentence(bench: Bench) -> None:
    with psycopg.connect(plain_url(bench.url)) as connection:
        connection.execute(
            "insert into consumed_offsets (topic, partition, next_offset, generation) values (%s, 0, 99, 1)",
            (bench.topic(ORDERS),),
        )
    with pytest.raises(PositionLost, match="partition 0, up to offset 99, but the topic holds 0 to 0"):
        bench.sink().run(Event())


def test_who_listens_hears_of_an_event_within_two_seconds(bench: Bench) -> None:
    bench.start()
    wait_until(lambda: bool(bench.rows("select from consumed_offsets")), what="the sink reads")
    with psycopg.connect(plain_url(bench.url), autocommit=True) as connection:
        connection.execute(f"listen {CHANNEL}".encode())
        bench.send(ORDERS, "erp~1", value(judgement("1")))
        bench.producer.flush()
        began = time.monotonic()
        heard = [notice.payload for notice in connection.notifies(timeout=2, stop_after=1)]
    assert heard == ["purchases"]
    assert time.monotonic() - began < 2
