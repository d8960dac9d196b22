"""The words for every code that a reader meets: outcomes, channels, reasons, levels, windows, rejection codes, flags."""

from collections.abc import Mapping

from models.judgement import Marks
from models.vocabulary import Channel, Outcome, RejectionCode, StatedChannel
from sinks.web.figure_words import FIGURES, MARKS, SIDES, Pair
from sinks.web.language import Language

OUTCOMES: dict[str, Pair] = {
    Outcome.CATALOGUE: ("Kataloghandel", "Catalogue e-trade"),
    Outcome.OFF_CHANNEL: ("Uden om systemet", "Off-channel"),
    Outcome.EXCLUDED: ("Holdt udenfor", "Excluded"),
    Outcome.REVIEW: ("Til gennemsyn", "In review"),
    Outcome.VOID: ("Annulleret", "Void"),
}

CHANNELS: dict[str, Pair] = {
    Channel.OWN_CATALOGUE: ("Eget katalog", "Own catalogue"),
    Channel.PUNCH_OUT: ("Punch-out", "Punch-out"),
    Channel.STANDING_ORDER: ("Fast ordre", "Standing order"),
    Channel.FREE_TEXT: ("Fritekst", "Free text"),
    Channel.PHONE: ("Telefon", "Phone"),
    Channel.EMAIL: ("E-mail", "Email"),
    Channel.WEB_SHOP: ("Webshop", "Web shop"),
    Channel.STORE: ("Butik", "Store"),
    Channel.CARD: ("Betalingskort", "Payment card"),
    Channel.EXTERNAL_DIGITAL: ("Ekstern digital kanal", "External digital channel"),
    Channel.NO_ORDER: ("Uden ordre", "No order"),
    Channel.RETROACTIVE: ("Bestilt bagefter", "Ordered afterwards"),
    Channel.UNKNOWN: ("Ukendt kanal", "Unknown channel"),
    Channel.TAX_OR_DUTY: ("Skat eller afgift", "Tax or duty"),
    Channel.CONSTRUCTION: ("Anlæg og byggeri", "Construction"),
    Channel.INTER_MUNICIPAL: ("Mellemkommunal", "Inter-municipal"),
    Channel.UTILITIES: ("Forsyning", "Utilities"),
    Channel.RENT: ("Husleje", "Rent"),
    Channel.GRANT: ("Tilskud", "Grant"),
    Channel.REFUND: ("Refusion", "Refund"),
    Channel.FINANCE: ("Finansielle ydelser", "Finance"),
    Channel.PUBLIC_BODY: ("Offentlig myndighed", "Public body"),
    Channel.INTERNAL: ("Intern handel", "Internal"),
    Channel.REVIEW: ("Til gennemsyn", "In review"),
    Channel.VOID: ("Annulleret", "Void"),
}

REJECTIONS: dict[str, Pair] = {
    RejectionCode.EMPTY: ("Tom besked", "Empty message"),
    RejectionCode.NULL_KEY: ("Nøgle mangler", "Key is missing"),
    RejectionCode.TOO_LARGE: ("For stor", "Too large"),
    RejectionCode.TOO_MANY_LINES: ("For mange linjer", "Too many lines"),
    RejectionCode.TOO_DEEP: ("For dybt indlejret", "Nested too deeply"),
    RejectionCode.NOT_TEXT: ("Ikke læsbar tekst", "Not readable text"),
    RejectionCode.NOT_JSON: ("Ikke JSON", "Not JSON"),
    RejectionCode.NOT_XML: ("Ikke XML", "Not XML"),
    RejectionCode.FORBIDDEN_XML: ("XML med forbudt indhold", "XML with forbidden content"),
    RejectionCode.UNKNOWN_TYPE: ("Ukendt type", "Unknown type"),
    RejectionCode.MISSING_FIELD: ("Felt mangler", "Field is missing"),
    RejectionCode.WRONG_TYPE: ("Forkert datatype", "Wrong type"),
    RejectionCode.BAD_VALUE: ("Ugyldig værdi", "Invalid value"),
    RejectionCode.OUT_OF_RANGE: ("Uden for det tilladte", "Out of range"),
    RejectionCode.DUPLICATE_LINE: ("Linje gentaget", "Line repeated"),
    RejectionCode.NEGATIVE_TOTAL: ("Negativ ordresum", "Negative order total"),
    RejectionCode.IN_THE_FUTURE: ("Dateret i fremtiden", "Dated in the future"),
    RejectionCode.MISROUTED: ("Sendt forkert", "Misrouted"),
    RejectionCode.INTERNAL_ERROR: ("Intern fejl", "Internal error"),
}

LEVELS: dict[str, Pair] = {
    "municipality": ("Kommune", "Municipality"),
    "department": ("Forvaltning", "Department"),
    "area": ("Område", "Area"),
    "institution": ("Institution", "Institution"),
    "unassigned": ("Uden kendt enhed", "Unassigned"),
}

LEVELS_PLURAL: dict[str, Pair] = {
    "department": ("Forvaltninger", "Departments"),
    "area": ("Områder", "Areas"),
    "institution": ("Institutioner", "Institutions"),
}

WINDOWS: dict[str, Pair] = {
    "day": ("I dag", "Today"),
    "7d": ("7 dage", "7 days"),
    "30d": ("30 dage", "30 days"),
    "month": ("Måneden", "Month"),
    "year": ("Året", "Year"),
    "12m": ("12 måneder", "12 months"),
}

KINDS: dict[str, Pair] = {
    "order": ("Indkøbsordre", "Order"),
    "frame": ("Rammeordre", "Frame order"),
    "refund": ("Kreditnota", "Credit note"),
    "credit_note": ("Kreditnota", "Credit note"),
    "frame_invoice": ("Faktura på rammeordre", "Invoice on a frame order"),
    "invoice": ("Faktura", "Invoice"),
}

REASONS: dict[str, Pair] = {
    "decided": ("Afgjort af en person", "Decided by a person"),
    "no_order_named": ("Fakturaen nævner ingen ordre", "The invoice names no order"),
    "order_not_seen": ("Den nævnte ordre er ikke set", "The order it names was not seen"),
    "order_before_start": ("Ordren er fra før kildens start", "The order is from before the source's start"),
    "cancelled": ("Annulleret", "Cancelled"),
    "no_lines": ("Ingen linjer tilbage", "No lines left"),
    "absorbed": ("Hører til en anden ordre eller faktura", "Belongs to another order or invoice"),
    "void": ("Annulleret", "Void"),
}
"""Reasons that no rule of a ruleset names; the ruleset brings the words for its own."""

CAUSES: dict[str, Pair] = {
    "order.placed": ("Ordre afgivet", "Order placed"),
    "order.changed": ("Ordre ændret", "Order changed"),
    "order.cancelled": ("Ordre annulleret", "Order cancelled"),
    "invoice.received": ("Faktura modtaget", "Invoice received"),
    "invoice.cancelled": ("Faktura annulleret", "Invoice cancelled"),
    "credit_note.received": ("Kreditnota modtaget", "Credit note received"),
    "credit_note.cancelled": ("Kreditnota annulleret", "Credit note cancelled"),
    "decision.made": ("Afgørelse truffet", "Decision made"),
    "decision.withdrawn": ("Afgørelse trukket tilbage", "Decision withdrawn"),
    "reference.changed": ("Stamdata rettet", "Reference data changed"),
    "document": ("Dokument modtaget", "Document received"),
}

FLAGS: dict[str, Pair] = {
    "unit_unknown": ("Enheden er ukendt", "The unit is unknown"),
    "supplier_unknown": ("Leverandøren er ukendt", "The supplier is unknown"),
    "no_rate": ("Valutakurs mangler", "No exchange rate"),
    "other_supplier": ("Faktura fra en anden leverandør", "Invoice of another supplier"),
    "possible_double": ("Måske dobbelt", "Possibly a double"),
    "version_conflict": ("Samme version, andet indhold", "Same version, other content"),
    "credited": ("Krediteret", "Credited"),
    "credited_to_zero": ("Krediteret helt", "Credited to zero"),
    "credit_excess": ("Krediteret mere end købt", "Credited more than was bought"),
    "frame": ("Rammeordre", "Frame order"),
    "decided": ("Afgjort af en person", "Decided by a person"),
    "decided_on_older_version": ("Afgjort på en ældre version", "Decided on an older version"),
}

EVIDENCE: dict[str, Pair] = {
    "account": ("Konto", "Account"),
    "account_row": ("Kontoens række", "Account row"),
    "agreement": ("Aftale", "Agreement"),
    "agreement_named": ("Nævnt aftale", "Agreement named"),
    "billed_again_ore": ("Krediteret og faktureret igen (øre)", "Credited and billed again (øre)"),
    "catalogue": ("Katalog", "Catalogue"),
    "catalogue_named": ("Nævnt katalog", "Catalogue named"),
    "category": ("Kategori", "Category"),
    "channel": ("Kanal", "Channel"),
    "credit_excess_ore": ("For meget krediteret (øre)", "Credited in excess (øre)"),
    "decided_at": ("Afgjort den", "Decided at"),
    "decided_by": ("Afgjort af", "Decided by"),
    "decision": ("Afgørelse", "Decision"),
    "excluded_prefix": ("Undtaget kategori", "Excluded category"),
    "exclusion": ("Undtagelse", "Exclusion"),
    "external_channel": ("Ekstern kanal", "External channel"),
    "gtin": ("GTIN", "GTIN"),
    "item": ("Vare", "Item"),
    "kind": ("Art", "Kind"),
    "order": ("Ordre", "Order"),
    "order_named": ("Nævnt ordre", "Order named"),
    "ordered_on": ("Bestilt", "Ordered on"),
    "orders_from": ("Ordrer sendes fra", "Orders sent from"),
    "profile": ("Dokumentprofil", "Document profile"),
    "punch_out": ("Punch-out", "Punch-out"),
    "requisition": ("Rekvisition", "Requisition"),
    "seen_by": ("Set på", "Seen by"),
    "seen_on": ("Set den", "Seen on"),
    "standing_order": ("Fast ordre", "Standing order"),
    "standing_order_named": ("Nævnt fast ordre", "Standing order named"),
    "frame": ("Rammeordre", "Frame order"),
    "stated_channel": ("Oplyst kanal", "Stated channel"),
    "verdict": ("Afgjort ved", "Decided by"),
    "supplier": ("Leverandør", "Supplier"),
}

STATED: dict[str, Pair] = {
    **{channel: CHANNELS[channel] for channel in StatedChannel if channel in CHANNELS},
    StatedChannel.CATALOGUE: ("Katalog", "Catalogue"),
}
VALUES: dict[str, dict[str, Pair]] = {
    "stated_channel": STATED,
    "exclusion": CHANNELS,
    "kind": {"credit_note": ("Kreditnota", "Credit note")},
    "catalogue": {"none": ("intet er indlæst", "none is held")},
    "seen_by": {"delivered_on": ("ordrens leveringsdag", "the order's own day of delivery")},
    "verdict": {"decision": ("en persons afgørelse", "a person's decision")},
}
"""What the codes within a piece of evidence mean."""
TABLES: dict[str, Pair] = {
    "accounts": ("Konto", "Account"),
    "agreements": ("Aftale", "Agreement"),
    "catalogue": ("Katalog", "Catalogue"),
    "external_channels": ("Ekstern digital kanal", "External digital channel"),
    "standing_orders": ("Fast ordre", "Standing order"),
    "suppliers": ("Leverandør", "Supplier"),
}

UNRANKED: dict[str, Pair] = {
    "few": ("For få indkøb", "Too few purchases"),
    "review": ("For meget til gennemsyn", "Too much in review"),
    "coverage": ("For lav dækning af regnskabet", "Coverage of the ledger too low"),
    "empty": ("Ingen handel i perioden", "No trade in the period"),
}

REJECTION_STATES: dict[str, Pair] = {
    "open": ("Åben", "Open"),
    "resent": ("Sendt igen", "Sent again"),
    "given_up": ("Opgivet", "Given up"),
}
ALERTS: dict[str, Pair] = {
    "crossed": ("Faldet under målet", "Fell below the target"),
    "ended": ("Nået målet igen", "Back at the target"),
    "over": ("Målet gælder ikke mere", "The target is over"),
    "unknown": ("Indkøb fra ukendte enheder", "Purchases of unknown units"),
    "known": ("Alle enheder er kendt igen", "All units are known again"),
}

SETS: dict[str, dict[str, Pair]] = {
    "outcome": OUTCOMES,
    "channel": CHANNELS,
    "rejection": REJECTIONS,
    "level": LEVELS,
    "levels": LEVELS_PLURAL,
    "window": WINDOWS,
    "kind": KINDS,
    "reason": REASONS,
    "cause": CAUSES,
    "figure": FIGURES,
    "side": SIDES,
    "flag": FLAGS,
    "evidence": EVIDENCE,
    "table": TABLES,
    "unranked": UNRANKED,
    "alert": ALERTS,
    "rejection_state": REJECTION_STATES,
}


class Words:
    """The words of one language: `word("phone", "channel")`."""

    def __init__(self, *, language: Language, reasons: Mapping[str, Pair]) -> None:
        self._place = 0 if language is Language.DANISH else 1
        self._sets: dict[str, Mapping[str, Pair]] = {**SETS, "reason": {**REASONS, **reasons}}

    def evidence(self, name: str, value: str) -> str:
        """What a piece of evidence says, in words where it is a code."""
        pair = VALUES.get(name, {}).get(value)
        if pair is not None:
            return pair[self._place]
        if name == "seen_by" and value.startswith("invoice "):
            return value if self._place else value.replace("invoice", "faktura", 1)
        return value

    def marks(self, marks: Marks) -> str:
        """What a line counts in beside its outcome, in words."""
        held = [name for name in Marks.__struct_fields__ if getattr(marks, name)]
        codes = [*held, "price_above"] if marks.price_complies is False else held
        return ", ".join(MARKS[code][self._place] for code in codes)

    def __call__(self, code: str, closed_set: str) -> str:
        """A code that came later than this page is shown as itself, readable."""
        pair = self._sets[closed_set].get(code)
        return code.replace("_", " ") if pair is None else pair[self._place]
