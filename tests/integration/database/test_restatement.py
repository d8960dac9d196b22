from models.topics import ORDERS
from models.vocabulary import Outcome
from tests.integration.database.builders import judgement, line, value
from tests.integration.database.conftest import Bench, wait_until

PURCHASES = 10_000


def test_all_purchases_of_a_restatement_arrive_with_all_their_lines(bench: Bench) -> None:
    lines = tuple(
        line(str(n), 1_000 + n, description="Kopipapir A4 80 g", evidence={"item": "11-2233"}) for n in range(3)
    )
    lines += (line("4", 900, Outcome.OFF_CHANNEL, category="UNSPSC:14111507", avoidable=True),)
    for number in range(PURCHASES):
        one = judgement(str(number), lines=lines, unit=f"U-{number % 1_200}", supplier=f"S-{number % 400}")
        bench.send(ORDERS, one.purchase, value(one))
    bench.producer.flush()
    bench.start()
    wait_until(lambda: bench.consumed() == PURCHASES, what="all written", deadline_s=120)
    assert bench.rows("select count(*) from purchase_lines") == [(PURCHASES * 4,)]
