"""A larger catalogue: the simulator's own items, and as many more as are wanted beside them."""

import csv
from itertools import islice, product
from pathlib import Path

FILE = "catalogue.csv"


def widen(reference: Path, items: int) -> None:
    """Add items that nobody buys until the catalogue has so many rows; the same rows under other item ids."""
    path = reference / FILE
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        columns, rows = list(reader.fieldnames or ()), list(reader)
    rounds = range(1, items // len(rows) + 1)
    more = ({**row, "item": f"{row['item']}-{n}", "gtin": ""} for n, row in product(rounds, rows))
    with path.open("a", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writerows(islice(more, max(items - len(rows), 0)))
