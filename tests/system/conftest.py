"""Services of the system tests; when a test fails, its report shows what the processes said."""

from collections.abc import Generator
from typing import Any

import pytest

pytest.register_assert_rewrite("tests.system.service", "tests.system.truth")

from tests.system.service import Service  # noqa: E402 - what is imported before is not rewritten

SHOWN_BYTES = 4_000


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, Any, Any]:
    report = yield
    if report.failed:
        for service in getattr(item, "funcargs", {}).values():
            if isinstance(service, Service):
                report.sections += [(path.name, _end_of(path.read_bytes())) for path in service.logs]
    return report


def _end_of(log: bytes) -> str:
    return log[-SHOWN_BYTES:].decode(errors="replace")
