import time

from models.topics import ORDERS
from models.vocabulary import Outcome
from tests.integration.database.builders import judgement, line, value
from tests.integration.database.conftest import Bench, wait_until

PURCHASES = 40_000
FLOOR_PER_S = 1_500
"""Far below what an idle machine does (above 5,000), so that a busy one does not fail the test."""


def test_the_sink_keeps_up_with_a_restatement_of_history(bench: Bench) -> None:
    lines = tuple(
        line(str(n), 1_000 + n, description="Kopipapir A4 80 g", evidence={"item": "11-2233"}) for n in range(3)
    )
    lines += (line("4", 900, Outcome.OFF_CHANNEL, category="UNSPSC:14111507", avoidable=True),)
    for number in range(PURCHASES):
        one = judgement(str(number), lines=lines, unit=f"U-{number % 1_200}", supplier=f"S-{number % 400}")
        bench.send(ORDERS, one.purchase, value(one))
    bench.producer.flush()
    began = time.monotonic()
    bench.start()
    wait_until(lambda: bench.consumed() == PURCHASES, what="all written", deadline_s=PURCHASES / FLOOR_PER_S)
    seconds = time.monotonic() - began
    print(f"sink: {PURCHASES / seconds:,.0f} purchases/s with 4 lines, {seconds:.1f} s")  # noqa: T201 - the measure is the result
    assert bench.rows("select count(*) from purchase_lines") == [(PURCHASES * 4,)]
