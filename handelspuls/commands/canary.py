"""The command that runs the canary."""

import time

import click
import structlog
from kafka.errors import KafkaError
from prometheus_client import start_http_server

from handelspuls.canary import sing
from handelspuls.logs import set_up_logs
from handelspuls.settings import Settings
from handelspuls.version import show_version
from models.denied import told
from sinks import metrics

log = structlog.get_logger(__name__)


@click.command(name="canary")
@click.option("--every", default=60.0, show_default=True, help="Seconds between two orders.")
@click.option("--within", default=60.0, show_default=True, help="Seconds that a judgement may take.")
@click.option("--once", is_flag=True, help="Send one order, and end with 1 if it is not judged in time.")
def command(*, every: float, within: float, once: bool) -> None:
    """Send an order that counts nowhere and wait for its judgement, again and again."""
    settings = Settings.from_environment()
    set_up_logs(process="canary", level=settings.log_level)
    show_version()
    if once:
        raise SystemExit(0 if _sing(settings.kafka_bootstrap_servers, within) else 1)
    if settings.metrics_port:
        start_http_server(settings.metrics_port)
    while True:  # it holds nothing that a signal could spoil
        _sing(settings.kafka_bootstrap_servers, within)
        time.sleep(every)


def _sing(bootstrap_servers: str, within: float) -> bool:
    try:
        seconds = sing(bootstrap_servers, within_s=within)
    except KafkaError as away:
        log.warning("canary not sent", reason=told(away))
        return False
    if seconds is None:
        log.warning("canary lost", within_s=within)
        return False
    metrics.CANARY.observe(seconds)
    metrics.CANARY_HEARD.set(time.time())
    log.info("canary judged", seconds=round(seconds, 3))
    return True
