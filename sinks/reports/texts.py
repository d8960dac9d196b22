"""The sentences of a report's page, Danish and English."""

from sinks.web.language import Language

TEXTS: dict[str, tuple[str, str]] = {
    "report": ("Månedsrapport", "Monthly report"),
    "reports": ("Månedsrapporter", "Monthly reports"),
    "rate": ("E-handelsgrad efter beløb", "E-handelsgrad by amount"),
    "of_base": ("{} af {} blev handlet i kataloget", "{} of {} was bought from the catalogue"),
    "by_count": ("Efter antal indkøb", "By number of purchases"),
    "band": ("{}–{} alt efter udfaldet af gennemsyn", "{}–{} depending on what is in review"),
    "target": ("Mål", "Target"),
    "no_target": ("Intet mål sat", "No target set"),
    "reached": ("nået, {} over", "reached, {} above"),
    "missing": ("{} mangler", "{} to go"),
    "change": ("Ændring fra måneden før", "Change on the month before"),
    "change_short": ("Ændring", "Change"),
    "coverage": ("Dækning mod regnskabet", "Coverage of the ledger"),
    "peers": ("Blandt ligestillede", "Among peers"),
    "rank": ("nr. {} af {}", "no. {} of {}"),
    "median": ("Midterste enhed: {}", "The middle unit: {}"),
    "shown_not_ranked": ("Vises uden placering", "Shown, not ranked"),
    "empty": ("ingen indkøb i grundlaget", "no purchases in the base"),
    "few": ("for få indkøb til at blive placeret", "too few purchases to be ranked"),
    "review": ("for meget afventer gennemsyn", "too much is in review"),
    "low_coverage": ("for lidt af regnskabet er set", "too little of the ledger was seen"),
    "group": ("Gruppe: {}", "Group: {}"),
    "no_group": ("Enheder på samme niveau under samme enhed", "Units of the same level under the same unit"),
    "chain": ("Op gennem organisationen", "Up the organisation"),
    "off_channel": ("Uden om systemet", "Off-channel"),
    "avoidable": ("Heraf fandtes i et katalog", "Of it, a catalogue held"),
    "uncovered": ("Heraf uden katalog", "Of it, no catalogue held"),
    "in_review": ("Til gennemsyn", "In review"),
    "gain": ("Sparet ved e-handlede fakturaer", "Saved by e-traded invoices"),
    "left": ("Endnu at hente", "Still to gain"),
    "figures": ("Alle nøgletal", "All figures"),
    "figure": ("Nøgletal", "Figure"),
    "value": ("Værdi", "Value"),
    "behind": ("Tæller / nævner", "Numerator / denominator"),
    "unit": ("Enhed", "Unit"),
    "level": ("Niveau", "Level"),
    "frozen": (
        "Fastlåst {}, revision {}. Hver dag er talt efter organisationen, som den var den dag.",
        "Frozen {}, revision {}. Each day is counted by the organisation as it was that day.",
    ),
    "as_csv": ("Alle enheder som CSV", "All units as CSV"),
    "e_handelsgrad_low_amount": ("Laveste efter beløb", "Lowest by amount"),
    "e_handelsgrad_high_amount": ("Højeste efter beløb", "Highest by amount"),
    "e_handelsgrad_low_count": ("Laveste efter antal", "Lowest by count"),
    "e_handelsgrad_high_count": ("Højeste efter antal", "Highest by count"),
    "coverage_amount": ("Dækning efter beløb", "Coverage by amount"),
    "coverage_count": ("Dækning efter antal bilag", "Coverage by documents"),
    "avoidable_share": ("Andel, der kunne undgås", "Avoidable share"),
    "review_share": ("Andel til gennemsyn", "Share in review"),
}
COUNTED = frozenset({"price_compliance", "matched", "certified", "certified_buyers"})
"""Figures of counts that do not say so in their names; all others without `count` are of amounts."""


def text(key: str, language: Language, *filled: object) -> str:
    """A sentence, its places filled."""
    return TEXTS[key][0 if language is Language.DANISH else 1].format(*filled)


def counts(figure: str) -> bool:
    """Does the figure count, rather than add up amounts?"""
    return figure in COUNTED or figure.endswith("_count")
