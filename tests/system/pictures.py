"""Draws the dashboards' pictures of the docs from a service that runs for a while: `python -m tests.system.pictures [MINUTES]`."""

import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from deploy.grafana import pictures
from tests.integration.deployment.test_prometheus import prometheus
from tests.system.fed import Fed, send_what_is_refused, visit

FOLDER = Path(__file__).parents[2] / "docs/images/dashboards"


def main(minutes: float) -> None:
    """Start all, wait, draw, stop."""
    with TemporaryDirectory(prefix="handelspuls-pictures-") as folder:
        service = Fed(Path(folder))
        try:
            service.start_servers()
            service.run("setup")
            service.start_all(workers=1)
            service.start("canary")
            service.feed()
            with prometheus(Path(folder), service.scraped()) as address:
                _look_on(service, minutes)
                pictures.main(address, FOLDER)
        finally:
            service.stop()
            service.stop_servers()


def _look_on(service: Fed, minutes: float) -> None:
    end = time.monotonic() + 60 * minutes
    while time.monotonic() < end:
        send_what_is_refused(service.bootstrap)
        visit(service)
        time.sleep(5)


if __name__ == "__main__":
    main(float(sys.argv[1]) if sys.argv[1:] else 8)
