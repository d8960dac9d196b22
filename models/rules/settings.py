"""The figures in a ruleset that are no rules: days of grace, tolerances, what is known of the sources."""

from datetime import date

from pydantic import BaseModel, ConfigDict, Field


class SourceSettings(BaseModel):
    """What is known of an ERP source."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    orders_from: date | None = None
    """Since when its orders are sent: an invoice that names an earlier, unseen order is a case for review."""
    default_root: str | None = None
    """The root of units that the reference does not know, where it has several roots."""


class RuleSettings(BaseModel):
    """Settings of the judging, part of the ruleset and of its version."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    grace_days: int = Field(default=0, ge=0, le=365)
    """How many days after its invoice or delivery an order may be made and still count as made before."""
    price_tolerance: float = Field(default=0.0, ge=0, le=1)
    """How much above the agreed price still complies, as a share of it: 0.01 is one per cent (C3)."""
    gain_per_invoice_ore: int = Field(default=6200, ge=0)
    """What each e-traded invoice saves (Copenhagen's figure: 62 DKK)."""
    placeholders: frozenset[str] = frozenset({"", "na", "n/a", "1", "-"})
    """Item numbers and references to a punch-out that say nothing, in lower case."""
    sources: dict[str, SourceSettings] = {}
    """What is known of each ERP source: since when its orders are sent, its default root."""

    def source(self, name: str) -> SourceSettings:
        """What is known of a source; of an unknown one, nothing."""
        return self.sources.get(name) or SourceSettings()
