from pathlib import Path

import psycopg
import pytest
from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer, TopicPartition
from kafka.admin import NewTopic
from kafka.errors import UnknownTopicOrPartitionError

from deploy.local.broker import running_broker
from deploy.local.child import free_port
from deploy.local.postgres import Postgres, running_postgres
from handelspuls.errors import CannotRun


def make_topic(bootstrap: str, topic: str) -> None:
    admin = KafkaAdminClient(bootstrap_servers=bootstrap)
    admin.create_topics([NewTopic(name=topic, num_partitions=1, replication_factor=1)])
    admin.close()


def send(bootstrap: str, topic: str, value: bytes) -> None:
    producer = KafkaProducer(bootstrap_servers=bootstrap)
    producer.send(topic, value=value).get(timeout=10)
    producer.close()


def read_first(bootstrap: str, topic: str) -> bytes:
    consumer = KafkaConsumer(bootstrap_servers=bootstrap, consumer_timeout_ms=10_000)
    consumer.assign([TopicPartition(topic, 0)])
    consumer.seek_to_beginning()
    value: bytes = next(consumer).value
    consumer.close()
    return value


def value_of(url: str, query: str) -> object:
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        row = connection.execute(query.encode()).fetchone()
    assert row is not None
    return row[0]


def test_a_record_goes_through_the_embedded_kafka(kafka: str, topic_prefix: str) -> None:
    topic = f"{topic_prefix}.records"
    make_topic(kafka, topic)
    send(kafka, topic, b"an order")
    assert read_first(kafka, topic) == b"an order"


def test_a_topic_that_nobody_created_is_unknown(kafka: str, topic_prefix: str) -> None:
    admin = KafkaAdminClient(bootstrap_servers=kafka)
    with pytest.raises(UnknownTopicOrPartitionError):
        admin.delete_topics([f"{topic_prefix}.typo"])
    admin.close()


def test_what_the_broker_took_is_there_after_a_restart_on_another_port(tmp_path: Path) -> None:
    with running_broker(folder=tmp_path) as first:
        make_topic(first.bootstrap, "kept")
        send(first.bootstrap, "kept", b"still here")
    with running_broker(folder=tmp_path, port=free_port()) as second:
        assert read_first(second.bootstrap, "kept") == b"still here"


def test_no_broker_process_is_left_after_its_context(tmp_path: Path) -> None:
    with running_broker(folder=tmp_path) as broker:
        assert broker.process.poll() is None
    assert broker.process.poll() is not None


def test_a_port_in_use_is_told_with_the_variable_that_moves_it(kafka: str, tmp_path: Path) -> None:
    port = int(kafka.rpartition(":")[2])
    with (
        pytest.raises(CannotRun, match=rf"port {port} \(HANDELSPULS_KAFKA_PORT\)"),
        running_broker(folder=tmp_path, port=port),
    ):
        pass


def test_a_query_is_answered_by_the_embedded_postgres(database_url: str) -> None:
    assert value_of(database_url, "SELECT 6 * 7") == 42


def test_the_database_of_the_service_exists_from_the_start(postgres: Postgres) -> None:
    assert value_of(postgres.url(), "SELECT current_database()") == "handelspuls"


def test_what_postgres_took_is_there_after_it_was_killed(tmp_path: Path) -> None:
    with running_postgres(folder=tmp_path) as first:
        with psycopg.connect(first.url().replace("+psycopg", "")) as connection:
            connection.execute("SET synchronous_commit = on")
            connection.execute("CREATE TABLE kept AS SELECT 1 AS value")
        first.process.kill()
        first.process.wait()
    with running_postgres(folder=tmp_path) as second:
        assert value_of(second.url(), "SELECT value FROM kept") == 1
