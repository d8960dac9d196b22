"""Advice on one purchase from what the table keeps of it: its number's row, the reference and the rules that hold."""

import asyncio
from collections.abc import Iterable, Iterator

from aiokafka.errors import KafkaError

from handelspuls.errors import CannotRun
from handelspuls.reference_sets import reference_now
from handelspuls.settings import Settings
from handelspuls.streaming import default_ruleset
from models.purchase.advised import LineAdvice, advised
from models.purchase.assessing import Basis
from models.purchase.row import Row, decode
from models.rules.judge import judge_of
from models.rules.ruleset import read_ruleset
from models.topics import changelog_topic
from sinks.reports.texts import text as spoken
from sinks.web.language import Language
from streams.errors import StreamsError
from streams.judged import PREFIX
from streams.routing import home_of
from streams.stored import last_rows, partitions_of


def advice_lines(purchase: str, numbers: Iterable[str], *, settings: Settings, language: Language) -> Iterator[str]:
    """What would have made a purchase catalogue, told in lines of text.

    `numbers` are those whose rows may hold it: its own, and that of the order it names.
    """
    snapshot = reference_now(settings)
    text = snapshot.ruleset_text or default_ruleset()
    basis, ruleset = Basis(snapshot, judge_of(text)), read_ruleset(text)
    rows = [row for number in dict.fromkeys(numbers) for row in _rows(number, settings)]
    found = [each for row in rows for each in advised(row, purchase, basis=basis, ruleset=ruleset)]
    yield spoken("advice" if found else "no_advice", language)
    for line in found:
        yield from _told(line, language)


def _told(line: LineAdvice, language: Language) -> Iterator[str]:
    for rule in line.rules:
        needs = "; ".join(words.da if language is Language.DANISH else words.en for words in rule.needs)
        yield f"  {spoken('advice_line', language, line.line, rule.rule, needs)}"


def _rows(number: str, settings: Settings) -> list[Row]:
    """The number's row, or none; CannotRun where Kafka does not tell."""
    key = PREFIX + number.encode()
    try:
        found = asyncio.run(_stored(number, key, settings))
    except (KafkaError, StreamsError, OSError) as error:
        at = settings.kafka_bootstrap_servers
        raise CannotRun(
            f"The stored purchases cannot be read: {error or type(error).__name__}. Is Kafka at {at}?"
        ) from error
    return [decode(value) for name, value in found.items() if name == key]


async def _stored(number: str, key: bytes, settings: Settings) -> dict[bytes, bytes]:
    changelog = changelog_topic(f"{settings.app}.{settings.generation}", "purchases")
    servers = settings.kafka_bootstrap_servers
    partitions = await partitions_of(changelog, bootstrap_servers=servers)
    home = home_of(number, len(partitions))
    return await last_rows(changelog, home, beginnings=(key,), bootstrap_servers=servers)
