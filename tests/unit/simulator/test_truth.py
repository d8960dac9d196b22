"""What really happened, as the simulator drew it, against what the service makes of the messages."""

from collections import Counter
from pathlib import Path

import pytest

from deploy.local.simulator import pace, story
from deploy.local.simulator.chance import chance
from deploy.local.simulator.faults import disturbed
from deploy.local.simulator.happening import Message
from deploy.local.simulator.life import Life
from deploy.local.simulator.shopping import Shopping
from deploy.local.simulator.town import Town
from deploy.local.simulator.ways import CATALOGUE_WAYS, Way
from models.contract.decode import decode_event
from models.documents.reader import read_document
from models.facts import AnyFact
from models.judgement import Judgement, Origin
from models.purchase.assessing import Basis
from models.purchase.lifecycle import Moment
from models.purchase.memory import Rows
from models.reference.build import snapshot_of
from models.reference.folder import read_folder
from models.rules.judge import judge_of
from models.topics import DOCUMENTS
from models.vocabulary import Outcome
from tests.unit.simulator.conftest import NOW, PURCHASES

RULES = Path(__file__).parents[3] / "rulesets" / "default.toml"
UNCLEAR = {Way.UNPROVEN, Way.EXPIRED, Way.VAGUE}
OUTSIDE = {Way.OUTSIDE, Way.EXCLUDED_SUPPLIER, Way.EXCLUDED_ACCOUNT}


@pytest.fixture(scope="module")
def judged(history: list[Message], reference: Path) -> list[Judgement]:
    loaded = read_folder({path.name: path.read_bytes() for path in reference.iterdir()}, pseudonym=str)
    snapshot = snapshot_of(row for table in loaded.tables.values() for row in table.values())
    rows = Rows(Basis(snapshot, judge_of(RULES.read_text(encoding="utf-8"))))
    moment = Moment(Origin("erp.purchases", 0, 0), NOW.isoformat())
    for message in history:
        if not message.key.startswith(b"X"):
            rows.receive(fact_of(message), kind="test", moment=moment)
    return list(rows.judgements())


def fact_of(message: Message) -> AnyFact:
    if message.topic == DOCUMENTS:
        read = read_document(message.value, pseudonym=str)
        assert isinstance(read, AnyFact)
        return read
    return decode_event(message.value, headers={}, pseudonym=str)


@pytest.fixture(scope="module")
def ways(town: Town) -> dict[str, Way]:
    """The ways of the history's purchases by running number, drawn again as the story draws them."""
    random, shopping, tempo = chance(town.seed, "purchases", "history"), Shopping(town, always_rate=False), pace.Tempo()
    instants = pace.spread(chance(town.seed, "instants", "history"), town.begin, town.now, PURCHASES)
    drawn: dict[str, Way] = {}
    for number, at in enumerate(instants, story.FIRST_HISTORY_NUMBER):
        purchase = shopping.purchase(random, at, number)
        list(disturbed(random, Life(purchase, random, tempo, town.rates).told(), tempo))
        drawn[str(number)] = purchase.way
    return drawn


def outcome_meant(way: Way) -> Outcome:
    if way in CATALOGUE_WAYS:
        return Outcome.CATALOGUE
    if way in UNCLEAR:
        return Outcome.REVIEW
    return Outcome.EXCLUDED if way in OUTSIDE else Outcome.OFF_CHANNEL


def way_of(judgement: Judgement, ways: dict[str, Way]) -> Way | None:
    number = judgement.purchase.split("~")[1 if judgement.purchase.startswith("erp") else 2]
    return ways.get(number.removeprefix("K").removeprefix("F").removeprefix("SK-").split("-")[0])


def test_nearly_all_are_judged_as_they_really_happened(judged: list[Judgement], ways: dict[str, Way]) -> None:
    agreed = Counter(
        judgement.outcome is outcome_meant(way)
        for judgement in judged
        if judgement.outcome is not Outcome.VOID and (way := way_of(judgement, ways))
    )
    assert agreed.total() > PURCHASES * 0.9
    assert agreed[True] / agreed.total() > 0.98


def test_catalogue_trade_grows_from_next_to_nothing_to_about_half(judged: list[Judgement]) -> None:
    # Three months together: in a small history a single large order moves one month by some points.
    first, last = (
        catalogue_share(judged, months)
        for months in (("2025-06", "2025-07", "2025-08"), ("2026-04", "2026-05", "2026-06"))
    )
    assert first < 0.08
    assert 0.38 < last < 0.65


def catalogue_share(judged: list[Judgement], months: tuple[str, ...]) -> float:
    amounts: Counter[str] = Counter()
    for judgement in judged:
        if judgement.day.isoformat()[:7] in months:
            amounts.update(judgement.amounts_ore)
    return amounts["catalogue"] / (amounts["catalogue"] + amounts["off_channel"])
