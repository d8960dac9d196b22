"""What the conditions of rules mean, in the words of a procurement office."""

import inspect

from models.rules.condition import Condition
from models.rules.predicates import PREDICATES
from sinks.web.language import Language
from sinks.web.words import STATED

DANISH: dict[str, str] = {
    "always": "Gælder for alle linjer",
    "is_refund": "Kreditnotaen krediterer intet kendt indkøb",
    "category_starts_with": "Linjens kategori begynder med en af disse koder",
    "supplier_is_excluded": "Leverandøren står i stamdata som undtaget",
    "account_is_excluded": "Kontoen står i stamdata som undtaget",
    "is_order_agreement": "Dokumentet gengiver et køb, der er gjort et andet sted: Peppol-profil 42 eller OIOUBL's OrdSel",
    "ordered_after_the_fact": "Ordren er oprettet flere dage efter den første faktura eller levering, end der gives henstand",
    "stated_channel_in": "ERP-systemet oplyser en af disse kanaler",
    "stated_off_channel": "ERP-systemet oplyser en kanal uden om katalogerne",
    "external_channel_covers": "En registreret og attesteret digital kanal dækker leverandør og kategori den dag",
    "item_in_catalogue": "Linjen svarer til en vare, der den dag kan bestilles i leverandørens katalog",
    "agreement_covers": "En af leverandørens aftaler, gældende den dag, nævner varen eller dækker kategorien",
    "supplier_has_agreement": "Leverandøren har en aftale den dag, uanset hvad den dækker",
    "supplier_has_no_catalogue": "Ingen af leverandørens kataloger er indlæst den dag",
    "punched_out": "Der er henvist til en punch-out hos en leverandør, som er registreret til det",
    "agreement_on_punch_out": "En aftale dækker linjen; er hverken vare eller kategori kendt, en hvilken som helst af leverandørens",
    "on_standing_order": "Et træk på en registreret fast ordre for leverandør og enhed, gældende den dag",
    "without_item_and_catalogue": "Linjen har intet brugbart varenummer og nævner intet katalog",
    "order_is_named": "Fakturaen nævner en ordre, som ikke er kendt her",
    "order_is_before_our_time": "Fakturaen nævner en ordre fra før kilden begyndte at sende sine ordrer",
}
KINDS = {
    "order": ("ordrer", "orders"),
    "invoice": ("fakturaer uden kendt ordre", "invoices without an order known to us"),
    "refund": ("kreditnotaer uden et indkøb, de krediterer", "credit notes without a purchase that they credit"),
}
FROM_THE_CASE = {
    "stated": ("den kanal, som ERP-systemet oplyser", "the channel that the ERP states"),
    "excluded": ("undtagelsens kanal", "the exclusion's channel"),
}
"""Channels that a rule takes from what it judges."""


def condition_words(condition: Condition, language: Language) -> str:
    """One condition with its rule's own parameters."""
    danish = language is Language.DANISH
    said = DANISH.get(condition.predicate) if danish else None
    said = said or " ".join((inspect.getdoc(PREDICATES[condition.predicate]) or "").split()).rstrip(".")
    given = "; ".join(
        f"{_name(name)}{_values(name, values, danish=danish)}" for name, values in condition.parameters.items()
    )
    return f"{said}: {given}" if given else said


def _values(parameter: str, values: list[str], *, danish: bool) -> str:
    if parameter != "channels":
        return ", ".join(values)
    return ", ".join(STATED[each][0 if danish else 1] if each in STATED else each for each in values)


def _name(parameter: str) -> str:
    return f"{parameter.upper()} " if parameter in {"unspsc", "cpv"} else ""
