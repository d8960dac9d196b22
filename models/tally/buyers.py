"""Active buyers: how many different people bought, and how many of them are certified. People, so that they do not add up."""

from collections import defaultdict
from collections.abc import Callable, Mapping

from models.tally.figures import Figure


class ActiveBuyers:
    """By unit who bought how often; `certified` says of a pseudonym whether it is."""

    def __init__(self, certified: Callable[[str], bool]) -> None:
        self._is_certified = certified
        self._bought: dict[str, dict[str, int]] = defaultdict(dict)
        self._certified: dict[str, int] = defaultdict(int)

    def add(self, unit: str, change: Mapping[str, int]) -> None:
        """Add purchases of buyers, or take them away."""
        bought = self._bought[unit]
        for buyer, purchases in change.items():
            before = bought.get(buyer, 0)
            after = before + purchases
            if after:
                bought[buyer] = after
            else:
                bought.pop(buyer, None)
            if (before > 0) != (after > 0) and self._is_certified(buyer):
                self._certified[unit] += 1 if after > 0 else -1

    def certified(self, unit: str) -> Figure:
        """The certified of the active ones."""
        return Figure(self._certified.get(unit, 0), len(self._bought.get(unit, ())))
