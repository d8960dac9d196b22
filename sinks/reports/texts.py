"""The sentences of a report's page, Danish and English."""

from sinks.web.language import Language
from sinks.web.words import Words

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
    "adjustments": ("Ændret siden sidst", "Changed since"),
    "adjustments_why": (
        "Måneder, der er fastlåst, og hvad der siden er ændret i dem. Den fastlåste rapport står ved magt.",
        "Months that are frozen, and what has changed in them since. The frozen report stays as it is.",
    ),
    "month": ("Måned", "Month"),
    "revision": ("revision {}", "revision {}"),
    "told": ("Oplyst", "As told"),
    "now": ("Nu", "Now"),
    "because": ("Årsag", "Because of"),
    "purchases": ("{} indkøb", "{} purchases"),
    "in_catalogue": ("kataloghandel", "catalogue"),
    "outside": ("uden om systemet", "off-channel"),
    "reviewed": ("til gennemsyn", "in review"),
    "units.changed": ("Organisationen er rettet", "The organisation was corrected"),
    "figures": ("Alle nøgletal", "All figures"),
    "figure": ("Nøgletal", "Figure"),
    "value": ("Værdi", "Value"),
    "behind": ("Tæller / nævner", "Numerator / denominator"),
    "unit": ("Enhed", "Unit"),
    "level": ("Niveau", "Level"),
    "explained_revision": ("Revision {} (generation {}) {}", "Revision {} (generation {}) {}"),
    "explained_cause": ("Årsag", "Cause"),
    "explained_outcome": ("Udfald", "Outcome"),
    "explained_rule": ("Regel", "Rule"),
    "explained_amounts": ("Beløb", "Amounts"),
    "explained_before": ("Før", "Before"),
    "explained_flags": ("Mærker", "Flags"),
    "explained_evidence": ("Grundlag", "Evidence"),
    "explained_avoidable": ("Undgås", "Avoidable"),
    "explained_held": (
        "ja, et katalog havde varen eller kategorien den dag",
        "yes, a catalogue held item or category that day",
    ),
    "explained_uncovered": ("nej, intet katalog havde den", "no, no catalogue held it"),
    "explained_record": ("Besked", "Record"),
    "explained_line": ("Linje {}:", "Line {}:"),
    "explained_reference": ("stamdata nr. {}", "reference no. {}"),
    "explained_untallied": ("tæller ikke med", "not counted"),
    "explained_no_rate": ("kurs mangler", "no exchange rate"),
    "explained_not_stated": ("ikke oplyst", "not stated"),
    "advice": ("Hvad der ville have gjort det til kataloghandel", "What would have made it catalogue e-trade"),
    "no_advice": (
        "Intet af det kunne have været kataloghandel, eller alt er det",
        "Nothing of it could have been catalogue e-trade, or all of it is",
    ),
    "advice_line": ("Linje {}, reglen {}: {}", "Line {}, rule {}: {}"),
    "frozen": (
        "Fastlåst {}, revision {}. Hver dag er talt efter organisationen, som den var den dag.",
        "Frozen {}, revision {}. Each day is counted by the organisation as it was that day.",
    ),
    "as_csv": ("Alle enheder som CSV", "All units as CSV"),
    "e_handelsgrad_low_amount": ("Nedre grænse efter beløb", "Lower bound by amount"),
    "e_handelsgrad_high_amount": ("Øvre grænse efter beløb", "Upper bound by amount"),
    "e_handelsgrad_low_count": ("Nedre grænse efter antal", "Lower bound by count"),
    "e_handelsgrad_high_count": ("Øvre grænse efter antal", "Upper bound by count"),
    "no_peers": ("Ingen at sammenligne med", "None to compare with"),
    "below": ("Enheder under {}", "Units under {}"),
    "quiet": ("Uden handel i måneden: {}", "Without trade in the month: {}"),
    "on_their_pages": (
        "{} enheder på dette niveau står på siden for den enhed, de hører under, og i CSV-filen.",
        "{} units of this level are on the page of the unit that they belong to, and in the CSV file.",
    ),
    "ledger_behind": ("Regnskabet er bagud", "The ledger lags"),
    "ledger_behind_by": ("set {} mere, end det har bogført", "{} more is seen than it has booked"),
    "column_month": ("Måned", "Month"),
    "column_unit_id": ("Enhed (id)", "Unit (id)"),
    "column_unit": ("Enhed", "Unit"),
    "column_level": ("Niveau", "Level"),
    "column_belongs_to": ("Hører under (id)", "Belongs to (id)"),
    "column_peer_group": ("Gruppe", "Peer group"),
    "column_value": ("{} (pct.)", "{} (%)"),
    "column_numerator_amount": ("{}: tæller (kr.)", "{}: numerator (DKK)"),
    "column_denominator_amount": ("{}: nævner (kr.)", "{}: denominator (DKK)"),
    "column_numerator_count": ("{}: tæller", "{}: numerator"),
    "column_denominator_count": ("{}: nævner", "{}: denominator"),
    "column_target": ("{}: mål (pct.)", "{}: target (%)"),
    "column_distance": ("{}: afstand til målet (pct.point)", "{}: distance to the target (pp)"),
    "column_change": ("{}: ændring (pct.point)", "{}: change (pp)"),
    "column_placed": ("Placering", "Rank"),
    "column_placed_of": ("Placerede i gruppen", "Ranked in the group"),
    "column_peers_count": ("Enheder i gruppen", "Units in the group"),
    "column_peer_median": ("Gruppens midterste (pct.)", "Middle of the group (%)"),
    "column_not_placed": ("Hvorfor ikke placeret", "Why not ranked"),
    "column_catalogue_ore": ("Kataloghandel (kr.)", "Catalogue e-trade (DKK)"),
    "column_off_channel_ore": ("Uden om systemet (kr.)", "Off-channel (DKK)"),
    "column_review_ore": ("Til gennemsyn (kr.)", "In review (DKK)"),
    "column_avoidable_ore": ("Kunne være undgået (kr.)", "Avoidable (DKK)"),
    "column_uncovered_ore": ("Uden katalog (kr.)", "Uncovered (DKK)"),
    "column_gain": ("Sparet ved e-handel (kr.)", "Gained by e-trade (DKK)"),
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


def name_of(figure: str, language: Language) -> str:
    """What a figure is called."""
    return text(figure, language) if figure in TEXTS else Words(language=language, reasons={})(figure, "figure")


def counts(figure: str) -> bool:
    """Does the figure count, rather than add up amounts?"""
    return figure in COUNTED or figure.endswith("_count")
