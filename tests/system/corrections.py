"""A reference set corrected back in time, in many of its tables at once."""

import shutil
from datetime import timedelta
from pathlib import Path

from tests.system import erp


def corrected(reference: Path, folder: Path) -> Path:
    """Agreements that began later, items gone, a school in another department, a supplier excluded."""
    shutil.copytree(reference, folder, dirs_exist_ok=True)
    begun = (erp.NOW.date() - timedelta(days=60)).isoformat()
    agreements = erp.read_rows(folder, "agreements")
    for row in [row for row in agreements if not row["valid_to"] or row["valid_to"] > begun][:15]:
        row["valid_from"] = max(row["valid_from"], begun)
    erp.write_rows(folder, "agreements", agreements)
    catalogue = erp.read_rows(folder, "catalogue")
    erp.write_rows(folder, "catalogue", [row for place, row in enumerate(catalogue) if place % 12])
    suppliers = erp.read_rows(folder, "suppliers")
    for row in suppliers[40:60]:
        row["exclusion"] = "public_body"
    erp.write_rows(folder, "suppliers", suppliers)
    _move_schools(folder)
    return folder


def _move_schools(folder: Path) -> None:
    """Thirty institutions hang elsewhere in the tree; two are taken out of it, and their purchases are unassigned."""
    units = erp.read_rows(folder, "units")
    areas = [row["unit"] for row in units if row["level"] == "area"]
    bottom = [row for row in units if row["level"] == "institution"]
    for place, row in enumerate(bottom[:30]):
        row["parent"] = areas[place % len(areas)]
    gone = {row["unit"] for row in bottom[40:42]}
    erp.write_rows(folder, "units", [row for row in units if row["unit"] not in gone])
    for table in ("ledger", "targets", "buyers", "standing_orders"):
        erp.write_rows(folder, table, [row for row in erp.read_rows(folder, table) if row["unit"] not in gone])
