import contextlib
from collections.abc import Callable

import pytest
from click.testing import CliRunner, Result
from kafka import KafkaAdminClient, KafkaConsumer, TopicPartition
from kafka.admin import NewTopic
from kafka.errors import TopicAlreadyExistsError

from handelspuls.commands import explain, rejected
from handelspuls.errors import CannotRun
from models.judgement import Cause, Origin, Previous
from models.topics import ORDERS, PURCHASES, REJECTED
from models.vocabulary import Channel, Outcome
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


def test_a_rejected_record_is_listed_and_sent_again_once(bench: Bench, run: Run) -> None:
    make_topic_once(bench, PURCHASES)
    original = bench.producer.send(PURCHASES, key=b"45", value=b"{broken", headers=[("ce_type", b"order.placed")]).get(
        10
    )
    headers = {"code": "not_json", "field": "data", "message": "No JSON.", "topic": PURCHASES, "source": "erp"}
    place = {"partition": str(original.partition), "offset": str(original.offset), "time": "2026-03-02T08:00:00Z"}
    bench.send(REJECTED, "45", b"", [(name, text.encode()) for name, text in (headers | place).items()])
    bench.producer.flush()
    bench.start()
    bench.wait_for("select code from rejections", [("not_json",)])
    assert f"{PURCHASES}/{original.partition}/{original.offset} not_json data: No JSON." in run(rejected.command).output
    assert "1 sent again" in run(rejected.command, "--resend").stderr
    assert "0 sent again" in run(rejected.command, "--resend").stderr
    assert last_value(bench, original.partition, original.offset + 1) == b"{broken"


def make_topic_once(bench: Bench, name: str) -> None:
    """The topic that `--resend` knows by its real name, which other tests may have made."""
    admin = KafkaAdminClient(bootstrap_servers=bench.bootstrap)
    with contextlib.suppress(TopicAlreadyExistsError):
        admin.create_topics([NewTopic(name=name, num_partitions=1, replication_factor=1)])
    admin.close()


def last_value(bench: Bench, partition: int, offset: int) -> bytes:
    place = TopicPartition(PURCHASES, partition)
    consumer = KafkaConsumer(bootstrap_servers=bench.bootstrap)
    consumer.assign([place])
    wait_until(lambda: bool(consumer.end_offsets([place])[place] == offset + 1), what="one more record")
    consumer.seek(place, offset)
    found: bytes = next(consumer).value
    consumer.close()
    return found
