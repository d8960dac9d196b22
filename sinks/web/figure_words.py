"""The words for the figures, and what counts in each of their sides: what a list of purchases is filtered by."""

Pair = tuple[str, str]
"""Danish, English."""

_CATALOGUE_LINES = ("linjer købt i katalog", "lines bought from a catalogue")
_BASE_LINES = ("linjer købt i katalog eller uden om systemet", "lines bought from a catalogue or off-channel")
_REVIEW_LINES = (
    "linjer købt i katalog, uden om systemet eller til gennemsyn",
    "lines bought from a catalogue, off-channel or in review",
)
_CATALOGUE = ("kataloghandel", "catalogue e-trade")
_BASE = ("kataloghandel og køb uden om systemet", "catalogue e-trade and off-channel purchases")
_WITH_REVIEW = (
    "kataloghandel, køb uden om systemet og til gennemsyn",
    "catalogue e-trade, off-channel purchases and those in review",
)
_AGREED = (
    "linjer, hvis kategori en aftale dækkede den dag, eller hvis vare står i leverandørens katalog",
    "lines whose category any agreement covered that day, or whose item is in the supplier's catalogue",
)
_GAIN = (
    "Beløbet er antallet gange det, som hver e-handlet faktura sparer; det står under Regler",
    "The amount is their number times what each e-traded invoice saves; it stands under Rules",
)

FIGURES: dict[str, Pair] = {
    "e_handelsgrad_amount": ("E-handelsgrad efter beløb", "E-handelsgrad by amount"),
    "e_handelsgrad_low_amount": ("E-handelsgrad efter beløb, lavest", "E-handelsgrad by amount, at the least"),
    "e_handelsgrad_high_amount": ("E-handelsgrad efter beløb, højest", "E-handelsgrad by amount, at the most"),
    "digital_rate_amount": ("Digital andel efter beløb", "Digital rate by amount"),
    "e_handelsgrad_count": ("E-handelsgrad efter antal", "E-handelsgrad by count"),
    "e_handelsgrad_low_count": ("E-handelsgrad efter antal, lavest", "E-handelsgrad by count, at the least"),
    "e_handelsgrad_high_count": ("E-handelsgrad efter antal, højest", "E-handelsgrad by count, at the most"),
    "digital_rate_count": ("Digital andel efter antal", "Digital rate by count"),
    "mandatory": ("Lovpligtige kategorier", "Mandatory categories"),
    "supplier_compliance": ("Leverandørloyalitet", "Supplier compliance"),
    "item_compliance": ("Vareloyalitet", "Item compliance"),
    "price_compliance": ("Prisloyalitet", "Price compliance"),
    "matched": ("Fakturaer med ordre", "Invoices with an order"),
    "certified": ("Ordrer af certificerede indkøbere", "Orders by certified buyers"),
    "avoidable_share": ("Andel, der kunne være kataloghandel", "Share that could have been catalogue e-trade"),
    "review_share": ("Andel til gennemsyn", "Share in review"),
    "coverage_amount": ("Dækning efter beløb", "Coverage by amount"),
    "coverage_count": ("Dækning efter antal", "Coverage by count"),
    "gain": ("Sparet ved e-handel", "Gained by e-trade"),
    "gain_left": ("Endnu at spare", "Left to gain"),
    "unknown_units": ("Enheder, som stamdata ikke kender", "Units that the reference does not know"),
    "certified_buyers": ("Certificerede blandt aktive indkøbere", "Certified among active buyers"),
}

SIDES: dict[str, Pair] = {
    "e_handelsgrad_amount.numerator": _CATALOGUE_LINES,
    "e_handelsgrad_amount.denominator": _BASE_LINES,
    "e_handelsgrad_low_amount.numerator": _CATALOGUE_LINES,
    "e_handelsgrad_low_amount.denominator": _REVIEW_LINES,
    "e_handelsgrad_high_amount.numerator": (
        "linjer købt i katalog eller til gennemsyn",
        "lines bought from a catalogue or in review",
    ),
    "e_handelsgrad_high_amount.denominator": _REVIEW_LINES,
    "digital_rate_amount.numerator": (
        "linjer i strukturerede dokumenter: katalog, fritekst på ordre eller ekstern digital kanal",
        "lines in structured documents: catalogue, free text on an order or an external digital channel",
    ),
    "digital_rate_amount.denominator": _BASE_LINES,
    "e_handelsgrad_count.numerator": _CATALOGUE,
    "e_handelsgrad_count.denominator": _BASE,
    "e_handelsgrad_low_count.numerator": _CATALOGUE,
    "e_handelsgrad_low_count.denominator": _WITH_REVIEW,
    "e_handelsgrad_high_count.numerator": (
        "kataloghandel og køb til gennemsyn",
        "catalogue e-trade and purchases in review",
    ),
    "e_handelsgrad_high_count.denominator": _WITH_REVIEW,
    "digital_rate_count.numerator": (
        "køb i strukturerede dokumenter: katalog, fritekst på ordre eller ekstern digital kanal",
        "purchases in structured documents: catalogue, free text on an order or an external digital channel",
    ),
    "digital_rate_count.denominator": _BASE,
    "mandatory.numerator": (
        "digitale linjer i kategorier, hvor loven kræver e-handel",
        "digital lines in categories where the law requires e-trade",
    ),
    "mandatory.denominator": (
        "linjer i kategorier, hvor loven kræver e-handel",
        "lines in categories where the law requires e-trade",
    ),
    "supplier_compliance.numerator": (
        "linjer, hvis leverandør havde en aftale om varen eller kategorien den dag",
        "lines whose supplier had an agreement on the item or the category that day",
    ),
    "supplier_compliance.denominator": _AGREED,
    "item_compliance.numerator": (
        "linjer, hvis vare stod i en aftales katalog den dag, uanset kanal",
        "lines whose item an agreement's catalogue listed that day, whatever the channel",
    ),
    "item_compliance.denominator": _AGREED,
    "price_compliance.numerator": (
        "linjer købt til højst den aftalte pris",
        "lines bought at no more than the agreed price",
    ),
    "price_compliance.denominator": (
        "linjer, hvis pris kan sammenlignes med den aftalte",
        "lines whose price can be compared with the agreed one",
    ),
    "matched.numerator": (
        "fakturaer, hvis ordre er kendt og ikke er yngre end fakturaen, på fakturaens dag",
        "invoices whose order is known and no younger than the invoice, on the invoice's day",
    ),
    "matched.denominator": ("alle fakturaer, på fakturaens dag", "all invoices, on the invoice's day"),
    "certified.numerator": (
        "ordrer, hvis indkøber var certificeret den dag",
        "orders whose buyer was certified that day",
    ),
    "certified.denominator": ("ordrer med en indkøber", "orders with a buyer"),
    "avoidable_share.numerator": (
        "linjer købt uden om systemet, som et katalog havde den dag",
        "lines bought off-channel that a catalogue held that day",
    ),
    "avoidable_share.denominator": ("linjer købt uden om systemet", "lines bought off-channel"),
    "review_share.numerator": ("linjer til gennemsyn", "lines in review"),
    "review_share.denominator": _REVIEW_LINES,
    "coverage_amount.numerator": (
        "fakturaer og kreditnotaer set de sidste 30 dage, på deres egen dag",
        "invoices and credit notes seen in the last 30 days, on their own day",
    ),
    "coverage_count.numerator": (
        "fakturaer og kreditnotaer set de sidste 30 dage, på deres egen dag",
        "invoices and credit notes seen in the last 30 days, on their own day",
    ),
    "gain.numerator": (
        f"fakturaer for kataloghandel, på fakturaens dag. {_GAIN[0]}",
        f"invoices of catalogue e-trade, on the invoice's day. {_GAIN[1]}",
    ),
    "gain_left.numerator": (
        f"fakturaer for køb uden om systemet, på fakturaens dag. {_GAIN[0]}",
        f"invoices of off-channel purchases, on the invoice's day. {_GAIN[1]}",
    ),
}
"""What counts in a side of a figure: `figure.part`."""

MARKS: dict[str, Pair] = {
    "digital": ("digital", "digital"),
    "mandatory": ("lovpligtig kategori", "mandatory category"),
    "agreement_base": ("kategori eller vare med aftale", "category or item with an agreement"),
    "supplier_compliant": ("aftaleleverandør", "agreed supplier"),
    "item_compliant": ("aftalevare", "agreed item"),
    "uncategorised": ("uden kategori", "without category"),
    "price_complies": ("højst aftalt pris", "at most the agreed price"),
    "price_above": ("over aftalt pris", "above the agreed price"),
}
"""What a line counts in beside its outcome."""
