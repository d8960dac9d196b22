"""Suppliers by any of their identifiers; unknown ones get the same id however their CVR is written."""

from collections.abc import Iterable, Sequence

from models.reference.identifiers import comparable
from models.reference.rows import SupplierRow


class Suppliers:
    """All suppliers of the reference."""

    def __init__(self, rows: Iterable[SupplierRow]) -> None:
        self._rows = {row.supplier: row for row in sorted(rows, key=lambda row: row.supplier)}
        self._names: dict[str, str] = {}
        for supplier in self._rows:
            self._names.setdefault(comparable(supplier), supplier)
        for supplier, row in self._rows.items():
            for one in row.identifiers:
                self._names.setdefault(comparable(one), supplier)

    def supplier_id(self, identifiers: Sequence[str]) -> str:
        """The reference's id of the first identifier it knows; else the first one, a CVR without `DK`."""
        for one in identifiers:
            found = one if one in self._rows else self._names.get(comparable(one))
            if found is not None:
                return found
        return comparable(identifiers[0]) if identifiers else ""

    def row(self, supplier_id: str) -> SupplierRow | None:
        """The supplier's row, if the reference has one."""
        return self._rows.get(supplier_id)
