"""Writes down what happens to one purchase: as an event of its ERP or as a document between buyer and seller."""

from datetime import datetime
from random import Random
from typing import Any

import msgspec

from deploy.local.simulator.happening import Entry, Happening
from deploy.local.simulator.orders import Purchase
from deploy.local.simulator.pace import rounded


class Scribe:
    """Gives each happening an id; `sent` is when it leaves the ERP, if later than it happens."""

    def __init__(self, purchase: Purchase, random: Random) -> None:
        self._purchase = purchase
        self._random = random

    def event(
        self,
        kind: str,
        at: datetime,
        data: dict[str, Any],
        *,
        key: str,
        subject: str,
        entry: Entry | None = None,
        sent: datetime | None = None,
    ) -> Happening:
        return Happening(
            at=rounded(sent or at),
            time=rounded(at),
            source=self._purchase.source,
            kind=kind,
            key=key,
            subject=subject,
            event_id=f"{self._random.getrandbits(96):024x}",
            data=data,
            entry=entry,
        )

    def document(
        self, kind: str, at: datetime, data: dict[str, Any], *, key: str, subject: str, entry: Entry | None = None
    ) -> Happening:
        """The event's data with the names and numbers of both parties, to be written as UBL."""
        unit, supplier = self._purchase.unit, self._purchase.basket.supplier
        parties = {
            "buyer_gln": unit.gln,
            "buyer_name": unit.name,
            "seller_cvr": supplier.cvr,
            "seller_name": supplier.name,
        }
        happening = self.event("", at, data | parties, key=key, subject=subject, entry=entry)
        return msgspec.structs.replace(happening, document=kind)
