"""The dashboard of the figures themselves: municipality and departments, as they move."""

from grafana_foundation_sdk.builders.dashboard import CustomVariable, Dashboard
from grafana_foundation_sdk.models.dashboard import VariableOption

from deploy.grafana.frame import dashboard
from deploy.grafana.panels import A_SECOND, KRONER, SHARE, bars, lines, number, rate

WINDOWS = ("day", "7d", "30d", "month", "year", "12m")
SHOWN = "30d"


def compliance() -> Dashboard:
    """Compliance live."""
    made = dashboard(
        "Compliance live", uid="handelspuls-compliance", about="The figures of the municipality and its departments."
    )
    return _composition(_departments(_headline(made.with_variable(_window()))))


def _window() -> CustomVariable:
    chosen = VariableOption(text=SHOWN, value=SHOWN, selected=True)
    return CustomVariable("window").label("Window").values(",".join(WINDOWS)).current(chosen)


def _share(figure: str, level: str = "municipality") -> str:
    return f'handelspuls_rate{{level="{level}", figure="{figure}", window="$window"}}'


def _target(figure: str, level: str = "municipality") -> str:
    return f'handelspuls_target{{level="{level}", figure="{figure}"}}'


def _headline(made: Dashboard) -> Dashboard:
    figures = (
        ("E-handelsgrad", "Catalogue of catalogue and off-channel, by amount.", "e_handelsgrad_amount"),
        ("By count", "The same by number of purchases.", "e_handelsgrad_count"),
        ("Digital rate", "Structured purchases of any kind, by amount: the law's wider term.", "digital_rate_amount"),
        ("Supplier compliance", "C1: bought where an agreement covers supplier and category.", "supplier_compliance"),
        ("Item compliance", "C2: bought what an agreement lists.", "item_compliance"),
        ("Coverage", "Invoices seen, of the ledger's control totals, over 30 days.", "coverage_amount"),
    )
    for title, description, figure in figures:
        made = made.with_panel(number(title, description, SHARE, _share(figure)))
    return made.with_panel(
        lines(
            "E-handelsgrad with its band",
            "By amount. Low and high say what it would be if all that is in review were off-channel or catalogue.",
            SHARE,
            {
                "e-handelsgrad": _share("e_handelsgrad_amount"),
                "low": _share("e_handelsgrad_low_amount"),
                "high": _share("e_handelsgrad_high_amount"),
                "target": _target("e_handelsgrad_amount"),
            },
            width=12,
        )
    ).with_panel(
        lines(
            "What the figures rest on",
            "The share in review; invoices with an order known to us; buyers certified; prices as agreed.",
            SHARE,
            {
                "in review": _share("review_share"),
                "invoices matched": _share("matched"),
                "certified": _share("certified"),
                "prices as agreed": _share("price_compliance"),
            },
            width=12,
        )
    )


def _departments(made: Dashboard) -> Dashboard:
    return (
        made.with_panel(
            bars(
                "Departments",
                "E-handelsgrad by amount.",
                SHARE,
                "{{unit}}",
                f"sort_desc({_share('e_handelsgrad_amount', 'department')})",
                width=8,
            )
        )
        .with_panel(
            lines(
                "Departments over time",
                "E-handelsgrad by amount.",
                SHARE,
                {"{{unit}}": _share("e_handelsgrad_amount", "department")},
            )
        )
        .with_panel(
            bars(
                "Targets of the departments",
                "The target in force for e-handelsgrad by amount.",
                SHARE,
                "{{unit}}",
                f"sort_desc({_target('e_handelsgrad_amount', 'department')})",
                width=8,
            )
        )
    )


def _composition(made: Dashboard) -> Dashboard:
    def kroner(measures: str) -> str:
        return f'handelspuls_amount_ore{{level="municipality", window="$window", measure=~"{measures}"}} / 100'

    return (
        made.with_panel(
            lines(
                "Amounts by outcome",
                "Of the municipality, net of VAT. Excluded amounts are not in the base.",
                KRONER,
                {"{{measure}}": kroner("(catalogue|off_channel|review|excluded)_ore")},
                stacked=True,
            )
        )
        .with_panel(
            lines(
                "Off-channel in two",
                "Avoidable is the unit's to change: a catalogue held it. Uncovered is the procurement office's.",
                KRONER,
                {"{{measure}}": kroner("(avoidable|uncovered)_ore")},
                stacked=True,
            )
        )
        .with_panel(
            lines(
                "Judgements by channel",
                "Revisions a second: how purchases are made at this moment.",
                A_SECOND,
                rate("handelspuls_judgements_total", by="channel"),
                stacked=True,
            )
        )
    )
