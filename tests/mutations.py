"""What pytest is told when mutmut runs it (pyproject, tool.mutmut): the same examples every time, and few of them.

An example that fails is enough: to look for a smaller one takes minutes for each change.
"""

import hypothesis
import pytest
from hypothesis import Phase

hypothesis.settings.register_profile(
    "mutations", max_examples=20, derandomize=True, database=None, phases=(Phase.explicit, Phase.generate)
)


def pytest_itemcollected(item: pytest.Item) -> None:
    """mutmut below 3.8 reads the name that pytest 9.1 has taken away."""
    item._nodeid = item.nodeid  # type: ignore[attr-defined]
