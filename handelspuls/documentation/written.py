"""The generated pages: which there are, and what stands in each."""

from collections.abc import Mapping

from handelspuls.documentation.rights import rights_page
from handelspuls.documentation.rules import rules_page
from handelspuls.documentation.settings import settings_page
from handelspuls.documentation.topics import topics_page
from models.rules.ruleset import Ruleset


def pages(ruleset: Ruleset) -> Mapping[str, str]:
    """Name of a file below docs → its content."""
    return {
        "rights.md": rights_page(),
        "rules.md": rules_page(ruleset),
        "settings.md": settings_page(),
        "topics.md": topics_page(),
    }
