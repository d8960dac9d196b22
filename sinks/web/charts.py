"""The charts' options for ECharts, in the page's colours; no text from outside ever becomes markup in them."""

from typing import Any

from sinks.web import format as formats
from sinks.web.language import Language
from sinks.web.queries.course import Month
from sinks.web.queries.figures import Target
from sinks.web.texts import Texts

_INK = "var(--ink)"
_MUTED = "var(--muted)"
_LINE = "var(--line)"
_ACCENT = "var(--accent)"
_BAND = "var(--band)"
_FONT = "inherit"


def course_options(months: list[Month], target: Target | None, *, language: Language, texts: Texts) -> dict[str, Any]:
    """Thirteen months with the review band behind and the target across; the last, unfinished month is hollow."""
    axis = [formats.month(month.month, language).replace(formats.HARD_SPACE, "\n") for month in months]
    lows = [_percent(month.low) for month in months]
    width = [_percent(None if m.low is None or m.high is None else m.high - m.low) for m in months]
    return {
        "animation": False,
        "textStyle": {"fontFamily": _FONT, "fontSize": 13},
        "grid": {"left": 4, "right": 22, "top": 28, "bottom": 4, "containLabel": True},
        "tooltip": _tooltip(),
        "xAxis": {
            "type": "category",
            "data": axis,
            "boundaryGap": False,
            "axisLine": {"lineStyle": {"color": _LINE}},
            "axisTick": {"show": False},
            "axisLabel": {"color": _MUTED, "lineHeight": 17, "hideOverlap": True, "margin": 12},
        },
        "yAxis": {
            "type": "value",
            "min": 0,
            ":max": "value => Math.min(100, Math.ceil((value.max + 5) / 20) * 20)",
            "interval": 20,
            "axisLabel": {"color": _MUTED, "formatter": "{value} %" if language is Language.DANISH else "{value}%"},
            "splitLine": {"lineStyle": {"color": _LINE}},
        },
        "series": [
            _band(lows, None, ""),
            _band(width, _BAND, texts("review_band")),
            _rate_line(months, target, language=language, texts=texts),
        ],
    }


def course_sentence(months: list[Month], *, language: Language, texts: Texts) -> str:
    """The chart in words."""
    known = [month for month in months if month.rate is not None]
    if not known:
        return texts("no_figures")
    first, last = known[0], known[-1]
    days = (formats.month(first.month, language), formats.month(last.month, language))
    return texts("course_alt", *days, formats.percent(first.rate, language), formats.percent(last.rate, language))


def _percent(fraction: float | None) -> float | None:
    return None if fraction is None else round(fraction * 100, 2)


def _tooltip() -> dict[str, Any]:
    """Drawn, not written as HTML."""
    return {
        "trigger": "axis",
        "renderMode": "richText",
        "backgroundColor": "var(--card)",
        "borderColor": _LINE,
        "textStyle": {"color": _INK, "fontSize": 13},
        "axisPointer": {"lineStyle": {"color": _MUTED}},
    }


def _band(values: list[float | None], colour: str | None, name: str) -> dict[str, Any]:
    return {
        "name": name,
        "type": "line",
        "stack": "band",
        "data": values,
        "symbol": "none",
        "silent": True,
        "lineStyle": {"opacity": 0},
        "areaStyle": {"color": colour, "opacity": 0.55} if colour else {"opacity": 0},
        "tooltip": {"show": False},
    }


def _rate_line(months: list[Month], target: Target | None, *, language: Language, texts: Texts) -> dict[str, Any]:
    data: list[Any] = [_percent(month.rate) for month in months]
    data[-1] = {"value": data[-1], "itemStyle": {"color": "var(--card)", "borderColor": _ACCENT, "borderWidth": 2}}
    line: dict[str, Any] = {
        "name": texts("rate"),
        "type": "line",
        "data": data,
        "symbol": "circle",
        "symbolSize": 8,
        "itemStyle": {"color": _ACCENT},
        "lineStyle": {"color": _ACCENT, "width": 3},
        "tooltip": {":valueFormatter": _value_formatter(language)},
    }
    return line if target is None else {**line, "markLine": _target_line(target, language=language, texts=texts)}


def _target_line(target: Target, *, language: Language, texts: Texts) -> dict[str, Any]:
    return {
        "silent": True,
        "symbol": "none",
        "lineStyle": {"color": _INK, "type": [5, 5], "width": 1.5},
        "label": {
            "position": "insideStartTop",
            "color": _INK,
            "formatter": texts("target_is", formats.percent(target.target, language)),
        },
        "data": [{"yAxis": _percent(target.target)}],
    }


def _value_formatter(language: Language) -> str:
    locale, unit = ("da-DK", "\u00a0%") if language is Language.DANISH else ("en-GB", "%")
    digits = "{minimumFractionDigits: 1, maximumFractionDigits: 1}"
    return f"value => value == null ? '–' : value.toLocaleString('{locale}', {digits}) + '{unit}'"
