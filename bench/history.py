"""What is measured on: the simulator's seeded history of `erp.purchases`, and the reference it is judged by."""

from datetime import UTC, datetime
from pathlib import Path

from deploy.local.simulator.happening import Message
from deploy.local.simulator.reference import write_reference
from deploy.local.simulator.story import history
from deploy.local.simulator.town import found
from models.topics import PURCHASES

SEED = 1
NOW = datetime.now(tz=UTC)
"""The history ends today: what is dated ahead is refused by the real clock."""


def events(purchases: int) -> list[Message]:
    """About 1.7 events a purchase: orders, changes, invoices, credit notes, cancellations, broken ones."""
    return [message for message in history(found(SEED, NOW), purchases) if message.topic == PURCHASES]


def write_reference_of(folder: Path, purchases: int) -> Path:
    """The reference folder of that history: 1,208 units, 60,000 catalogue items."""
    write_reference(folder, SEED, now=NOW, purchases=purchases)
    return folder
