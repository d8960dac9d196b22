"""A served page on a seeded database, and a browser that notes every complaint."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from sqlalchemy import Engine, create_engine

from models.days import day_of
from sinks.database.migrate import migrate
from tests.integration.web.seed import Seeded, seed

ROOT = Path(__file__).parents[3]
READY_WITHIN_S = 40.0
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]


@dataclass(frozen=True)
class Served:
    """A running web process."""

    address: str
    engine: Engine
    seeded: Seeded


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def start_web(database_url: str, port: int, log: Path) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "DATABASE_URL": database_url, "HANDELSPULS_WEB_PORT": str(port)}
    command = [sys.executable, "-m", "handelspuls", "web"]
    with log.open("wb") as out:
        return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=out, stderr=subprocess.STDOUT)


def wait_for(address: str, log: Path) -> None:
    deadline = time.monotonic() + READY_WITHIN_S
    while True:
        try:
            with urllib.request.urlopen(address, timeout=5):  # noqa: S310 - an address of this test
                return
        except OSError:
            if time.monotonic() > deadline:
                pytest.fail(f"{address} does not answer:\n{log.read_text()[-3000:]}")
            time.sleep(0.1)


def stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(timeout=15)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@pytest.fixture(scope="module")
def served(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The page on a plausible year."""
    migrate(database_url)
    engine, now = create_engine(database_url), datetime.now(UTC)
    seeded = seed(engine, today=day_of(now), now=now)
    port, log = free_port(), tmp_path_factory.mktemp("web") / "web.log"
    process = start_web(database_url, port, log)
    try:
        address = f"http://127.0.0.1:{port}"
        wait_for(f"{address}/readyz", log)
        yield Served(address, engine, seeded)
    finally:
        stop(process)
        engine.dispose()


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A visitor at 1280 pixels; a complaint on the console fails the test."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="da-DK")
    complaints: list[str] = []
    context.on("console", lambda said: complaints.append(said.text) if said.type in {"error", "warning"} else None)
    context.on("weberror", lambda error: complaints.append(str(error.error)))
    yield context
    context.close()
    assert complaints == []


@pytest.fixture
def page(context: BrowserContext) -> Page:
    page = context.new_page()
    page.set_default_timeout(15_000)
    return page
