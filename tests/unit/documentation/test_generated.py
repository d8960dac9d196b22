from pathlib import Path

import pytest
from click.testing import CliRunner
from pydantic_settings import BaseSettings

from deploy.local.settings import LocalSettings
from handelspuls.access import KafkaAccess
from handelspuls.api_keys import ApiAccess
from handelspuls.commands.docs import command as docs
from handelspuls.commands.rules import command as rules
from handelspuls.commands.rules import read
from handelspuls.documentation.rules import KINDS, OUTCOMES, meaning
from handelspuls.documentation.settings import form, rows
from handelspuls.documentation.written import pages
from handelspuls.errors import CannotRun
from handelspuls.settings import PREFIX, Settings
from handelspuls.streaming import DEFAULT_RULESET
from handelspuls.trace_settings import TraceSettings
from models.rights import rights
from models.rules.predicates import PREDICATES
from models.rules.ruleset import KINDS as KINDS_OF_RULES
from models.rules.settings import RuleSettings
from models.topics import topics
from models.vocabulary import Outcome

DOCS = Path(__file__).parents[3] / "docs"
RULESET = read(DEFAULT_RULESET)
PAGES = pages(RULESET)


@pytest.mark.parametrize("name", sorted(PAGES))
def test_a_generated_page_is_as_the_code_says(name: str) -> None:
    committed = (DOCS / name).read_text(encoding="utf-8")
    assert committed == PAGES[name], "write it with: python -m handelspuls docs"


def test_the_command_writes_all_of_them(tmp_path: Path) -> None:
    assert CliRunner().invoke(docs, [str(tmp_path)]).exit_code == 0
    assert {path.name: path.read_text(encoding="utf-8") for path in tmp_path.iterdir()} == dict(PAGES)


def test_rules_stand_in_their_order_with_both_languages() -> None:
    page = PAGES["rules.md"]
    places = [page.index(f"Rule `{rule.id}`\n- In Danish: {rule.da}.") for rule in RULESET.rules]
    assert places == sorted(places)
    assert all(f". {rule.en}" in page for rule in RULESET.rules)


@pytest.mark.parametrize("predicate", sorted(PREDICATES))
def test_every_predicate_says_what_it_means(predicate: str) -> None:
    assert meaning(predicate).endswith(".")
    assert f"| `{predicate}` |" in PAGES["rules.md"]


def test_the_words_for_readers_cover_what_a_ruleset_can_say() -> None:
    assert set(KINDS) == set(KINDS_OF_RULES)
    assert set(OUTCOMES) == set(Outcome)
    assert all(field.description for field in RuleSettings.model_fields.values())


def test_a_ruleset_of_one_s_own_is_told_in_words(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    text = DEFAULT_RULESET.read_text(encoding="utf-8").replace('unspsc = ["9316"]', 'unspsc = ["9399"]')
    own.write_text(text, encoding="utf-8")
    assert ": UNSPSC 9399." in CliRunner().invoke(rules, [str(own)]).output


def test_an_unreadable_ruleset_is_told_with_its_file(tmp_path: Path) -> None:
    with pytest.raises(CannotRun, match=r"absent\.toml"):
        read(tmp_path / "absent.toml")


def test_every_topic_has_a_row() -> None:
    for topic in topics("<app>.<generation>"):
        assert f"| `{topic.name}` |" in PAGES["topics.md"]


def test_every_user_of_kafka_has_its_rights_told() -> None:
    for user, held in rights("handelspuls", 1).items():
        assert PAGES["rights.md"].count(f"\n| `{user}` |") == len(held)


@pytest.mark.parametrize("model", [Settings, TraceSettings, KafkaAccess, ApiAccess, LocalSettings])
def test_every_setting_has_a_row_with_form_and_meaning(model: type[BaseSettings]) -> None:
    told = list(rows(model))
    assert len(told) == len(model.model_fields)
    assert all(unit and meant.endswith(".") for _, unit, _, meant in told)
    assert all(name.strip("`").startswith((PREFIX, "KAFKA_", "DATABASE_")) for name, *_ in told)


def test_the_unit_of_a_setting_is_that_of_its_name() -> None:
    assert form("flush_interval_ms", Settings.model_fields["flush_interval_ms"]) == "milliseconds"
    assert form("stall_timeout_s", Settings.model_fields["stall_timeout_s"]) == "seconds"
    assert form("simulator", LocalSettings.model_fields["simulator"]) == "on or off"
