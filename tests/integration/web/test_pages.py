"""What a manager sees in a real browser."""

import re
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from deploy.local.simulator.tree import ROOT
from models.tally.windows import span
from models.vocabulary import Outcome
from sinks.web import format as formats
from sinks.web.language import Language
from sinks.web.links import quoted
from sinks.web.queries.tree import alphabetical
from tests.integration.web.conftest import Served
from tests.integration.web.seed import (
    NASTY_SUPPLIER,
    cells_of,
    notify,
    second_revision,
    write_judgement,
    write_snapshots,
)

PICTURE = Path(__file__).parents[3] / "docs" / "images" / "page.png"
HEADLINE = '[data-figure="e_handelsgrad_amount"]'
EVERY_PAGE = (
    "/",
    "/league?level=institution&window=12m",
    f"/unit/{ROOT}-unassigned",
    "/purchases",
    "/rejected",
    "/pipeline",
    "/rules",
    "/doubles",
    "/review",
)


def base_of(served: Served, window: str = "30d") -> tuple[int, int]:
    """Catalogue and base of a window, by a plain loop over what was seeded."""
    first, last = span(window, served.seeded.today)
    lines = [line for each in served.seeded.judgements if first <= each.day <= last for line in each.lines]
    catalogue = sum(line.amount_ore or 0 for line in lines if line.outcome is Outcome.CATALOGUE)
    off_channel = sum(line.amount_ore or 0 for line in lines if line.outcome is Outcome.OFF_CHANNEL)
    return catalogue, catalogue + off_channel


def test_the_headline_is_what_the_lines_sum_up_to_to_the_ore(served: Served, page: Page) -> None:
    catalogue, base = base_of(served)
    page.goto(served.address)
    expect(page.locator(HEADLINE)).to_have_text(formats.percent(catalogue / base, Language.DANISH))
    expect(page.locator("[data-exact]")).to_contain_text(formats.exact_amount(catalogue, Language.DANISH))
    expect(page.locator("[data-exact]")).to_contain_text(formats.exact_amount(base, Language.DANISH))


@pytest.mark.parametrize("window", ["day", "7d", "30d", "month", "year", "12m"])
def test_a_figure_opens_the_purchases_that_sum_up_to_it(served: Served, page: Page, window: str) -> None:
    page.goto(f"{served.address}/?window={window}")
    figure = page.locator('[data-figure="off_channel_ore"]')
    shown = figure.inner_text()
    figure.click()
    page.wait_for_url("**/purchases?**")
    expect(page.locator('[data-figure="sum"]')).to_contain_text(shown)


def test_a_figure_by_count_says_what_it_opens_and_how_many(served: Served, page: Page) -> None:
    page.goto(f"{served.address}/?window=12m")
    figure = page.locator('[data-figure="price_compliance"]')
    shown = figure.locator("xpath=following-sibling::span").inner_text().partition(" af ")[0]
    figure.click()
    page.wait_for_url("**/purchases?**figure=price_compliance**")
    expect(page.locator("[data-filter]")).to_contain_text("Prisloyalitet. Vist er: linjer købt til højst")
    expect(page.locator('[data-figure="sum"]')).to_have_text(f"Sum {shown} linjer")
    page.get_by_role("link", name="Vis alle indkøb i perioden").click()
    page.wait_for_url(lambda address: "figure" not in address)
    expect(page.locator("[data-filter]")).to_have_count(0)


def test_a_channel_opens_purchases_that_sum_up_to_its_bar(served: Served, page: Page) -> None:
    page.goto(served.address)
    bar = page.locator(".bars a").nth(1)
    shown = bar.locator(".number").inner_text()
    bar.click()
    page.wait_for_url("**/purchases?**channel=**")
    total = page.locator('[data-figure="sum"]').inner_text().partition("kr.\u00a0")[2]
    ore = int(re.sub(r"\D", "", total))
    assert formats.amount(ore, Language.DANISH) == shown


def test_the_headline_moves_by_itself_within_two_seconds(served: Served, page: Page) -> None:
    page.goto(served.address)
    headline = page.locator("[data-exact]")
    expect(headline).to_be_visible()
    before, now = headline.inner_text(), datetime.now(UTC)
    at, judgement = next(
        (place, each)
        for place, each in reversed(list(enumerate(served.seeded.judgements)))
        if each.outcome is Outcome.CATALOGUE
    )
    changed = second_revision(judgement, now=now)
    served.seeded.judgements[at] = changed
    cells = cells_of(served.seeded.judgements)
    with served.engine.begin() as connection:
        write_judgement(connection, changed)
        write_snapshots(connection, cells, today=served.seeded.today, as_of=now, revision=2)
        notify(connection)
    written = time.monotonic()
    expect(headline).not_to_have_text(before, timeout=5_000)
    assert time.monotonic() - written < 2.5
    newest = page.locator('[data-section="newest"] tbody tr').first
    expect(newest).to_contain_text(judgement.number)
    expect(newest).to_contain_text("Telefon")


def test_a_purchase_shows_every_revision_and_what_it_replaced(served: Served, page: Page) -> None:
    changed = next(each for each in served.seeded.judgements if each.revision == 2)
    page.goto(f"{served.address}/purchases?search={changed.number}")
    page.get_by_role("link", name=changed.number).click()
    page.wait_for_url("**/purchase/**")
    expect(page.locator(".revision")).to_have_count(2)
    first = page.locator(".revision").first
    expect(first).to_contain_text("Ordre ændret")
    expect(first).to_contain_text("Revision 1: Kataloghandel")
    expect(page.locator(".line").first).to_contain_text("CAT-9")


def test_an_avoidable_line_says_which_catalogue_made_it_so(served: Served, page: Page) -> None:
    judgement = next(
        each
        for each in served.seeded.judgements
        if each.lines and each.lines[0].avoidable and each.lines[0].outcome is Outcome.OFF_CHANNEL
    )
    page.goto(f"{served.address}/purchase/{quoted(judgement.purchase)}")
    expect(page.locator(".line").first).to_contain_text("Kataloget CAT-9 havde varer i samme kategori den dag")
    expect(page.get_by_role("heading", name="Hvad ville have gjort det til kataloghandel?")).to_be_visible()


def test_the_rules_are_told_in_words_with_those_that_never_hit(served: Served, page: Page) -> None:
    page.goto(f"{served.address}/rules")
    expect(page.locator("#content")).to_contain_text("Bygge og anlæg er ikke i grundlaget")
    expect(page.locator("#content")).to_contain_text("Økonomidirektøren")
    expect(page.locator(".idle li").first).to_be_visible()


def test_a_lost_connection_is_told_in_the_readers_language_and_the_live_mark_goes_off(
    served: Served, context: BrowserContext, page: Page
) -> None:
    page.goto(f"{served.address}/pipeline")
    expect(page.locator(".live .connected")).to_be_visible()
    page.evaluate("document.getElementById('popup').ariaHidden = 'false'")
    expect(page.locator("#popup")).to_contain_text("Forbindelsen er væk.")
    expect(page.locator(".live .connected")).to_be_hidden()
    expect(page.locator(".live .lost")).to_be_visible()


def test_english_is_one_click_away_and_remembered(served: Served, page: Page) -> None:
    page.goto(f"{served.address}/league?level=area")
    page.get_by_role("link", name="English").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Comparison")
    assert "level=area" in page.url
    page.goto(served.address)
    expect(page.locator("html")).to_have_attribute("lang", "en-GB")
    expect(page.locator(HEADLINE)).to_have_text(re.compile(r"^\d+\.\d%$"))


def test_markup_in_names_stays_text(served: Served, page: Page) -> None:
    for address in (f"/purchases?supplier={NASTY_SUPPLIER}", "/rejected"):
        page.goto(served.address + address)
        expect(page.get_by_text("<img src=x", exact=False).first).to_be_visible()
        assert page.locator('img[src="x"]').count() == 0
        assert page.title() != "taken"


@pytest.mark.parametrize("address", EVERY_PAGE)
@pytest.mark.parametrize("language", list(Language))
def test_no_page_scrolls_sideways_on_a_phone(
    served: Served, context: BrowserContext, page: Page, address: str, language: Language
) -> None:
    context.add_cookies([{"name": "language", "value": language.value, "url": served.address}])
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(served.address + address)
    expect(page.locator("main h1")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_the_chart_is_told_in_words_and_as_a_table(served: Served, page: Page) -> None:
    page.goto(served.address)
    expect(page.locator(".chart")).to_have_attribute("aria-label", re.compile("^Kurve over e-handelsgraden fra"))
    page.get_by_text("Vis tallene som tabel").click()
    expect(page.locator('[data-section="course"] tbody tr')).to_have_count(13)


def test_what_was_opened_stays_open_when_figures_move(served: Served, page: Page) -> None:
    page.goto(f"{served.address}/review")
    page.get_by_text("Afgør alle").first.click()
    as_of = page.locator(".title .aside .muted")
    before = as_of.inner_text()
    with served.engine.begin() as connection:
        notify(connection)
    expect(as_of).not_to_have_text(before, timeout=15_000)
    expect(page.locator("details[open]")).to_have_count(1)


def test_an_address_can_name_a_rule(served: Served, page: Page) -> None:
    page.goto(f"{served.address}/rules#stated-off-channel")
    expect(page.locator("#stated-off-channel")).to_be_in_viewport()


def test_the_keyboard_reaches_the_content_first(served: Served, page: Page) -> None:
    page.goto(served.address)
    expect(page.locator(HEADLINE)).to_be_visible()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"


def test_the_league_is_sorted_by_a_click_on_its_head(served: Served, page: Page) -> None:
    page.goto(f"{served.address}/league?window=12m")
    rows = page.locator("tbody tr td.first a")
    expect(rows).to_have_count(7)
    page.get_by_role("columnheader", name="Enhed").get_by_role("link").click()
    page.wait_for_url("**sort=name**")
    expect(rows).to_have_count(7)
    names = rows.all_inner_texts()
    assert names == sorted(names, key=alphabetical)


def test_a_unit_shows_its_way_up_and_what_lies_below(served: Served, page: Page) -> None:
    page.goto(f"{served.address}/unit/U-10002?window=12m")
    expect(page.locator(".crumbs a")).to_have_count(1)
    assert page.locator('[data-section="below"] tbody tr').count() > 3
    assert page.locator('[data-section="worst"] tbody tr').count() == 10


def test_the_picture_of_the_readme(served: Served, page: Page, request: pytest.FixtureRequest) -> None:
    page.goto(served.address)
    expect(page.locator(".chart svg")).to_be_visible()
    page.wait_for_function("document.querySelectorAll('.chart svg path').length > 8")
    end = page.evaluate("document.querySelector('[data-section=off_channel]').getBoundingClientRect().top")
    picture = page.screenshot(clip={"x": 0, "y": 0, "width": 1280, "height": end}, full_page=True)
    assert len(picture) > 20_000
    if request.config.getoption("--write-pictures"):
        PICTURE.parent.mkdir(parents=True, exist_ok=True)
        PICTURE.write_bytes(picture)
