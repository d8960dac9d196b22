"""The dashboard of the figures themselves: municipality and departments, as they move."""

from grafana_foundation_sdk.builders.dashboard import CustomVariable, Dashboard
from grafana_foundation_sdk.models.dashboard import VariableOption

from deploy.grafana.frame import Panels, dashboard
from deploy.grafana.panels import A_SECOND, KRONER, SHARE, bars, lines, number, rate

WINDOWS = ("day", "7d", "30d", "month", "year", "12m")
SHOWN = "30d"
HEADLINE = "e_handelsgrad_amount"

NUMBERS = (
    ("E-handelsgrad", "Catalogue of catalogue and off-channel, by amount.", HEADLINE),
    ("By count", "The same by number of purchases.", "e_handelsgrad_count"),
    ("Digital rate", "Structured purchases of any kind, by amount: the law's wider term.", "digital_rate_amount"),
    ("Supplier compliance", "C1: bought where an agreement covers supplier and category.", "supplier_compliance"),
    ("Item compliance", "C2: bought what an agreement lists.", "item_compliance"),
    ("Coverage", "Invoices seen, of the ledger's control totals, over 30 days.", "coverage_amount"),
)


def compliance() -> Dashboard:
    """Compliance live."""
    rooms = {"": [*_numbers(), *_courses()], "Departments": _departments(), "What is bought how": _composition()}
    about = "The figures of the municipality and its departments."
    made = dashboard("Compliance live", uid="handelspuls-compliance", about=about, rooms=rooms)
    return made.with_variable(_window())


def _window() -> CustomVariable:
    chosen = VariableOption(text=SHOWN, value=SHOWN, selected=True)
    return CustomVariable("window").label("Window").values(",".join(WINDOWS)).current(chosen)


def _share(figure: str, level: str = "municipality") -> str:
    return f'handelspuls_rate{{level="{level}", figure="{figure}", window="$window"}}'


def _target(level: str = "municipality") -> str:
    return f'handelspuls_target{{level="{level}", figure="{HEADLINE}"}}'


def _kroner(measures: str) -> str:
    amounts = f'handelspuls_amount_ore{{level="municipality", window="$window", measure=~"({measures})_ore"}} / 100'
    return f'label_replace({amounts}, "measure", "$1", "measure", "(.+)_ore")'


def _named(expression: str) -> str:
    """With the unit's name as a label."""
    return f"({expression}) * on (unit) group_left (name) max by (unit, name) (handelspuls_unit_info)"


def _numbers() -> Panels:
    for title, description, figure in NUMBERS:
        yield number(title, description, SHARE, _share(figure))


def _courses() -> Panels:
    band = {
        "e-handelsgrad": _share(HEADLINE),
        "low": _share("e_handelsgrad_low_amount"),
        "high": _share("e_handelsgrad_high_amount"),
        "target": _target(),
    }
    low_and_high = "By amount. Low and high: what it would be if all in review were off-channel, or catalogue."
    yield lines("E-handelsgrad with its band", low_and_high, SHARE, band, width=12)
    grounds = {
        "in review": _share("review_share"),
        "invoices matched": _share("matched"),
        "certified": _share("certified"),
        "prices as agreed": _share("price_compliance"),
    }
    rests = "The share in review; invoices with an order known to us; buyers certified; prices as agreed."
    yield lines("What the figures rest on", rests, SHARE, grounds, width=12)


def _departments() -> Panels:
    by_amount = "E-handelsgrad by amount."
    shares = _named(_share(HEADLINE, "department"))
    yield bars("Departments", by_amount, SHARE, "{{name}}", f"sort_desc({shares})", width=8)
    yield lines("Departments over time", by_amount, SHARE, {"{{name}}": shares})
    targets = "The target in force for e-handelsgrad by amount."
    set_for_each = f"sort_desc({_named(_target('department'))})"
    yield bars("Targets of the departments", targets, SHARE, "{{name}}", set_for_each, width=8)
    distance = _named('handelspuls:target_distance{level="department"}')
    how_far = "From each target in force, over 30 days, the furthest below first."
    yield bars("Distance to the target", how_far, SHARE, "{{name}} {{figure}}", f"sort({distance})", full=None)
    crossed = _named("handelspuls:target_distance < 0 and max_over_time(handelspuls:target_distance[1d]) >= 0")
    lately = "Who was at its target within a day and is below it now: nothing is shown when nobody is."
    yield bars("Newest alerts", lately, SHARE, "{{name}} {{figure}}", crossed, full=None)


def _composition() -> Panels:
    outcomes = {"{{measure}}": _kroner("catalogue|off_channel|review|excluded")}
    net = "Of the municipality, net of VAT. Excluded amounts are not in the base."
    yield lines("Amounts by outcome", net, KRONER, outcomes, stacked=True)
    in_two = {"{{measure}}": _kroner("avoidable|uncovered")}
    whose = "Avoidable is the unit's to change: a catalogue held it. Uncovered is the procurement office's."
    yield lines("Off-channel in two", whose, KRONER, in_two, stacked=True)
    channels = rate("handelspuls_judgements_total", by="channel")
    at_this_moment = "Revisions a second: how purchases are made at this moment."
    yield lines("Judgements by channel", at_this_moment, A_SECOND, channels)
