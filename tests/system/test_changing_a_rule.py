"""A rule is tried, activated and taken back; what it does to every figure is what was said before, to the øre."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.system import erp, truth
from tests.system.service import Service, running_service, wait_until
from tests.system.truth import RULES

PURCHASES_SENT = 800
WINDOWS = ("30d", "12m")


def changed_rules() -> str:
    """Free text counts as a case for review, and what the ERP states is believed where no catalogue is held."""
    text = RULES.read_text(encoding="utf-8").replace('version = "1"', 'version = "2"', 1)
    text = text.replace("enabled = false", "enabled = true", 1)
    return text.replace(
        'outcome = "off_channel"\nchannel = "free_text"', 'outcome = "review"\nchannel = "review"', 1
    ).replace("grace_days = 0", "grace_days = 5", 1)


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    reference = erp.reference(tmp_path_factory.mktemp("reference"), PURCHASES_SENT)
    with running_service(reference=reference) as running:
        erp.send(running.bootstrap, erp.history(PURCHASES_SENT))
        running.settle()
        yield running


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("rules") / "changed.toml"
    file.write_text(changed_rules(), encoding="utf-8")
    return file


def figures(service: Service, window: str) -> dict[str, Any]:
    """Every unit's measures and figures in a window, as the service tells them."""
    return {
        name: (truth.without_zeros(one["windows"][window]["measures"]), one["windows"][window]["figures"])
        for name, one in truth.snapshots(service.tap).items()
    }


def what_if(service: Service, rules: Path, window: str) -> Any:
    span = next(iter(truth.snapshots(service.tap).values()))["windows"][window]
    told = service.run("what-if", "--rules", str(rules), "--from", span["from"], "--to", span["to"], "--json", "-")
    assert told.returncode == 0, told.stderr
    return json.loads(told.stdout)


def told_side(comparison: Any, side: str) -> dict[str, Any]:
    return {
        one["unit"]: (truth.without_zeros(one[side]["measures"]), one[side]["figures"]) for one in comparison["units"]
    }


def assert_same(told: dict[str, Any], true: dict[str, Any]) -> None:
    for unit, (measures, found) in true.items():
        if unit not in told:  # a unit that no purchase names any more
            assert measures == {}, unit
            continue
        assert told[unit][0] == measures, unit
        shown = {
            name: figure for name, figure in found.items() if not name.startswith(("coverage", "certified_buyers"))
        }
        assert told[unit][1] == shown, unit


def activate(service: Service, *what: str) -> Any:
    return service.run("ruleset", "activate", *what)


def test_the_figures_after_activation_are_those_of_the_what_if_and_rolling_back_gives_the_former(
    service: Service, rules: Path
) -> None:
    before = {window: figures(service, window) for window in WINDOWS}
    said = {window: what_if(service, rules, window) for window in WINDOWS}
    for window in WINDOWS:
        assert said[window]["behind"] == 0
        assert said[window]["changed"] > 0
        assert_same(told_side(said[window], "before"), before[window])
    told = len(service.tap.of("compliance.orders"))
    service.settle()
    assert len(service.tap.of("compliance.orders")) == told, "a what-if writes nothing"

    done = activate(service, str(rules), "--author", "Ane", "--approver", "Bo", "--comment", "prøve")
    assert done.returncode == 0, done.stderr
    service.settle()
    for window in WINDOWS:
        assert figures(service, window) != before[window]
        assert_same(told_side(said[window], "after"), figures(service, window))
    listed = service.run("ruleset", "list").stdout
    assert [line.split() for line in listed.splitlines() if "active" in line] == [
        ["standard@2", "active", "Ane", "Bo", "prøve"]
    ]

    rolled_back = activate(service, "standard@1", "--author", "Ane", "--approver", "Bo", "--comment", "tilbage")
    assert rolled_back.returncode == 0, rolled_back.stderr
    service.settle()
    for window in WINDOWS:
        assert figures(service, window) == before[window]


def test_the_table_and_the_csv_are_readable(service: Service, rules: Path, tmp_path: Path) -> None:
    table = service.run("what-if", "--rules", str(rules), "--csv", str(tmp_path / "moved.csv"))
    assert table.returncode == 0, table.stderr
    for words in ("From rule to rule", "The largest changes", "E-handelsgrad by unit", "free-text (review)"):
        assert words in table.stdout
    rows = (tmp_path / "moved.csv").read_text(encoding="utf-8-sig").splitlines()
    assert {row.split(";")[0] for row in rows[1:]} == {"rule", "purchase", "unit"}


def test_nobody_approves_of_his_own_rules(service: Service, rules: Path) -> None:
    refused = activate(service, str(rules), "--author", "Ane Aa", "--approver", "ane  aa")
    assert refused.returncode == 1
    assert "Ane Aa wrote it and cannot approve of it" in refused.stderr


def test_a_broken_ruleset_is_refused_with_line_rule_and_field(service: Service, tmp_path: Path) -> None:
    file = tmp_path / "broken.toml"
    file.write_text(changed_rules().replace('"agreement_covers"', '"agreement_cover"'), encoding="utf-8")
    for refused in (activate(service, str(file), "--author", "Ane", "--approver", "Bo"), load(service, tmp_path)):
        assert refused.returncode == 1
        assert "rule 'own-catalogue', field when.1: unknown predicate 'agreement_cover'" in refused.stderr


def test_a_folder_activates_no_ruleset_on_one_persons_word(service: Service, tmp_path: Path) -> None:
    text = changed_rules().replace('version = "2"', 'version = "3"\nauthor = "Ane"', 1)
    (tmp_path / "rules.toml").write_text(text, encoding="utf-8")
    refused = load(service, tmp_path)
    assert (refused.returncode, "standard@3 is not activated: it has no approver" in refused.stderr) == (1, True)


def load(service: Service, folder: Path) -> Any:
    return service.run("reference", "load", str(folder))


def test_hits_are_counted_by_rule_and_rules_without_any_are_listed(service: Service) -> None:
    told = service.run("ruleset", "hits", "--days", "400")
    assert told.returncode == 0, told.stderr
    lines = dict(
        service.rows(
            "select l.rule, sum(l.amount_ore)::bigint from purchase_lines l join purchases p using (purchase)"
            " where p.tallied group by 1"
        )
    )
    shown = [line for line in told.stdout.splitlines()[1:] if not line.startswith("no hit")]
    assert {line.split()[0] for line in shown} == set(lines)
    amounts = sum(round(100 * float(line.split()[-1].replace(",", ""))) for line in shown)
    assert amounts == sum(lines.values())
    assert all(line.split(": ")[1].split()[0] not in lines for line in told.stdout.splitlines() if "no hit" in line)


def test_explain_tells_what_would_have_made_it_catalogue(service: Service) -> None:
    found = service.rows("select purchase from purchases where tallied and kind = 'order' and rule = 'free-text'")
    told = service.run("explain", found[0][0], "--advice")
    assert told.returncode == 0, told.stderr
    assert "Hvad der ville have gjort det til kataloghandel" in told.stdout
    assert "reglen own-catalogue: linjen har intet varenummer" in told.stdout


def orders(service: Service) -> dict[tuple[int, int], bytes]:
    return {(one.partition, one.offset): one.value for one in service.tap.of("compliance.orders")}


def test_a_shadow_is_counted_in_the_metrics_and_changes_nothing_else(service: Service, rules: Path) -> None:
    before = figures(service, "12m")
    assert service.run("ruleset", "shadow", str(rules)).returncode == 0
    service.settle()
    known = orders(service).keys()
    erp.send(service.bootstrap, erp.history(120, seed=99))
    service.settle()
    new = [value for place, value in orders(service).items() if place not in known]
    samples = [one for one in service.processes["w1"].samples() if one.name == "handelspuls_shadow_total"]
    assert 0 < sum(one.value for one in samples) <= len(new)
    assert {one.labels["result"] for one in samples} == {"same", "differs"}
    assert figures(service, "12m") != before
    assert not any(b"standard@2" in value for value in new)
    assert service.run("ruleset", "shadow", "--off").returncode == 0
    wait_until("the shadow is off", lambda: "shadow" not in service.run("ruleset", "list").stdout)
