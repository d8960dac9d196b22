"""`web`: the process that serves the page and the API."""

from collections.abc import Mapping
from pathlib import Path

import click
import uvicorn
from sqlalchemy import create_engine

from handelspuls.api_keys import ApiAccess
from handelspuls.door import KafkaDoor
from handelspuls.errors import CannotRun
from handelspuls.logs import set_up_logs
from handelspuls.settings import Settings
from handelspuls.version import own_version, show_version
from models.rules.ruleset import RulesetError, read_ruleset
from sinks.web.app import build
from sinks.web.language import Language

ROOT = Path(__file__).parents[2]
RULESET = ROOT / "rulesets" / "default.toml"
POOL_SIZE = 5
SHUTDOWN_S = 5


@click.command(name="web")
def command() -> None:
    """Run the page and the API; without a database it waits, and says so on the page."""
    settings = Settings.from_environment()
    set_up_logs(process="web", level=settings.log_level)
    show_version()
    engine = create_engine(
        settings.database_url,
        pool_size=POOL_SIZE,
        pool_pre_ping=True,
        pool_timeout=10,
        connect_args={
            "connect_timeout": 3,
            # Compiling a query takes longer than any of these runs.
            "options": "-c statement_timeout=20000 -c default_transaction_read_only=on -c jit=off",
        },
    )
    language, keys = Language(settings.language), ApiAccess.from_environment().known()
    door = KafkaDoor(settings.kafka_bootstrap_servers)
    app = build(
        engine=engine,
        language=language,
        reasons=reason_words(RULESET),
        ruleset=RULESET.read_text(encoding="utf-8"),
        keys=keys,
        door=door,
        version=own_version(),
    )
    try:
        uvicorn.run(
            app,
            host=settings.web_host,
            port=settings.web_port,
            log_config=None,
            access_log=False,
            timeout_graceful_shutdown=SHUTDOWN_S,
        )
    finally:
        door.close()
        engine.dispose()


def reason_words(ruleset: Path) -> Mapping[str, tuple[str, str]]:
    """The words that the ruleset brings for its reason codes, Danish and English."""
    try:
        rules = read_ruleset(ruleset.read_text(encoding="utf-8")).rules
    except (OSError, RulesetError) as unusable:
        raise CannotRun(f"The ruleset {ruleset.name} cannot be read: {unusable}") from unusable
    return {rule.reason: (rule.da, rule.en) for rule in rules}
