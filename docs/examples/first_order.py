"""Send one order and print what is made of it: `python first_order.py BROKERS NUMBER`. Needs kafka-python."""

import json
import sys
import time
from datetime import UTC, datetime

from kafka import KafkaConsumer, KafkaProducer, TopicPartition

SOURCE = "test/first-order"  # a source test/… is judged and answered, and counted nowhere
WITHIN_S = 60


def order(number: str) -> dict:
    """The fields that are required, and two that help the judgement."""
    now = datetime.now(UTC).isoformat(timespec="seconds")
    lines = [{"line": "1", "item": "11-2233", "description": "Kopipapir A4", "net_amount": "245.00"}]
    data = {"order": number, "placed_at": now, "unit": "U-10234", "supplier": "DK12345678", "lines": lines}
    return {
        "specversion": "1.0",
        "id": f"{number}-1",
        "source": SOURCE,
        "type": "order.placed",
        "time": now,
        "data": data,
    }


def answers(brokers: list[str]) -> KafkaConsumer:
    """Listens from now on, to judgements and to refusals."""
    consumer = KafkaConsumer(bootstrap_servers=brokers, isolation_level="read_committed")
    topics = ("compliance.orders", "erp.rejected")
    consumer.assign([TopicPartition(topic, n) for topic in topics for n in consumer.partitions_for_topic(topic)])
    consumer.seek_to_end()
    for partition in consumer.assignment():
        consumer.position(partition)  # the end is looked up here, before the order is sent
    return consumer


def send(brokers: list[str], event: dict) -> None:
    """The key is the bare order number: an order and its invoices stay in one partition and in order."""
    producer = KafkaProducer(bootstrap_servers=brokers, acks="all", enable_idempotence=True)
    key = event["data"]["order"].encode()
    producer.send("erp.purchases", key=key, value=json.dumps(event).encode()).get(timeout=30)
    producer.close()


def answer(consumer: KafkaConsumer, event: dict) -> str:
    """The judgement, or why it was refused."""
    deadline = time.monotonic() + WITHIN_S
    while time.monotonic() < deadline:
        for records in consumer.poll(timeout_ms=500).values():
            for record in records:
                headers = {name: value.decode() for name, value in record.headers}
                if headers.get("event_id") == event["id"]:
                    return f"refused: {headers['code']} {headers.get('field', '')} {headers['message']}"
                value = json.loads(record.value) if record.topic == "compliance.orders" and record.value else {}
                if value.get("number") == event["data"]["order"]:
                    return f"judged: {value['outcome']}, {value['channel']}, {value['reason']} by rule {value['rule']}"
    return f"no answer within {WITHIN_S} s: is a worker running?"


if __name__ == "__main__":
    addresses, chosen = sys.argv[1].split(","), order(sys.argv[2])
    listening = answers(addresses)
    send(addresses, chosen)
    told = answer(listening, chosen)
    print(told)
    sys.exit(not told.startswith("judged"))
