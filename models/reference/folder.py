"""A folder of reference files, validated as one set: file names and their bytes in, tables of rows or problems out."""

import tomllib
from collections.abc import Callable, Mapping, Sequence

import msgspec

from models.contract.unnamed import unnamed, unnamed_text
from models.documents.catalogues import CatalogueDocument
from models.reference import checks
from models.reference.checks import Place, Tables
from models.reference.csv_file import ReadFile, read_csv
from models.reference.problems import Problem
from models.reference.rows import AnyRow, BuyerRow, RulesetRow
from models.reference.tables import CSV_TABLES, Table

Pseudonym = Callable[[str], str]
"""From an ERP's buyer id to what the service calls the buyer."""

DocumentReader = Callable[[bytes], object]
"""What a UBL document says; a ValueError's text says what is wrong with it."""

RulesetCheck = Callable[[str], Sequence[str]]
"""What is wrong with a ruleset's text."""


class Loaded(msgspec.Struct):
    """A folder's set: the whole table of each CSV file, and what comes without its table."""

    tables: dict[str, dict[str, AnyRow]] = {}
    rulesets: list[RulesetRow] = []
    documents: list[CatalogueDocument] = []
    errors: list[Problem] = []
    warnings: list[Problem] = []
    lines: dict[str, dict[str, int]] = {}
    """Where each row of a file stands, by table and key."""


def is_reference_file(name: str) -> bool:
    """Is a file of this name part of a reference folder?"""
    return name.removesuffix(".csv") in CSV_TABLES or name.lower().endswith((".toml", ".xml"))


def read_folder(
    files: Mapping[str, bytes],
    *,
    pseudonym: Pseudonym,
    read_document: DocumentReader | None = None,
    check_ruleset: RulesetCheck | None = None,
    progress: Callable[[str, int], None] | None = None,
) -> Loaded:
    """Read the files of a folder, each for itself; `check` then looks at the whole."""
    loaded = Loaded()
    for name in sorted(files):
        table = CSV_TABLES.get(name.removesuffix(".csv")) if name.endswith(".csv") else None
        if table is not None:
            _take(loaded, table.name, _read_table(table, files[name], pseudonym))
        elif name.lower().endswith(".toml"):
            _take_ruleset(loaded, name, files[name], check_ruleset)
        elif name.lower().endswith(".xml") and read_document is not None:
            _take_document(loaded, name, files[name], read_document)
        elif name.lower().endswith(".csv"):
            known = ", ".join(one.file for one in CSV_TABLES.values())
            loaded.warnings.append(
                Problem(name, 0, "", f"is no file of the contract and is left out; known are {known}")
            )
        if progress is not None:
            progress(name, len(loaded.tables.get(table.name, {})) if table else 0)
    return loaded


def check(loaded: Loaded, standing: Tables | None = None) -> Loaded:
    """The same with what is wrong with the set as a whole; `standing` is what holds for tables without a file."""
    place = Place(loaded.lines)
    tables: Tables = {**(standing or {}), **loaded.tables}
    found = msgspec.structs.replace(loaded)
    found.errors = [*loaded.errors, *_active_rulesets(loaded.rulesets), *checks.errors(loaded.tables, place)]
    found.warnings = [*loaded.warnings, *checks.warnings(tables, place)]
    return found


def _take(loaded: Loaded, table: str, read: ReadFile) -> None:
    loaded.tables[table] = read.rows
    loaded.lines[table] = read.lines
    loaded.errors += read.errors
    loaded.warnings += read.warnings


def _read_table(table: Table, content: bytes, pseudonym: Pseudonym) -> ReadFile:
    """The rows, and no CPR number in any of them: the ids in events and documents are treated alike, and still meet."""
    if table.name == BuyerRow.table:
        return _pseudonymised(read_csv(table, content), pseudonym, table.file)
    text = content.decode(errors="surrogateescape")
    return read_csv(table, unnamed_text(text, pseudonym=pseudonym).encode(errors="surrogateescape"))


def _pseudonymised(read: ReadFile, pseudonym: Pseudonym, file: str) -> ReadFile:
    """The same with pseudonyms for ids; the lines go by the new keys, and no message keeps an id."""
    result = ReadFile(warnings=read.warnings, errors=[_without_value(problem) for problem in read.errors])
    for key, row in read.rows.items():
        if isinstance(row, BuyerRow):
            hidden = unnamed(msgspec.structs.replace(row, buyer=pseudonym(row.buyer)), pseudonym=pseudonym)
            if hidden.key in result.rows:
                result.errors.append(Problem(file, read.lines[key], "buyer", "the same buyer twice from the same day"))
            result.rows[hidden.key] = hidden
            result.lines[hidden.key] = read.lines[key]
    return result


def _without_value(problem: Problem) -> Problem:
    if problem.column in ("buyer", ""):
        return msgspec.structs.replace(
            problem, message="cannot be used: the id or the row is not as it should be, or is there twice"
        )
    return problem


def _take_ruleset(loaded: Loaded, name: str, content: bytes, check: RulesetCheck | None) -> None:
    try:
        text = content.decode("utf-8-sig")
        head = tomllib.loads(text)
    except ValueError as error:
        loaded.errors.append(Problem(name, 0, "", f"is no TOML ({error})"))
        return
    row = RulesetRow(
        name=str(head.get("name", name.removesuffix(".toml"))),
        version=str(head.get("version", "")),
        text=text,
        active=head.get("active", True) is True,
        author=str(head.get("author", "")),
        approver=str(head.get("approver", "")),
        comment=str(head.get("comment", "")),
    )
    if not row.version:
        loaded.errors.append(Problem(name, 0, "version", "is missing; every ruleset says its version"))
    loaded.errors += [Problem(name, 0, "", sentence) for sentence in (check(text) if check else ())]
    loaded.rulesets.append(row)


def _take_document(loaded: Loaded, name: str, content: bytes, read_document: DocumentReader) -> None:
    try:
        document = read_document(content)
    except ValueError as error:
        loaded.errors.append(Problem(name, 0, "", str(error)))
        return
    if isinstance(document, CatalogueDocument):
        loaded.documents.append(document)
    else:
        loaded.warnings.append(Problem(name, 0, "", "is no catalogue and is left out"))


def _active_rulesets(rulesets: Sequence[RulesetRow]) -> list[Problem]:
    active = [row.key for row in rulesets if row.active]
    if len(active) <= 1:
        return []
    message = f"only one ruleset can be active; these are: {', '.join(active)}. Write active = false in the others"
    return [Problem("*.toml", 0, "active", message)]
