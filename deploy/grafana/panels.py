"""The look of a panel: one place for datasource, legend, colours and sizes."""

from collections.abc import Mapping, Sequence
from string import ascii_uppercase

from grafana_foundation_sdk.builders import bargauge, heatmap, stat, timeseries
from grafana_foundation_sdk.builders.common import (
    ReduceDataOptions,
    StackingConfig,
    VizLegendOptions,
    VizTooltipOptions,
)
from grafana_foundation_sdk.builders.dashboard import ThresholdsConfig
from grafana_foundation_sdk.builders.prometheus import Dataquery
from grafana_foundation_sdk.models.common import (
    BigValueGraphMode,
    LegendDisplayMode,
    LegendPlacement,
    SortOrder,
    StackingMode,
    TooltipDisplayMode,
    VizOrientation,
)
from grafana_foundation_sdk.models.dashboard import DataSourceRef, Threshold, ThresholdsMode
from grafana_foundation_sdk.models.prometheus import PromQueryFormat

SOURCE = DataSourceRef(type_val="prometheus", uid="${datasource}")

SHARE = "percentunit"
SECONDS = "s"
KRONER = "currencyDKK"
COUNT = "short"
RECORDS = "suffix: records"
A_SECOND = "suffix: /s"

Steps = Sequence[tuple[float | None, str]]
PLAIN: Steps = ((None, "blue"),)
GOOD: Steps = ((None, "green"),)
ZERO_IS_GOOD: Steps = ((None, "red"), (0, "green"), (1, "red"))

_HEIGHT, _LOW = 8, 5


def lines(
    title: str,
    description: str,
    unit: str,
    queries: Mapping[str, str],
    *,
    width: int = 8,
    stacked: bool = False,
    low: float | None = 0,
) -> timeseries.Panel:
    """A course over time; `queries` maps a legend to its expression."""
    panel = timeseries.Panel().title(title).description(description).unit(unit).datasource(SOURCE)
    panel = panel if low is None else panel.min(low)
    panel = panel.span(width).height(_HEIGHT).line_width(1).fill_opacity(30 if stacked else 5)
    panel = panel.legend(_legend()).tooltip(_tooltip())
    if stacked:
        panel = panel.stacking(StackingConfig().mode(StackingMode.NORMAL).group("A"))
    for place, (legend, expression) in enumerate(queries.items()):
        panel = panel.with_target(_query(legend, expression, ref_id=ascii_uppercase[place]))
    return panel


def number(
    title: str, description: str, unit: str, expression: str, *, width: int = 4, steps: Steps = PLAIN
) -> stat.Panel:
    """One figure as it is now, with its course behind it."""
    panel = stat.Panel().title(title).description(description).unit(unit).datasource(SOURCE)
    panel = panel.span(width).height(_LOW).graph_mode(BigValueGraphMode.AREA).thresholds(_thresholds(steps))
    return panel.reduce_options(_last()).with_target(_query(title, expression))


def bars(
    title: str,
    description: str,
    unit: str,
    legend: str,
    expression: str,
    *,
    width: int = 12,
    full: float | None = 1,
) -> bargauge.Panel:
    """One bar a series, as it is now; of a share, the bar's full length is 100 %, or open."""
    panel = bargauge.Panel().title(title).description(description).unit(unit).datasource(SOURCE)
    panel = panel.span(width).height(_HEIGHT).orientation(VizOrientation.HORIZONTAL)
    if full is not None:
        panel = panel.min(0)
    if unit in {RECORDS, COUNT}:
        panel = panel.decimals(0)  # growth is extrapolated to the range's ends
    if unit == SHARE and full is not None:
        panel = panel.max(full)
    panel = panel.thresholds(_thresholds(PLAIN)).reduce_options(_last())
    return panel.with_target(_query(legend, expression).instant())


def heat(title: str, description: str, histogram: str, *, width: int = 12) -> heatmap.Panel:
    """How the values of a histogram spread over time."""
    panel = heatmap.Panel().title(title).description(description).unit(SECONDS).datasource(SOURCE)
    buckets = f"sum by (le) (rate({histogram}_bucket[$__rate_interval]))"
    query = _query("{{le}}", buckets).format(PromQueryFormat.HEATMAP)
    return panel.span(width).height(_HEIGHT).calculate(calculate=False).with_target(query)


def quantiles(histogram: str, *, by: str = "", of: Sequence[float] = (0.5, 0.99)) -> dict[str, str]:
    """Legend and expression of a histogram's quantiles, `by` a label if one is named."""
    labels, shown = ("le", "") if not by else (f"le, {by}", f" {{{{{by}}}}}")
    rates = f"sum by ({labels}) (rate({histogram}_bucket[$__rate_interval]))"
    return {f"p{quantile * 100:g}{shown}": f"histogram_quantile({quantile}, {rates})" for quantile in of}


def rate(counter: str, *, by: str) -> dict[str, str]:
    """Legend and expression of a counter's growth a second, by labels separated by commas."""
    shown = " ".join(f"{{{{{label.strip()}}}}}" for label in by.split(","))
    return {shown: f"sum by ({by}) (rate({counter}[$__rate_interval]))"}


def _query(legend: str, expression: str, *, ref_id: str = "A") -> Dataquery:
    return Dataquery().datasource(SOURCE).expr(expression).legend_format(legend).ref_id(ref_id)


def _legend() -> VizLegendOptions:
    return (
        VizLegendOptions()
        .display_mode(LegendDisplayMode.LIST)
        .placement(LegendPlacement.BOTTOM)
        .show_legend(show_legend=True)
    )


def _tooltip() -> VizTooltipOptions:
    return VizTooltipOptions().mode(TooltipDisplayMode.MULTI).sort(SortOrder.DESCENDING)


def _thresholds(steps: Steps) -> ThresholdsConfig:
    made = [Threshold(value=value, color=colour) for value, colour in steps]
    return ThresholdsConfig().mode(ThresholdsMode.ABSOLUTE).steps(made)


def _last() -> ReduceDataOptions:
    return ReduceDataOptions().calcs(["lastNotNull"]).values(values=False)
