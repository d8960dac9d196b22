"""Templates with everything escaped, and what each of them can call."""

import shlex
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from models.rules.ruleset import Ruleset
from models.tally.windows import WINDOWS
from models.vocabulary import CHANNELS, Outcome
from sinks.web import format as formats
from sinks.web.figure_words import Pair
from sinks.web.language import Language
from sinks.web.links import href, quoted
from sinks.web.queries.league import LEVELS
from sinks.web.queries.tree import UNASSIGNED_NAME
from sinks.web.rule_words import FROM_THE_CASE, KINDS, condition_words
from sinks.web.texts import Texts
from sinks.web.words import LEVELS as LEVEL_WORDS
from sinks.web.words import Words

FOLDER = Path(__file__).parent / "templates"
MOST_SHARED = 200
_FORMATS: tuple[Callable[..., str], ...] = (
    formats.number,
    formats.amount,
    formats.exact_amount,
    formats.percent,
    formats.points,
    formats.signed,
    formats.gap,
    formats.day,
    formats.iso_day,
    formats.month,
    formats.moment,
    formats.clock,
    formats.duration,
)


class Templates:
    """One environment for each language; names from the outside can never become markup."""

    def __init__(self, *, reasons: Mapping[str, Pair], stylesheet: str) -> None:
        self._environments = {language: _environment(language, reasons, stylesheet) for language in Language}
        self._shared: OrderedDict[tuple[Hashable, ...], tuple[object, str]] = OrderedDict()

    def render(self, template: str, language: Language, **context: Any) -> str:
        return self._environments[language].get_template(template).render(**context)

    def render_shared(self, template: str, language: Language, *, view: object, live: bool, **context: Any) -> str:
        """The same for all who look at one view: rendered once for each language."""
        key = (template, language, live, id(view))
        if key not in self._shared:
            self._shared[key] = (view, self.render(template, language, view=view, live=live, **context))
            while len(self._shared) > MOST_SHARED:
                self._shared.popitem(last=False)
        return self._shared[key][1]

    def text(self, language: Language) -> Texts:
        return cast("Texts", self._environments[language].globals["t"])

    def word(self, language: Language) -> Words:
        return cast("Words", self._environments[language].globals["w"])


def _environment(language: Language, reasons: Mapping[str, Pair], stylesheet: str) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["unit"] = partial(unit_words, language=language)
    environment.globals |= {
        "t": Texts(language=language),
        "w": Words(language=language, reasons=reasons),
        "f": SimpleNamespace(
            nothing=formats.NOTHING, **{each.__name__: partial(each, language=language) for each in _FORMATS}
        ),
        "language": language,
        "condition": partial(condition_words, language=language),
        "rule_words": lambda ruleset, rule: _rule_words(ruleset, rule, language),
        "rule_kind": lambda code: KINDS[code][0 if language is Language.DANISH else 1],
        "rule_channel": lambda code: _rule_channel(code, language),
        "href": href,
        "quoted": quoted,
        "shell": shlex.quote,
        "css": css_share,
        "css_weight": css_weight,
        "windows": WINDOWS,
        "levels": LEVELS,
        "outcomes": [outcome.value for outcome in Outcome],
        "channels": [c.value for o in (Outcome.CATALOGUE, Outcome.OFF_CHANNEL, Outcome.EXCLUDED) for c in CHANNELS[o]],
        "stylesheet": stylesheet,
    }
    return environment


def _rule_channel(code: str, language: Language) -> str:
    """The channel that a rule gives, or where it takes it from."""
    if code in FROM_THE_CASE:
        return FROM_THE_CASE[code][0 if language is Language.DANISH else 1]
    return Words(language=language, reasons={})(code, "channel")


def _rule_words(ruleset: Ruleset, rule: str, language: Language) -> str:
    """What a rule says, or its id where the ruleset does not hold it."""
    found = next((each for each in ruleset.rules if each.id == rule), None)
    return rule if found is None else found.da if language is Language.DANISH else found.en


def unit_words(name: str, language: Language) -> str:
    """A unit's name; only that of the unassigned is ours to translate."""
    return LEVEL_WORDS["unassigned"][1] if name == UNASSIGNED_NAME and language is Language.ENGLISH else name


def css_share(fraction: float | None) -> str:
    """A fraction as a CSS width, kept within its scale."""
    return f"{max(0.0, min(fraction or 0.0, 1.0)) * 100:.2f}%"


def css_weight(amount: int) -> str:
    """An amount as a CSS flex weight; nothing negative."""
    return f"{max(amount, 0) / 100:.0f}"
