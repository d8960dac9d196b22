"""What is measured on: the simulator's seeded history of `erp.purchases`, and the reference it is judged by."""

from collections.abc import Iterator
from pathlib import Path

from deploy.local.simulator.happening import Message
from deploy.local.simulator.reference import write_reference
from deploy.local.simulator.story import history
from deploy.local.simulator.town import found
from models.topics import PURCHASES
from tests.system import erp

SEED = 1


EVENTS_PER_PURCHASE = 1.7


def events(purchases: int) -> Iterator[Message]:
    """About 1.7 a purchase: orders, changes, invoices, credit notes, cancellations, broken ones."""
    return (message for message in history(found(SEED, erp.NOW), purchases) if message.topic == PURCHASES)


def write_reference_of(folder: Path, purchases: int, *, thin: bool = False) -> Path:
    """The reference folder of that history: 1,208 units, 60,000 catalogue items.

    A thin one has every tenth item and those that are bought: everything starts sooner, for a check.
    """
    if thin:
        return erp.reference(folder, purchases, seed=SEED)
    write_reference(folder, SEED, now=erp.NOW, purchases=purchases)
    return folder
