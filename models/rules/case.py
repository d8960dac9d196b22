"""The case before the judge: a purchase and one of its lines, with what the reference says of it on the day."""

from datetime import date

from models.facts import Category, Content, Line
from models.lazily import lazily
from models.reference.categories import parsed
from models.reference.rows import AccountRow, AgreementRow, CatalogueRow, SupplierRow
from models.reference.snapshot import Snapshot
from models.rules.settings import RuleSettings


class PurchaseCase:
    """What all lines of a purchase share. `day` fixes every look-up; `seen_on` is when it was first invoiced or delivered."""

    def __init__(
        self,
        *,
        kind: str,
        source: str,
        day: date,
        unit: str,
        supplier: str,
        content: Content,
        snapshot: Snapshot,
        settings: RuleSettings,
        seen_on: date | None = None,
        seen_by: str = "",
        order_named: str | None = None,
        order_day: date | None = None,
    ) -> None:
        self.kind = kind
        self.source = source
        self.day = day
        self.unit = unit
        self.supplier = supplier
        self.content = content
        self.snapshot = snapshot
        self.settings = settings
        self.seen_on = seen_on
        self.seen_by = seen_by
        self.order_named = order_named
        self.order_day = order_day

    @lazily
    def supplier_row(self) -> SupplierRow | None:
        return self.snapshot.supplier(self.supplier)

    @lazily
    def agreements(self) -> tuple[AgreementRow, ...]:
        """The supplier's agreements that are valid on the day."""
        return self.snapshot.agreements_of(self.supplier, self.day)

    @lazily
    def unit_chain(self) -> tuple[str, ...]:
        """The unit and those above it, on the day."""
        return self.snapshot.ancestors(self.unit, self.day)


class LineCase:
    """One line of the case; every look-up is made once, and only when a predicate asks."""

    def __init__(self, purchase: PurchaseCase, line: Line) -> None:
        self.purchase = purchase
        self.line = line

    @lazily
    def item(self) -> str | None:
        """The supplier's item id, unless it is a placeholder."""
        item = self.line.item
        return None if item is None or item.strip().lower() in self.purchase.settings.placeholders else item

    @lazily
    def item_row(self) -> CatalogueRow | None:
        """The item in its own supplier's catalogue, valid on the day."""
        if self.item is None and self.line.gtin is None:
            return None
        purchase = self.purchase
        return purchase.snapshot.item(
            purchase.supplier, item=self.item, gtin=self.line.gtin, catalogue=self.line.catalogue, day=purchase.day
        )

    @lazily
    def account(self) -> str | None:
        return self.line.account or self.purchase.content.account

    @lazily
    def account_row(self) -> AccountRow | None:
        return self.purchase.snapshot.account(self.account, self.purchase.day) if self.account else None

    @lazily
    def category(self) -> Category | None:
        """The line's own category, else its item's, else its account's."""
        if self.line.category is not None:
            return self.line.category
        if self.item_row is not None and self.item_row.category:
            return parsed(self.item_row.category)
        account = self.account_row
        return parsed(account.category) if account is not None and account.category else None

    @lazily
    def listed_by(self) -> AgreementRow | None:
        """The agreement, valid on the day, that lists the item."""
        row = self.item_row
        if row is None or not row.agreement:
            return None
        return next((each for each in self.purchase.agreements if each.agreement == row.agreement), None)

    @lazily
    def agreement(self) -> AgreementRow | None:
        """The supplier's agreement that covers the line's item or category on the day; a named one first."""
        if self.listed_by is not None:
            return self.listed_by
        covers = self.purchase.snapshot.covers
        covering = [each for each in self.purchase.agreements if covers(each, self.category)]
        named = self.line.agreement or self.purchase.content.agreement
        return next((each for each in covering if each.agreement == named), covering[0] if covering else None)
