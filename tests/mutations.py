"""What pytest is told when mutmut runs it (pyproject, tool.mutmut): the same examples every time, and few of them."""

import hypothesis
import pytest

hypothesis.settings.register_profile("mutations", max_examples=20, derandomize=True, database=None)


def pytest_itemcollected(item: pytest.Item) -> None:
    """mutmut below 3.8 reads the name that pytest 9.1 has taken away."""
    item._nodeid = item.nodeid  # type: ignore[attr-defined]
