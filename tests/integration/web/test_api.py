"""The API as a program meets it."""

import csv
import io
import itertools
import json
import time
from datetime import timedelta
from typing import Any

import httpx
import pytest

from deploy.local.simulator.tree import ROOT, units
from sinks.database import schema
from sinks.web.queries.behind import BEHIND, Part, side_of
from tests.integration.web.conftest import Served
from tests.integration.web.seed import SEED, notify, write_double, write_named
from tests.integration.web.test_pages import base_of

HOSTILE = (
    "/?window=x", "/?window=%00", "/league?level=planet", "/league?minimum=1e9", "/league?sort=;drop", "/purchases?page=0",
    "/purchases?page=99999999999999999999", "/purchases?from=2026-02-30", "/purchases?search=%00", "/purchases?unit=%27--",
    "/purchases?avoidable=perhaps", "/unit/%00", "/unit/nobody", "/purchase/%F0%28%8C%28", "/rejected?code=%00", "/nowhere",
    "/api/v1/units/nobody", "/api/v1/purchases?outcome=%22", "/api/v1/purchases/x~y", "/api/v1/league?format=xml",
    "/api/v1/nowhere", "/api/v1/purchases?figure=x", "/api/v1/purchases?figure=gain&part=denominator", "/purchases?figure=gain&base=1", "/api/v1/league?levle=area", "/doubles?window=x", "/api/v1/purchases/x~y/revisions?page=1", "/language/xx", f"/unit/{'x' * 500}",
)  # fmt: skip


@pytest.fixture
def api(served: Served) -> httpx.Client:
    return httpx.Client(base_url=served.address, timeout=30)


def test_figures_carry_numerator_and_denominator_in_ore(served: Served, api: httpx.Client) -> None:
    figure = api.get(f"/api/v1/units/{ROOT}/figures").json()["windows"]["30d"]["figures"]["e_handelsgrad_amount"]
    assert (figure["numerator"], figure["denominator"]) == base_of(served)


def test_the_course_sums_the_same_lines(served: Served, api: httpx.Client) -> None:
    months = api.get(f"/api/v1/units/{ROOT}/course").json()["items"]
    assert len(months) == 13
    this = months[-1]
    assert (this["catalogue_ore"], this["catalogue_ore"] + this["off_channel_ore"]) == base_of(served, "month")
    as_was = api.get(f"/api/v1/units/{ROOT}/course?tree=as_was").json()["items"]
    assert as_was == months  # the whole municipality is the same in any tree


def test_the_departments_sum_up_to_the_municipality(api: httpx.Client, served: Served) -> None:
    places = api.get("/api/v1/league?window=12m").json()["items"]
    unknown = api.get(f"/api/v1/units/{ROOT}-unassigned/figures").json()["windows"]["12m"]["figures"]
    base = sum(place["base_ore"] for place in places) + unknown["e_handelsgrad_amount"]["denominator"]
    assert base == base_of(served, "12m")[1]


@pytest.mark.parametrize("unit", [ROOT, "U-10001", f"{ROOT}-unassigned"])
def test_the_list_sums_up_to_the_units_figure(api: httpx.Client, unit: str) -> None:
    measures = api.get(f"/api/v1/units/{unit}/figures").json()["windows"]["12m"]["measures"]
    asked = {"unit": unit, "window": "12m"}
    wanted: dict[str, dict[str, Any]] = {
        "catalogue_ore": {"outcome": "catalogue"}, "off_channel_ore": {"outcome": "off_channel"},
        "avoidable_ore": {"avoidable": True}, "uncovered_ore": {"avoidable": False}, "store_ore": {"channel": "store"},
        "excluded_ore": {"outcome": "excluded"},
    }  # fmt: skip
    for measure, filters in wanted.items():
        assert api.get("/api/v1/purchases", params=asked | filters).json()["matching_ore"] == measures[measure], measure
    counted = api.get("/api/v1/purchases", params=asked | {"outcome": "review", "basis": "count"}).json()
    assert counted["total"] == measures["review_count"]


@pytest.mark.parametrize("unit", [ROOT, "U-10001", f"{ROOT}-unassigned"])
def test_every_figure_opens_exactly_what_it_is_made_of(api: httpx.Client, unit: str) -> None:
    windows = api.get(f"/api/v1/units/{unit}/figures").json()["windows"]
    for figure, part, window in itertools.product(BEHIND, Part, ("30d", "12m")):
        side = side_of(figure, part)
        if side is not None:
            asked = {"unit": unit, "window": window, "figure": figure, "part": part}
            told = api.get("/api/v1/purchases", params=asked).json()
            true = sum(windows[window]["measures"][measure] for measure in side.measures)
            assert told["matching_ore" if side.is_amount else "matching_count"] == true, asked


def test_what_is_behind_a_figure_is_a_file_too(api: httpx.Client) -> None:
    asked = {"unit": ROOT, "window": "30d", "figure": "price_compliance"}
    listed, file = api.get("/api/v1/purchases", params=asked).json(), api.get("/api/v1/purchases.csv", params=asked)
    rows = list(csv.DictReader(io.StringIO(file.text)))
    assert (len(rows), sum(int(row["matching_count"]) for row in rows)) == (listed["total"], listed["matching_count"])
    assert "purchases_price_compliance_numerator.csv" in file.headers["content-disposition"]


@pytest.mark.parametrize("more", [{"outcome": "review"}, {"basis": "count"}, {"avoidable": "false"}, {"base": "1"}])
def test_a_figure_and_another_way_of_counting_are_refused(api: httpx.Client, more: dict[str, str]) -> None:
    answer = api.get("/api/v1/purchases", params={"figure": "matched", **more})
    assert (answer.status_code, answer.json()["problem"]["field"]) == (422, "figure")


@pytest.mark.parametrize("address", HOSTILE)
def test_a_hostile_address_is_answered_with_a_sentence(api: httpx.Client, address: str) -> None:
    answer = api.get(address)
    assert 400 <= answer.status_code < 500
    assert "Traceback" not in answer.text
    if address.startswith("/api/"):
        assert answer.json()["problem"]["sentence"]


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/units", "/api/v1/league", "/api/v1/purchases", "/api/v1/rejections", "/api/v1/rejections/groups",
        f"/api/v1/units/{ROOT}/course", f"/api/v1/units/{ROOT}/channels", f"/api/v1/units/{ROOT}/suppliers",
        "/api/v1/pipeline", "/api/v1/alerts", "/api/v1/doubles", "/api/v1/review", "/api/v1/rules", "/api/v1/rules/activations",
        "/api/v1/rules/shadow", f"/api/v1/units/{ROOT}/below",
    ],
)  # fmt: skip
def test_every_table_is_a_file_in_both_ways(api: httpx.Client, path: str) -> None:
    by_name, by_format = api.get(f"{path}.csv"), api.get(path, params={"format": "csv"})
    for answer in (by_name, by_format):
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/csv")
    assert by_name.text.splitlines()[0] == by_format.text.splitlines()[0]


def test_an_unknown_parameter_is_refused_by_name(api: httpx.Client) -> None:
    answer = api.get("/api/v1/purchases", params={"supplyer": "x"})
    assert answer.status_code == 422
    problem = answer.json()["problem"]
    assert problem["field"] == "supplyer"
    assert "supplyer" in problem["sentence"]
    assert "supplier" in problem["sentence"]


@pytest.mark.parametrize("text", ["NORDLYS", "ordlys ren", "L-", "4500008", "Åkande"])
def test_a_search_finds_parts_of_names_and_beginnings_of_numbers(api: httpx.Client, text: str) -> None:
    found = api.get("/api/v1/purchases", params={"search": text, "order": "day"}).json()["items"]
    if text == "L-":
        assert found == []
        return
    assert found
    for row in found:
        names = (row["supplier_name"].casefold(), row["unit_name"].casefold())
        assert any(text.casefold() in name for name in names) or row["number"].startswith(text)


def test_a_sign_of_the_pattern_stands_for_itself_in_a_search(api: httpx.Client) -> None:
    for text in ("%", "_", "45%"):
        assert api.get("/api/v1/purchases", params={"search": text}).json()["total"] == 0


def test_whoever_is_not_ranked_comes_last_whatever_the_order(api: httpx.Client) -> None:
    for sort in ("name", "base_ore", "avoidable_ore", "change"):
        for direction in ("ascending", "descending"):
            asked = {"level": "institution", "window": "12m", "sort": sort, "direction": direction, "minimum": 6}
            ranked = [row["rank"] is not None for row in api.get("/api/v1/league", params=asked).json()["items"]]
            assert True in ranked
            assert False in ranked
            assert ranked == sorted(ranked, reverse=True)


def test_a_card_row_and_an_invoice_of_one_amount_are_a_possible_double(api: httpx.Client, served: Served) -> None:
    with served.engine.begin() as connection:
        write_double(connection, day=served.seeded.today)
        notify(connection)
    deadline = time.monotonic() + 10
    while not (found := api.get("/api/v1/doubles").json()["items"]) and time.monotonic() < deadline:
        time.sleep(0.2)
    try:
        pairs = {(row["card_number"], row["invoice_number"], row["amount_ore"]) for row in found}
        assert ("KORT-1", "FAKTURA-1", 123_450) in pairs
        assert "FAKTURA-1" in api.get("/purchase/erp~KORT-1").text
    finally:
        with served.engine.begin() as connection:
            for table in (schema.purchases, schema.purchase_lines, schema.revisions):
                connection.execute(table.delete().where(table.c.purchase.in_(["erp~KORT-1", "erp~FAKTURA-1"])))


def test_a_pattern_in_review_opens_the_purchases_that_it_counts(api: httpx.Client) -> None:
    patterns = api.get("/api/v1/review").json()["items"]
    assert patterns
    first = patterns[0]
    asked = {"outcome": "review", "basis": "count", "supplier": first["supplier"], "reason": first["reason"]}
    listed = api.get("/api/v1/purchases", params=asked).json()
    assert (listed["total"], listed["matching_ore"]) == (first["purchases"], first["amount_ore"])


def test_the_rules_come_with_their_history_and_the_shadow(api: httpx.Client) -> None:
    rules = api.get("/api/v1/rules").json()["items"]
    assert [rule["place"] for rule in rules] == list(range(1, len(rules) + 1))
    assert all(rule["lines"] == 0 for rule in rules)
    activated = api.get("/api/v1/rules/activations").json()["items"]
    assert [(each["ruleset"], each["approver"]) for each in activated] == [("standard@1", "Økonomidirektøren")]


def test_a_file_is_for_people_where_a_language_is_asked_for(api: httpx.Client) -> None:
    danish = api.get("/api/v1/league.csv", params={"language": "da"}).text.splitlines()
    assert "E-handelsgrad efter beløb (pct.)" in danish[0].split(";")
    assert api.get("/api/v1/league.csv").text.startswith("\ufeffunit,name,parent,")


def test_a_file_holds_no_formula(api: httpx.Client) -> None:
    rows = api.get(f"/api/v1/units/{ROOT}/suppliers.csv", params={"window": "12m"}).text
    everything = rows + api.get("/api/v1/purchases.csv", params={"window": "30d"}).text
    assert "'=HYPERLINK" in everything
    assert ",=HYPERLINK" not in everything
    assert ',"=HYPERLINK' not in everything


def test_the_whole_list_is_in_the_file(api: httpx.Client) -> None:
    asked = {"window": "12m", "outcome": "catalogue"}
    total = api.get("/api/v1/purchases", params=asked).json()
    text = api.get("/api/v1/purchases.csv", params=asked).text.lstrip("\ufeff")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert len(rows) == total["total"]
    assert sum(int(row["matching_ore"]) for row in rows) == total["matching_ore"]


def test_a_purchase_tells_its_revisions_with_lines_and_evidence(api: httpx.Client) -> None:
    first = api.get("/api/v1/purchases", params={"window": "30d"}).json()["items"][0]
    answer = api.get(f"/api/v1/purchases/{first['purchase'].replace('%', '%25')}").json()
    assert answer["judgement"]["lines"][0]["evidence"]
    assert answer["revisions"][0]["revision"] == first["revision"]


def test_a_purchase_says_what_made_it_avoidable_and_what_was_missing(served: Served, api: httpx.Client) -> None:
    judgement = next(each for each in served.seeded.judgements if each.lines and each.lines[0].avoidable)
    answer = api.get(f"/api/v1/purchases/{judgement.purchase.replace('%', '%25')}").json()
    line = judgement.lines[0].line
    assert answer["avoidable_by"][line]["by"] == "category"
    assert answer["avoidable_by"][line]["row"]["values"]["catalogue"] == "CAT-9"
    assert answer["advice"][line][0]["needs"][0]["da"]


def test_the_advice_knows_what_the_event_named(served: Served, api: httpx.Client) -> None:
    school = next(each for each in units(SEED) if each.level == "institution" and each.department)
    with served.engine.begin() as connection:
        named = write_named(connection, school, day=served.seeded.today)
    by_gtin, standing_order = (
        api.get(f"/api/v1/purchases/{each.purchase.replace('%', '%25')}").json()["advice"] for each in named
    )
    needs = {rule["rule"]: [words["en"] for words in rule["needs"]] for rule in by_gtin["1"]}
    ended = served.seeded.today - timedelta(days=9)
    assert f"the item GTIN 5712345780121 in the catalogue ended {ended}" in needs["own-catalogue"]
    assert standing_order == {}, "it is registered for the school's department: the rules that hold now take it"


def test_openapi_describes_every_answer(api: httpx.Client) -> None:
    described = api.get("/openapi.json").json()
    paths = {
        path: each["get"] for path, each in described["paths"].items() if path.startswith("/api/v1") and "get" in each
    }
    assert len(paths) >= 12
    for path, get in paths.items():
        schema = json.dumps(get["responses"]["200"]["content"]["application/json"]["schema"])
        assert "$ref" in schema, path


def test_every_answer_has_security_headers(api: httpx.Client) -> None:
    for path in ("/", "/api/v1/league", "/nowhere", "/assets/page.css", "/docs"):
        headers = api.get(path).headers
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"


def test_the_docs_load_nothing_from_elsewhere(api: httpx.Client) -> None:
    assert "https://" not in api.get("/docs").text


def test_operations_can_ask_how_it_is(api: httpx.Client) -> None:
    assert api.get("/livez").status_code == 200
    assert api.get("/readyz").json()["listening"] is True
    assert "python_info" in api.get("/metrics").text


def test_the_language_switch_leads_nowhere_else(api: httpx.Client) -> None:
    assert api.get("/language/en?next=//evil.example/").headers["location"] == "/"
    assert api.get("/language/en?next=/league").headers["location"] == "/league"
