"""The case before the judge: a purchase and one of its lines, with what the reference says of it on the day."""

from datetime import date

from models.facts import Category, Content, Line
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
        self.punch_out = _telling(content.punch_out, settings)
        """The punch-out session or quotation that it refers to, unless that is a placeholder."""
        self.period = snapshot.period(day)
        self.supplier_row: SupplierRow | None = snapshot.supplier(supplier)
        self.agreements: tuple[AgreementRow, ...] = self.period.agreements_of(supplier)
        """The supplier's agreements that are valid on the day."""

    @property
    def unit_chain(self) -> tuple[str, ...]:
        """The unit and those above it, on the day."""
        return self.snapshot.ancestors(self.unit, self.day)


class LineCase:
    """One line of the case, with all that the reference says of it on the day; every look-up is made once."""

    __slots__ = ("account", "account_row", "agreement", "category", "item", "item_row", "line", "listed_by", "purchase")

    def __init__(self, purchase: PurchaseCase, line: Line) -> None:
        self.purchase = purchase
        self.line = line
        self.item = _telling(line.item, purchase.settings)
        """The supplier's item id, unless it is a placeholder."""
        self.item_row = self._item_row() if line.item is not None or line.gtin is not None else None
        """The item in its own supplier's catalogue, valid on the day."""
        self.account = line.account or purchase.content.account
        self.account_row: AccountRow | None = purchase.period.account(self.account) if self.account else None
        self.category = line.category or self._category()
        """The line's own category, else its item's, else its account's."""
        self.listed_by = self._listed_by(self.item_row.agreement) if self.item_row is not None else None
        """The agreement, valid on the day, that lists the item."""
        self.agreement = self.listed_by or self._covered_by()
        """The supplier's agreement that covers the line's item or category on the day; a named one first."""

    def _item_row(self) -> CatalogueRow | None:
        line, purchase = self.line, self.purchase
        if self.item is None and line.gtin is None:
            return None
        return purchase.snapshot.item(
            purchase.supplier, item=self.item, gtin=line.gtin, catalogue=line.catalogue, day=purchase.day
        )

    def _category(self) -> Category | None:
        for row in (self.item_row, self.account_row):
            if row is not None and row.category:
                return parsed(row.category)
        return None

    def _listed_by(self, agreement: str | None) -> AgreementRow | None:
        if agreement:
            for each in self.purchase.agreements:
                if each.agreement == agreement:
                    return each
        return None

    def _covered_by(self) -> AgreementRow | None:
        covering = self.purchase.period.covering(self.purchase.supplier, self.category)
        if len(covering) <= 1:
            return covering[0] if covering else None
        named = self.line.agreement or self.purchase.content.agreement
        return next((each for each in covering if each.agreement == named), covering[0])


def _telling(stated: str | None, settings: RuleSettings) -> str | None:
    return None if stated is None or stated.strip().lower() in settings.placeholders else stated
