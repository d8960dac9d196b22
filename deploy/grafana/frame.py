"""What all dashboards share: name, time range, the variable that chooses the datasource, links to the others."""

from grafana_foundation_sdk.builders.dashboard import Dashboard, DashboardLink, DatasourceVariable
from grafana_foundation_sdk.models.dashboard import DashboardCursorSync, DashboardLinkType

TAG = "handelspuls"


def dashboard(title: str, *, uid: str, about: str) -> Dashboard:
    """An empty dashboard in the house's frame."""
    others = DashboardLink(TAG).type(DashboardLinkType.DASHBOARDS).tags([TAG]).include_vars(include_vars=False)
    return (
        Dashboard(f"handelspuls: {title}")
        .uid(uid)
        .description(about)
        .tags([TAG])
        .timezone("Europe/Copenhagen")
        .time("now-1h", "now")
        .refresh("5s")
        .tooltip(DashboardCursorSync.CROSSHAIR)
        .readonly()
        .link(others.as_dropdown(as_dropdown=False).keep_time(keep_time=True))
        .with_variable(DatasourceVariable("datasource").label("Prometheus").type("prometheus"))
    )
