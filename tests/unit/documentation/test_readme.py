import re
from pathlib import Path

import pytest

from deploy.local.settings import LocalSettings
from handelspuls.documentation.settings import default_of, variable
from handelspuls.settings import Settings

ROOT = Path(__file__).parents[3]
TEXT = (ROOT / "README.md").read_text(encoding="utf-8")
HEADINGS = ["Two commands", "The way of an event", "Where things are", "Options of `make run`"]
OPTIONS = dict(re.findall(r"^\| `([A-Z_]+)` \| (.*?) \|", TEXT, re.MULTILINE))
FIELDS = {
    variable(name, field): field for model in (Settings, LocalSettings) for name, field in model.model_fields.items()
}
# Without them `make run` starts servers of its own.
SERVERS = {"KAFKA_BOOTSTRAP_SERVERS": "own Kafka", "DATABASE_URL": "own PostgreSQL"}
FOLDERS = ("models", "streams", "sinks", "handelspuls", "deploy", "tests", "docs", "rulesets")


def test_it_begins_with_what_it_is_then_a_picture_then_the_rest_in_order() -> None:
    places = [TEXT.index(f"## {heading}") for heading in HEADINGS]
    assert places == sorted(places)
    assert TEXT.index("![") < places[0]
    assert re.findall(r"^## (.*)$", TEXT, re.MULTILINE) == HEADINGS


def test_what_a_newcomer_needs_fits_into_two_screens() -> None:
    assert len(TEXT[: TEXT.index("## Options")].splitlines()) <= 2 * 40


def test_every_option_is_a_setting_with_its_own_default() -> None:
    told = {name: default.strip("`") for name, default in OPTIONS.items()}
    assert told == {name: SERVERS.get(name) or default_of(FIELDS[name]) for name in OPTIONS}


def test_every_option_of_make_run_alone_is_told() -> None:
    local = {variable(name, field) for name, field in LocalSettings.model_fields.items()}
    assert local | set(SERVERS) | {"HANDELSPULS_WEB_PORT", "HANDELSPULS_DATA_DIR"} <= set(OPTIONS)


@pytest.mark.parametrize("page", sorted(path.relative_to(ROOT) for path in (ROOT / "docs").glob("**/*.md")))
def test_what_a_page_links_to_exists(page: Path) -> None:
    linked = re.findall(r"\]\((?!http)([^)#]+)", (ROOT / page).read_text(encoding="utf-8"))
    assert [each for each in linked if not (ROOT / page).parent.joinpath(each).exists()] == []


def test_what_the_readme_links_to_exists() -> None:
    assert [each for each in re.findall(r"\]\((?!http)([^)#]+)", TEXT) if not (ROOT / each).exists()] == []


@pytest.mark.parametrize(
    "page", ["README.md", *sorted(f"docs/decisions/{p.name}" for p in (ROOT / "docs/decisions").glob("*.md"))]
)
def test_every_file_of_the_house_that_is_named_exists(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    named = set(re.findall(rf"(?:^|[`>( ])((?:{'|'.join(FOLDERS)})/[\w./-]*\w)", text, re.MULTILINE))
    assert [each for each in sorted(named) if not (ROOT / each).exists()] == []
