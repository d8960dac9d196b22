"""How every page is laid out and kept up to date: frame, sections, and a frequent look for something newer."""

from collections.abc import Callable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Generic, TypeVar

from fastapi import HTTPException, Request
from nicegui import ui
from nicegui.translations import translations
from sqlalchemy import Connection

from sinks.web.language import COOKIE, Language, chosen
from sinks.web.links import with_query
from sinks.web.live import DatabaseAwayError
from sinks.web.site import NotThereError, Site

View = TypeVar("View")
LOOK_EVERY_S = 0.5
_HEAD = """<link rel="stylesheet" href="{stylesheet}"><link rel="icon" href="/assets/favicon.svg">
<script src="/assets/page.js" defer></script>"""


# The framework says these itself when the connection is gone; it has no Danish of its own.
translations["da"] = {
    "connection_lost": "Forbindelsen er væk.",
    "trying_to_reconnect": "Prøver at forbinde igen …",
    "message_too_long": "Beskeden er for lang",
    "message_too_long_body": "Beskeden er for stor til at blive sendt.",
}


@dataclass(frozen=True)
class Visit:
    """Who looks at what: language, path and the parameters that differ from their defaults."""

    language: Language
    path: str
    kept: Mapping[str, Any]

    @property
    def address(self) -> str:
        return with_query(self.path, self.kept)

    def again(self, **changes: Any) -> str:
        """The same page with other parameters."""
        return with_query(self.path, {**self.kept, **changes})


def visit_of(request: Request, site: Site, kept: Mapping[str, Any]) -> Visit:
    """Read the visit from a request."""
    language = chosen(request.cookies.get(COOKIE), site.language)
    return Visit(language=language, path=request.url.path, kept=kept)


@dataclass(frozen=True)
class Chart(Generic[View]):
    """A drawing inside of a section: its options, and the same in words."""

    options: Callable[[View], dict[str, Any]]
    words: Callable[[View], str]


@dataclass(frozen=True)
class Section(Generic[View]):
    """A part of a page that is replaced as a whole when its content changes."""

    name: str
    above: str | None = None
    chart: Chart[View] | None = None
    template: str | None = None
    spaced: bool = True


@dataclass
class _Drawn:
    """What is on the screen of one section, so that only changes travel."""

    texts: dict[str, ui.html] = field(default_factory=dict)
    chart: ui.echart | None = None
    frame: ui.element | None = None


@dataclass(frozen=True)
class Page(Generic[View]):
    """A page: how its view is gathered, and the sections that show it."""

    place: str
    gather: Callable[[Connection], View]
    sections: Sequence[Section[View]]
    title: Callable[[View], str]


async def show(site: Site, visit: Visit, page: Page[View]) -> None:
    """Lay out the page and keep it up to date; what does not exist is a 404."""
    _frame(site, visit, page.place)
    screen = _Screen(site, visit, page)
    try:
        await screen.look()
    except NotThereError as missing:
        raise HTTPException(404, site.templates.text(visit.language)(missing.key, missing.name)) from missing
    ui.timer(LOOK_EVERY_S, screen.look_again, immediate=False)


def _frame(site: Site, visit: Visit, place: str) -> None:
    _speak(visit.language)
    ui.add_head_html(_HEAD.format(stylesheet=site.stylesheet))
    render = partial(site.templates.render, language=visit.language, place=place, address=visit.address)
    ui.html(render("top.html"), sanitize=False, tag="header").classes("top")


def _speak(language: Language) -> None:
    """Set the document's language for this visitor alone: the framework keeps it with the page, which all share."""
    client = ui.context.client
    client.page = copy(client.page)
    client.page.language = "da" if language is Language.DANISH else "en-GB"


class _Screen(Generic[View]):
    """One viewer's screen."""

    def __init__(self, site: Site, visit: Visit, page: Page[View]) -> None:
        self._site, self._visit, self._page = site, visit, page
        self._drawn: dict[str, _Drawn] = {}
        self._shown: object = None
        self._main = ui.element("main").classes("wide").props('id="content"')
        with self._main:
            self._notice = ui.html("", sanitize=False)
        foot = site.templates.render("foot.html", visit.language)
        ui.html(foot, sanitize=False, tag="footer").classes("foot")

    async def look_again(self) -> None:
        try:
            await self.look()
        except NotThereError:
            return

    async def look(self) -> None:
        """Take the newest view; without a database say so, and keep what is on the screen."""
        try:
            view = await self._site.live.read(("page", self._visit.address), self._page.gather)
        except DatabaseAwayError:
            self._wait()
            return
        state = (id(view), self._site.live.listening)
        if state != self._shown:
            self._show(view)
            self._shown, self._held = state, view

    def _wait(self) -> None:
        if self._drawn:
            return
        text = self._site.templates.text(self._visit.language)
        words = {"title": text("waiting"), "sentence": text("waiting_text"), "link": False}
        self._notice.set_content(self._site.templates.render("notice.html", self._visit.language, **words))
        ui.page_title(f"{text('waiting')} · handelspuls")

    def _show(self, view: View) -> None:
        self._notice.set_content("")
        ui.page_title(f"{self._page.title(view)} · handelspuls")
        for section in self._page.sections:
            self._draw(section, view)

    def _draw(self, section: Section[View], view: View) -> None:
        drawn = self._drawn.get(section.name) or self._begin(section)
        for template, element in drawn.texts.items():
            html = self._render(template, view)
            if element.content != html:
                element.set_content(html)
        if drawn.chart is not None and section.chart is not None:
            _redraw(drawn.chart, section.chart.options(view), section.chart.words(view))

    def _begin(self, section: Section[View]) -> _Drawn:
        drawn = self._drawn[section.name] = _Drawn()
        with self._main:
            drawn.frame = ui.element("section").classes("section" if section.spaced else "")
        drawn.frame.props(f'data-section="{section.name}"')
        with drawn.frame:
            if section.above is not None:
                drawn.texts[section.above] = ui.html("", sanitize=False)
            if section.chart is not None:
                drawn.chart = ui.echart({}, renderer="svg").classes("chart").props('role="img"')
            if section.template is not None:
                drawn.texts[section.template] = ui.html("", sanitize=False)
        return drawn

    def _render(self, template: str, view: View) -> str:
        visit, live = self._visit, self._site.live.listening
        return self._site.templates.render_shared(
            template, visit.language, view=view, live=live, again=visit.again, kept=visit.kept
        )


def _redraw(chart: ui.echart, options: dict[str, Any], words: str) -> None:
    if chart.options == options and chart.props.get("aria-label") == words:
        return
    chart.options.clear()
    chart.options.update(options)
    chart.props["aria-label"] = words
    chart.update()
