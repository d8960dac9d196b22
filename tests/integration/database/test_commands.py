import asyncio
import contextlib
import json
from collections.abc import Callable

import pytest
from click.testing import CliRunner, Result
from kafka import KafkaAdminClient, KafkaConsumer, TopicPartition
from kafka.admin import NewTopic
from kafka.errors import TopicAlreadyExistsError

from handelspuls import resending
from handelspuls.commands import explain, rejected
from handelspuls.errors import CannotRun
from models.contract.schemas import examples
from models.judgement import Cause, Origin, Previous
from models.topics import ORDERS, PURCHASES, REJECTED
from models.vocabulary import Channel, Outcome
from streams.outbox import Outbox, Record
from tests.integration.database.builders import judgement, line, value
from tests.integration.database.conftest import Bench, wait_until

Run = Callable[..., Result]


@pytest.fixture
def run(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("DATABASE_URL", bench.url)
    monkeypatch.setenv("KAFKA_BOOTSTRAP_SERVERS", bench.bootstrap)

    def run_command(command: object, *arguments: str) -> Result:
        return CliRunner().invoke(command, arguments, catch_exceptions=False)  # type: ignore[arg-type]

    return run_command


def test_explain_tells_every_revision_with_cause_rule_reason_and_evidence(bench: Bench, run: Run) -> None:
    first = judgement("45", lines=(line("1", 24_500, evidence={"item": "11-2233"}, description="Papir"),))
    second = judgement(
        "45",
        2,
        lines=(line("1", 20_050, Outcome.OFF_CHANNEL),),
        cause=Cause("reference.changed", reference=7),
        previous=Previous(1, Outcome.CATALOGUE, Channel.OWN_CATALOGUE, "", {"catalogue": 24_500}),
        source=Origin("reference.sets", 0, 7),
    )
    for one in (first, second):
        bench.send(ORDERS, one.purchase, value(one))
    bench.producer.flush()
    bench.start()
    bench.wait_for("select revision from purchases", [(2,)])
    told = run(explain.command, "45").output.replace("\u00a0", " ")
    assert told == run(explain.command, "erp~45").output.replace("\u00a0", " ")
    for words in (
        "Revision 1 (generation 1) 2. mar. 2026 kl. 09.15.00",
        "Årsag       Ordre afgivet (erp e-1)",
        "Linje 1: kr. 245,00, Papir",
        "Udfald      Kataloghandel: Eget katalog",
        "(R6)",
        "Grundlag    Vare: 11-2233",
        "Årsag       Stamdata rettet, stamdata nr. 7",
        "Før         Kataloghandel: Eget katalog, Kataloghandel kr. 245,00",
        "Besked      reference.sets/0/7",
    ):
        assert words in told
    english = run(explain.command, "45", "--language", "en").output.replace("\u00a0", " ")
    assert "Cause       Order placed (erp e-1)" in english
    assert "Årsag" not in english


def test_explain_of_an_unknown_purchase_says_what_to_do(run: Run) -> None:
    with pytest.raises(CannotRun, match="No purchase nothing is in the database"):
        run(explain.command, "nothing")


def test_rejections_end_as_sent_again_or_given_up(bench: Bench, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """One would be taken now, one not, of one the original is gone."""
    monkeypatch.setattr(rejected, "REJECTED", bench.topic(REJECTED))
    monkeypatch.setattr(resending, "REJECTED", bench.topic(REJECTED))
    monkeypatch.setenv("HANDELSPULS_PRIVACY_KEY", "sixteen letters!")
    make_topic_once(bench, PURCHASES)
    good = json.dumps(examples()["order.placed"]).encode()
    for key, sent in ((b"45", good), (b"46", b"{broken")):
        original = bench.producer.send(PURCHASES, key=key, value=sent).get(10)
        refuse(bench, original.offset, "internal_error" if sent == good else "not_json")
    refuse(bench, 1_000_000, "not_json")
    bench.start()
    bench.wait_for("select count(*) from rejections", [(3,)])

    assert "1  open      internal_error   -" in run(rejected.command).output
    dry = run(rejected.command, "--resend", "--dry-run", "--on-error", "keep")
    assert "1 sent again, 0 given up, 2 left open; this was a dry run" in dry.stderr
    stopped = run(rejected.command, "--resend", "--code", "not_json")
    assert (stopped.exit_code, "0 sent again, 0 given up, 1 left open" in stopped.stderr) == (1, True)
    assert "would be refused again" in stopped.output

    kept = run(rejected.command, "--resend", "--on-error", "keep")
    assert "1 sent again, 0 given up, 2 left open" in kept.stderr
    assert value_at(bench, original.offset + 1) == good
    assert "0 sent again, 0 given up, 2 left open" in run(rejected.command, "--resend", "--on-error", "keep").stderr
    assert "0 sent again, 1 given up" in run(rejected.command, "--resend", "--on-error", "drop", "--limit", "1").stderr
    assert "1 given up" in run(rejected.command, "--give-up").stderr
    states = "select state, count(*) from rejections group by 1 order by 1"
    assert bench.rows(states) == [("given_up", 2), ("resent", 1)]

    refuse(bench, original.offset + 1, "internal_error", resent_from=f"{PURCHASES}/0/{original.offset - 1}")
    bench.wait_for(states, [("given_up", 2), ("open", 1)])
    assert "1 sent again" in run(rejected.command, "--resend").stderr
    assert value_at(bench, original.offset + 3) == good


def refuse(bench: Bench, offset: int, code: str, **more: str) -> None:
    """As the worker does it."""
    place = {"topic": PURCHASES, "partition": "0", "offset": str(offset), "time": "2026-03-02T08:00:00Z"}
    headers = {"code": code, "message": "It says why.", "source": "erp"} | place | more
    bench.producer.send(
        bench.topic(REJECTED), value=b"", partition=0, headers=[(name, text.encode()) for name, text in headers.items()]
    ).get(10)


def make_topic_once(bench: Bench, name: str) -> None:
    """The topic that `--resend` knows by its real name, which other tests may have made."""
    admin = KafkaAdminClient(bootstrap_servers=bench.bootstrap)
    with contextlib.suppress(TopicAlreadyExistsError):
        admin.create_topics([NewTopic(name=name, num_partitions=1, replication_factor=1)])
    admin.close()


def value_at(bench: Bench, offset: int) -> bytes:
    consumer = KafkaConsumer(bootstrap_servers=bench.bootstrap, isolation_level="read_committed")
    place = TopicPartition(PURCHASES, 0)
    consumer.assign([place])
    wait_until(lambda: bool(consumer.end_offsets([place])[place] > offset), what="one more record")
    consumer.seek(place, offset)
    found: bytes = next(consumer).value
    consumer.close()
    return found


def test_a_dry_run_shuts_no_other_out_that_sends_again(bench: Bench) -> None:
    async def tried() -> int:
        outbox = Outbox(
            bootstrap_servers=bench.bootstrap,
            transactional_id=f"{bench.prefix}.rejected",
            transaction_timeout_ms=10_000,
        )
        async with outbox as other:
            await resending.resend(
                [],
                on_error=resending.OnError.STOP,
                dry_run=True,
                bootstrap_servers=bench.bootstrap,
                prefix=bench.prefix,
                pseudonym=str,
                tell=print,
            )
            return len(await other.transaction([Record(bench.topic(REJECTED), 0, b"key", b"value")]))

    assert asyncio.run(tried()) == 1
