import re
from pathlib import Path

import pytest

RECORDS = sorted((Path(__file__).parents[3] / "docs/decisions").glob("*.md"))
SECTIONS = ["Context", "Choice", "Measured", "Consequences"]


def test_records_are_numbered_without_a_gap() -> None:
    assert [int(path.name.partition("-")[0]) for path in RECORDS] == list(range(1, len(RECORDS) + 1))


@pytest.mark.parametrize("path", RECORDS, ids=lambda path: path.stem)
def test_a_record_is_short_and_has_its_four_sections(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.startswith(f"# {path.name[:3]}: ")
    assert re.findall(r"^## (.*)$", text, re.MULTILINE) == SECTIONS
    assert len(text.splitlines()) <= 40
