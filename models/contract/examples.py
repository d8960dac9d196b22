"""An example of every message: what docs/contract/examples shows, and what the tests send."""

from typing import Any

Json = dict[str, Any]

SOURCE = "erp/kvantum"
ORDER = "4500012345"
INVOICE = "F-20881"
CREDIT_NOTE = "K-311"
PURCHASE = f"erp%2Fkvantum~{ORDER}"


def inputs() -> dict[str, Json]:
    """Event type → an event of that type."""
    return {
        "order.placed": _event("order.placed", "b7c1-0001", "2026-03-02T09:15:00+01:00", _order()),
        "order.changed": _event("order.changed", "b7c1-0002", "2026-03-03T13:40:12+01:00", _order_changed()),
        "order.cancelled": _event("order.cancelled", "b7c1-0003", "2026-03-04T08:02:00+01:00", _order_cancelled()),
        "invoice.received": _event("invoice.received", "b7c1-0004", "2026-03-09T06:00:00+01:00", _invoice()),
        "invoice.cancelled": _event(
            "invoice.cancelled", "b7c1-0005", "2026-03-10T06:00:00+01:00", _invoice_cancelled()
        ),
        "credit_note.received": _event(
            "credit_note.received", "b7c1-0006", "2026-03-20T06:00:00+01:00", _credit_note()
        ),
        "credit_note.cancelled": _event(
            "credit_note.cancelled", "b7c1-0007", "2026-03-21T06:00:00+01:00", _credit_note_cancelled()
        ),
        "decision.made": _event(
            "decision.made", "d-0001", "2026-03-12T14:30:00+01:00", _decision(), source="handelspuls"
        ),
        "decision.withdrawn": _event(
            "decision.withdrawn", "d-0002", "2026-03-13T09:00:00+01:00", _withdrawal(), source="handelspuls"
        ),
    }


def _event(kind: str, event_id: str, time: str, data: Json, *, source: str = SOURCE) -> Json:
    subject = data.get("order") or data.get("invoice") or data.get("purchase")
    envelope = {"specversion": "1.0", "id": event_id, "source": source, "type": kind, "subject": subject, "time": time}
    return envelope | {"data": data}


def _paper(quantity: str, net_amount: str) -> Json:
    return {
        "line": "1",
        "item": "11-2233",
        "gtin": None,
        "catalogue": "CAT-9",
        "description": "Kopipapir A4",
        "category": {"scheme": "UNSPSC", "code": "14111507"},
        "account": None,
        "quantity": quantity,
        "unit": "PK",
        "unit_price": "24.50",
        "base_quantity": "1",
        "agreement": None,
        "net_amount": net_amount,
    }


def _shared() -> Json:
    return {
        "unit": "U-10234",
        "buyer": "B-778",
        "supplier": "DK12345678",
        "account": "2.3410",
        "currency": "DKK",
        "exchange_rate": None,
        "channel": "catalogue",
        "profile": None,
        "agreement": "A-17",
        "standing_order": None,
        "requisition": None,
        "punch_out_session": None,
        "delivered_on": None,
    }


def _order() -> Json:
    return {
        "order": ORDER,
        "version": 1,
        "placed_at": "2026-03-02T09:15:00+01:00",
        **_shared(),
        "frame": False,
        "lines": [_paper("10", "245.00")],
    }


def _order_changed() -> Json:
    return _order() | {"version": 2, "lines": [_paper("12", "294.00")]}


def _order_cancelled() -> Json:
    return {"order": ORDER, "version": 3, "reason": "Bestilt to gange"}


def _invoice() -> Json:
    return {
        "invoice": INVOICE,
        "order": ORDER,
        "version": 1,
        **_shared(),
        "channel": None,
        "issued_on": "2026-03-06",
        "delivered_on": "2026-03-05",
        "payment_means": "58",
        "lines": [_paper("12", "294.00")],
    }


def _invoice_cancelled() -> Json:
    return {"invoice": INVOICE, "order": ORDER, "version": 2, "reason": "Sendt til en forkert enhed"}


def _credit_note() -> Json:
    return {
        "credit_note": CREDIT_NOTE,
        "invoice": INVOICE,
        "order": ORDER,
        "version": 1,
        **_shared(),
        "channel": None,
        "issued_on": "2026-03-19",
        "lines": [_paper("2", "49.00")],
    }


def _credit_note_cancelled() -> Json:
    return {
        "credit_note": CREDIT_NOTE,
        "invoice": INVOICE,
        "order": ORDER,
        "version": 2,
        "reason": "Varen blev beholdt",
    }


def _decision() -> Json:
    return {
        "purchase": PURCHASE,
        "on_version": 2,
        "outcome": "off_channel",
        "channel": "web_shop",
        "reason": "Købt i leverandørens netbutik og skrevet ind bagefter",
        "decided_by": "indkoebskontoret-4",
        "decided_at": "2026-03-12T14:30:00+01:00",
    }


def _withdrawal() -> Json:
    return {
        "purchase": PURCHASE,
        "on_version": 2,
        "reason": "Enheden har vist ordren fra kataloget",
        "decided_by": "indkoebskontoret-4",
        "decided_at": "2026-03-13T09:00:00+01:00",
    }
