"""The plans that PostgreSQL logs, as docs/queries.md shows them."""

from bench.plans import Plan, page, read

LOG = (
    "2026-11-24 05:06:01 UTC [7] LOG:  duration: 0.250 ms  plan:\n"
    "\tQuery Text: SELECT name \n\tFROM units \n\tWHERE unit = $1\n"
    "\tQuery Parameters: $1 = 'U-1'\n"
    "\tIndex Scan using ix_units_unit on units  (cost=0.28..8.29 rows=1 width=9) (actual rows=1.00 loops=1)\n"
    "\t  Index Cond: (unit = 'U-1'::text)\n"
    "2026-11-24 05:06:01 UTC [7] LOG:  checkpoint starting: time\n"
    "2026-11-24 05:06:02 UTC [7] LOG:  duration: 1.5 ms  plan:\n"
    "\tQuery Text: SELECT count(*) FROM purchases\n"
    "\tAggregate  (cost=1.00..2.00 rows=1 width=8) (actual rows=1.00 loops=1)\n"
    "\t  ->  Seq Scan on purchases  (cost=0.00..1.00 rows=9 width=0) (actual rows=9.00 loops=1)\n"
)


def test_plans_are_read_from_the_log_without_what_was_asked_for() -> None:
    found = read(LOG)
    assert [plan.ms for plan in found] == [0.25, 1.5]
    assert [plan.ways for plan in found] == [("ix_units_unit",), ("all of purchases",)]
    assert "Query Parameters" not in found[0].text


def test_plans_that_differ_in_their_numbers_only_are_one() -> None:
    one, _, other, _ = read(LOG + LOG.replace("U-1", "U-2").replace("8.29", "9.5"))
    assert one.text != other.text
    assert one.shape == other.shape


def test_the_page_names_each_plan_once() -> None:
    plans = read(LOG)
    text = page({"/": plans, "/units": [plans[0], Plan(2.0, plans[0].text)]}, when="today", rows="9 purchases")
    assert text.count("## Plan") == 2
    assert "| `/` | 2 | 1.8 | [1](#plan-1) [2](#plan-2) | all of purchases, ix_units_unit |" in text
    assert "| `/units` | 2 | 2.2 | [1](#plan-1) | ix_units_unit |" in text
