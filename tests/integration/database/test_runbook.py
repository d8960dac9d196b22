import re
from pathlib import Path

import psycopg
import pytest

from sinks.database.migrate import migrate
from sinks.database.sink import plain_url

RUNBOOK = (Path(__file__).parents[3] / "docs/runbook.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```sql\n(.*?)^```", RUNBOOK, re.MULTILINE | re.DOTALL)
QUERIES = [query for block in BLOCKS for query in block.split(";") if query.strip()]
QUERIES += re.findall(r"`(select (?!pg_terminate)[^`]*)`", RUNBOOK)


def test_the_runbook_has_queries() -> None:
    assert len(QUERIES) >= 4


@pytest.fixture
def url(fresh_url: str) -> str:
    migrate(fresh_url)
    return fresh_url


@pytest.mark.parametrize("query", QUERIES)
def test_a_query_of_the_runbook_runs_on_the_database_as_it_is(url: str, query: str) -> None:
    with psycopg.connect(plain_url(url)) as connection:
        connection.execute(query.encode())
