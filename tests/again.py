"""The few tests that just failed, once more on their own: `make test` calls it, docs/decisions/021 says why.

Three at most, and never one in which the oracle has found a difference. Exit 0 says that all of them pass now; which
they are is said in any case.
"""

import json
import subprocess
import sys
from pathlib import Path

import pytest

AT_MOST = 3
FAILED, VERDICTS = "cache/lastfailed", "handelspuls/verdicts"
VALUES = Path(".pytest_cache/v")


class Verdicts:
    """Keeps which tests failed by what the oracle says: those compare with `differences`."""

    def __init__(self, config: pytest.Config) -> None:
        assert config.cache is not None
        self._cache = config.cache
        self._found: list[str] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed and "differences" in report.longreprtext:
            self._found.append(report.nodeid)

    def pytest_sessionfinish(self) -> None:
        self._cache.set(VERDICTS, self._found)


def once_more() -> int:
    failed = sorted(_kept(FAILED))
    verdicts = sorted(set(failed) & set(_kept(VERDICTS)))
    if not failed or len(failed) > AT_MOST or verdicts:
        why = f"the oracle found a difference in {', '.join(verdicts)}" if verdicts else f"{len(failed)} tests failed"
        _say(f"nothing is run again: {why}")
        return 1
    _say(f"once more, on their own: {', '.join(failed)}")
    done = subprocess.run([sys.executable, "-m", "pytest", *failed], check=False)
    now = "fail again" if done.returncode else "pass now. UNSTABLE, look at why they failed first"
    _say(f"{now}: {', '.join(failed)}")
    return done.returncode


def _say(what: str) -> None:
    sys.stdout.write(f"{what}\n")
    sys.stdout.flush()


def _kept(name: str) -> list[str]:
    file = VALUES / name
    return list(json.loads(file.read_text(encoding="utf-8"))) if file.exists() else []


if __name__ == "__main__":
    sys.exit(once_more())
