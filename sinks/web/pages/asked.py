"""What an address asks for and must be there."""

from sinks.web.queries.tree import Tree
from sinks.web.site import NotThereError


def verify_unit(tree: Tree, unit: str | None) -> None:
    """A unit that an address names is one of the tree; None names none."""
    if unit is not None and unit not in tree.units:
        raise NotThereError("no_such_unit", unit)
