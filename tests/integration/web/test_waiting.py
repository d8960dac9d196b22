"""Without a database the page waits, and goes on when it comes."""

from datetime import UTC, datetime
from pathlib import Path

import httpx
from playwright.sync_api import Page, expect
from sqlalchemy import create_engine

from models.days import day_of
from sinks.database.migrate import migrate
from tests.integration.web.conftest import free_port, start_web, stop, wait_for
from tests.integration.web.seed import seed


def test_the_page_waits_for_its_database_and_then_appears_by_itself(
    database_url: str, page: Page, tmp_path: Path
) -> None:
    port, log = free_port(), tmp_path / "web.log"
    process = start_web(database_url, port, log)
    try:
        address = f"http://127.0.0.1:{port}"
        wait_for(f"{address}/livez", log)
        assert httpx.get(f"{address}/readyz").status_code == 503
        assert httpx.get(f"{address}/api/v1/league").status_code == 503
        page.goto(address)
        expect(page.get_by_role("heading", level=1)).to_have_text("Venter på databasen")
        migrate(database_url)
        engine, now = create_engine(database_url), datetime.now(UTC)
        seed(engine, today=day_of(now), now=now, purchases=200)
        engine.dispose()
        expect(page.locator('[data-figure="e_handelsgrad_amount"]')).to_contain_text("%", timeout=20_000)
        page.goto("about:blank")  # a page that is open complains when its server ends
    finally:
        stop(process)
