"""What all dashboards share: name, time range, the variable that chooses the datasource, links to the others."""

from collections.abc import Iterable, Mapping

from grafana_foundation_sdk.builders.dashboard import (
    AnnotationQuery,
    Dashboard,
    DashboardLink,
    DatasourceVariable,
    Row,
)
from grafana_foundation_sdk.cog.builder import Builder
from grafana_foundation_sdk.models.dashboard import DashboardCursorSync, DashboardLinkType, Panel

from deploy.grafana.panels import SOURCE

TAG = "handelspuls"

Panels = Iterable[Builder[Panel]]


EVENTS = {
    "Reference or ruleset": ("blue", 'max(changes(handelspuls_reference_number{job="worker"}[$__interval])) > 0'),
    "Release": ("purple", "count by (version) (handelspuls_release unless handelspuls_release offset 5m)"),
    "Month frozen": ("green", "changes(handelspuls_reported_until_seconds[$__interval]) > 0"),
    "Rebalance": ("orange", "max by (table) (changes(handelspuls_partitions_open[$__interval])) > 0"),
}
"""What is marked on every course: its name, colour and when it happens."""


def dashboard(title: str, *, uid: str, about: str, rooms: Mapping[str, Panels]) -> Dashboard:
    """A dashboard in the house's frame: the panels below the name of their room, where it has one."""
    made = _frame(title).uid(uid).description(about)
    for room, panels in rooms.items():
        made = made.with_row(Row(room)) if room else made
        for panel in panels:
            made = made.with_panel(panel)
    return made


def _frame(title: str) -> Dashboard:
    others = DashboardLink(TAG).type(DashboardLinkType.DASHBOARDS).tags([TAG]).include_vars(include_vars=True)
    made = (
        Dashboard(f"handelspuls: {title}")
        .tags([TAG])
        .timezone("Europe/Copenhagen")
        .time("now-1h", "now")
        .refresh("5s")
        .tooltip(DashboardCursorSync.CROSSHAIR)
        .readonly()
        .link(others.as_dropdown(as_dropdown=False).keep_time(keep_time=True))
        .with_variable(DatasourceVariable("datasource").label("Prometheus").type("prometheus"))
    )
    for name, (colour, expression) in EVENTS.items():
        made = made.annotation(AnnotationQuery().name(name).datasource(SOURCE).icon_color(colour).expr(expression))
    return made
