"""The closed set of predicates that rules are made of.

A predicate looks at one line's case with the rule's parameters and returns the evidence it rests on, or None where it
does not hold. Its name in a ruleset is the function's name.
"""

from collections.abc import Callable, Sequence

from models.facts import Category
from models.reference.categories import as_prefix, matches, written
from models.rules.case import LineCase
from models.vocabulary import CHANNELS, Outcome

Evidence = dict[str, str]
Predicate = Callable[..., Evidence | None]

_OFF_CHANNELS = {channel.value for channel in CHANNELS[Outcome.OFF_CHANNEL]}


def always(_case: LineCase) -> Evidence | None:
    """Always: whatever no rule above has taken."""
    return {}


def is_refund(case: LineCase) -> Evidence | None:
    """It is a credit note that credits no purchase known to us."""
    return {"kind": "credit_note"} if case.purchase.kind == "refund" else None


def category_starts_with(case: LineCase, *, unspsc: Sequence[str] = (), cpv: Sequence[str] = ()) -> Evidence | None:
    """The line's category begins with one of these codes."""
    return category_begins(case.category, unspsc=unspsc, cpv=cpv)


def category_begins(
    category: Category | None, *, unspsc: Sequence[str] = (), cpv: Sequence[str] = ()
) -> Evidence | None:
    """The same of a category by itself."""
    if category is None:
        return None
    listed = [*(f"UNSPSC:{code}" for code in unspsc), *(f"CPV:{code}" for code in cpv)]
    hit = next((prefix for prefix in listed if matches(as_prefix(prefix), category)), None)
    return {"category": written(category), "excluded_prefix": hit} if hit else None


def supplier_is_excluded(case: LineCase) -> Evidence | None:
    """The list of suppliers says that purchases from this one are outside of the base."""
    row = case.purchase.supplier_row
    return {"supplier": row.ref, "exclusion": row.exclusion} if row is not None and row.exclusion else None


def account_is_excluded(case: LineCase) -> Evidence | None:
    """The list of accounts says that purchases on this one are outside of the base."""
    row = case.account_row
    if row is None or not row.exclusion:
        return None
    return {"account": str(case.account), "account_row": row.ref, "exclusion": row.exclusion}


def is_order_agreement(case: LineCase) -> Evidence | None:
    """The seller recorded the order after a purchase in a shop, by phone or on the web: Peppol profile 42, or OIOUBL's OrdSel."""
    content = case.purchase.content
    return {"profile": content.profile or ""} if content.order_agreement else None


def ordered_after_the_fact(case: LineCase) -> Evidence | None:
    """The order was made after its first invoice or delivery, by more than the days of grace."""
    purchase = case.purchase
    if purchase.seen_on is None or purchase.kind != "order":
        return None
    if (purchase.day - purchase.seen_on).days <= purchase.settings.grace_days:
        return None
    return {"ordered_on": str(purchase.day), "seen_on": str(purchase.seen_on), "seen_by": purchase.seen_by}


def stated_channel_in(case: LineCase, *, channels: Sequence[str]) -> Evidence | None:
    """The ERP says that it was bought in one of these ways."""
    stated = case.purchase.content.channel
    return {"stated_channel": stated} if stated is not None and stated in channels else None


def stated_off_channel(case: LineCase) -> Evidence | None:
    """The ERP says that it was bought by free text, phone, email, web shop, store or card."""
    stated = case.purchase.content.channel
    return {"stated_channel": stated} if stated in _OFF_CHANNELS else None


def external_channel_covers(case: LineCase) -> Evidence | None:
    """A digital channel outside of the system, registered and attested, covers the supplier and the category on the day."""
    purchase = case.purchase
    row = purchase.period.external_channel(purchase.supplier, case.category)
    return {"external_channel": row.ref} if row is not None else None


def item_in_catalogue(case: LineCase) -> Evidence | None:
    """The item number stands in the supplier's own catalogue and can be ordered on the day."""
    row = case.item_row
    return {"item": row.ref} if row is not None and row.orderable else None


def agreement_covers(case: LineCase) -> Evidence | None:
    """An agreement with the supplier, valid on the day, lists the item or covers the category."""
    row = case.agreement
    return {"agreement": row.ref} if row is not None else None


def supplier_has_agreement(case: LineCase) -> Evidence | None:
    """There is an agreement with the supplier on the day, whatever it covers."""
    rows = case.purchase.agreements
    return {"agreement": rows[0].ref} if rows else None


def supplier_has_no_catalogue(case: LineCase) -> Evidence | None:
    """We hold none of the supplier's catalogues on the day."""
    purchase = case.purchase
    held = purchase.snapshot.supplier_has_catalogue(purchase.supplier, purchase.day)
    return None if held else {"catalogue": "none"}


def punched_out(case: LineCase) -> Evidence | None:
    """The order names a punch-out session or a quotation, and the supplier is registered for punch-out."""
    session, row = case.purchase.punch_out, case.purchase.supplier_row
    if not session or row is None or not row.punch_out:
        return None
    return {"punch_out": session, "supplier": row.ref}


def agreement_on_punch_out(case: LineCase) -> Evidence | None:
    """An agreement with the supplier covers the line; where neither item nor category is known, any agreement with it will do."""
    unknown = case.category is None and case.item_row is None
    return supplier_has_agreement(case) if unknown else agreement_covers(case)


def on_standing_order(case: LineCase) -> Evidence | None:
    """It is a call-off on a standing order that is registered for the supplier and the unit, and valid on the day."""
    purchase = case.purchase
    named = purchase.content.standing_order
    if not named:
        return None
    row = purchase.snapshot.standing_order(named, purchase.supplier, purchase.unit_chain, purchase.day)
    return {"standing_order": row.ref} if row is not None else None


def without_item_and_catalogue(case: LineCase) -> Evidence | None:
    """The line has neither an item number that means anything nor a reference to a catalogue."""
    line = case.line
    if case.item is not None or line.gtin is not None or line.catalogue is not None:
        return None
    return {"item": line.item or "", "requisition": case.purchase.content.requisition or ""}


def order_is_named(case: LineCase) -> Evidence | None:
    """The invoice names an order that we have not seen."""
    named = case.purchase.order_named
    return {"order_named": named} if named else None


def order_is_before_our_time(case: LineCase) -> Evidence | None:
    """The invoice names an order from before the ERP began to send us its orders."""
    purchase = case.purchase
    since = purchase.settings.source(purchase.source).orders_from
    day = purchase.order_day or purchase.day
    if not purchase.order_named or since is None or day >= since:
        return None
    return {"order_named": purchase.order_named, "orders_from": str(since)}


OF_CATEGORY: dict[str, Callable[..., Evidence | None]] = {category_starts_with.__name__: category_begins}
"""The predicates that look at nothing but the category, as functions of it."""

OF_PURCHASE: frozenset[str] = frozenset(
    predicate.__name__
    for predicate in (
        is_refund,
        supplier_is_excluded,
        is_order_agreement,
        ordered_after_the_fact,
        stated_channel_in,
        stated_off_channel,
        supplier_has_agreement,
        supplier_has_no_catalogue,
        punched_out,
        on_standing_order,
        order_is_named,
        order_is_before_our_time,
    )
)
"""The predicates that look at nothing but the purchase: what one of its lines says holds for all of them."""

PREDICATES: dict[str, Predicate] = {
    predicate.__name__: predicate
    for predicate in (
        always,
        is_refund,
        category_starts_with,
        supplier_is_excluded,
        account_is_excluded,
        is_order_agreement,
        ordered_after_the_fact,
        stated_channel_in,
        stated_off_channel,
        external_channel_covers,
        item_in_catalogue,
        agreement_covers,
        supplier_has_agreement,
        supplier_has_no_catalogue,
        punched_out,
        agreement_on_punch_out,
        on_standing_order,
        without_item_and_catalogue,
        order_is_named,
        order_is_before_our_time,
    )
}
