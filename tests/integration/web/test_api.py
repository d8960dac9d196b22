"""The API as a program meets it."""

import csv
import io
import json
from typing import Any

import httpx
import pytest

from deploy.local.simulator.tree import ROOT
from tests.integration.web.conftest import Served
from tests.integration.web.test_pages import base_of

HOSTILE = (
    "/?window=x", "/?window=%00", "/league?level=planet", "/league?minimum=1e9", "/league?sort=;drop", "/purchases?page=0",
    "/purchases?page=99999999999999999999", "/purchases?from=2026-02-30", "/purchases?search=%00", "/purchases?unit=%27--",
    "/purchases?avoidable=perhaps", "/unit/%00", "/unit/nobody", "/purchase/%F0%28%8C%28", "/rejected?code=%00", "/nowhere",
    "/api/v1/units/nobody", "/api/v1/purchases?outcome=%22", "/api/v1/purchases/x~y", "/api/v1/league?format=xml",
    "/api/v1/nowhere", "/language/xx", f"/unit/{'x' * 500}",
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
        "/api/v1/pipeline",
    ],
)  # fmt: skip
def test_every_table_is_a_file_in_both_ways(api: httpx.Client, path: str) -> None:
    by_name, by_format = api.get(f"{path}.csv"), api.get(path, params={"format": "csv"})
    for answer in (by_name, by_format):
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/csv")
    assert by_name.text.splitlines()[0] == by_format.text.splitlines()[0]


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
