"""Claims about reference files: what is read, what is refused, and with which words."""

from datetime import date

import pytest

from models.reference.changes import changes_of, loaded_snapshot, tables_of
from models.reference.checks import MOST_OF_A_KIND
from models.reference.csv_file import MOST_PROBLEMS
from models.reference.folder import Loaded, check, read_folder
from models.reference.rows import BuyerRow, CatalogueRow, Level, RateRow, UnitRow

UNITS = "unit,name,level,parent\nK-1,Byen,municipality,\nU-1,Skolen,institution,K-1\n"
SUPPLIERS = "supplier\nS-1\n"


def load(**files: str | bytes) -> Loaded:
    """A folder of CSV files, named without their ending."""
    contents = {f"{name}.csv": text.encode() if isinstance(text, str) else text for name, text in files.items()}
    return check(read_folder(contents, pseudonym=lambda buyer: f"hidden-{len(buyer)}"))


def error(**files: str | bytes) -> str:
    loaded = load(**files)
    assert len(loaded.errors) == 1, loaded.errors
    return str(loaded.errors[0])


def test_a_file_with_semicolons_decimal_commas_and_a_byte_order_mark_says_the_same() -> None:
    plain = load(suppliers=SUPPLIERS, catalogue="catalogue,supplier,item,price\nC,S-1,a,1234.50\n")
    danish = load(suppliers=SUPPLIERS, catalogue="\ufeffcatalogue;supplier;item;price\r\nC;S-1;a;1234,50\r\n".encode())
    assert plain.tables["catalogue"] == danish.tables["catalogue"]
    assert [row.price for row in loaded_snapshot(danish).rows(CatalogueRow)] == ["1234.5"]


def test_optional_columns_may_be_missing_and_optional_cells_empty() -> None:
    assert list(load(units=UNITS).tables["units"].values()) == [
        UnitRow("K-1", "Byen", Level.MUNICIPALITY),
        UnitRow("U-1", "Skolen", Level.INSTITUTION, "K-1"),
    ]


def test_columns_may_stand_in_any_order_and_unknown_ones_are_told_and_left_out() -> None:
    loaded = load(rates="note,rate,day,currency\nx,7.46,2026-03-02,EUR\n")
    assert list(loaded.tables["rates"].values()) == [RateRow("EUR", date(2026, 3, 2), "7.46")]
    assert [problem.column for problem in loaded.warnings] == ["note"]


def test_a_missing_column_is_told_by_name() -> None:
    assert error(rates="currency,day\n") == "rates.csv, row 1, column rate: the column is missing; add it"


def test_every_wrong_cell_is_told_with_its_row_and_column() -> None:
    loaded = load(rates="currency,day,rate\nEUR,2026-03-02,7.46\neuro,2.3.2026,\n")
    assert [(problem.row, problem.column) for problem in loaded.errors] == [(3, "currency"), (3, "day"), (3, "rate")]


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        ({"rates": "currency,day,rate\nEUR,2026-13-02,1\n"}, "“2026-13-02” is no day; write it as 2026-03-31"),
        ({"rates": "currency,day,rate\nEUR,2026-03-02,0\n"}, "“0” must be above zero"),
        ({"rates": 'currency,day,rate\nEUR,2026-03-02,"7,46"\n'}, "“7,46” is no number"),
        ({"units": "unit,name,level\nU,N,school\n"}, "“school” is no level; one of institution"),
        ({"accounts": "account,exclusion\n2,holiday\n"}, "“holiday” is no excluded channel"),
        ({"mandatory": "category\n14111507\n"}, "“14111507” is no category; write UNSPSC:14111507"),
        ({"units": "unit,name,level\nU,N\n"}, "has 2 cells, the header has 3"),
        ({"units": "unit,name,level\n,N,area\n"}, "is empty; every row needs it"),
        ({"units": b"unit,name,level\nU,B\xf8rn,area\n"}, "is not UTF-8 text"),
        ({"units": 'unit,name,level\nU,"N,area\n'}, "is broken here"),
        ({"targets": "unit,figure,target\nU,e_handelsgrad_amount,80\n"}, "“80” is no share; write 80 % as 0.8"),
        ({"suppliers": "supplier\nS-1\nS-1\n"}, "says again what row 2 says (S-1); keep one of them"),
        ({"units": UNITS + "U-2,X,area,U-3\nU-3,Y,area,U-2\n"}, ""),
    ],
)
def test_what_is_wrong_is_said_with_what_to_do(files: dict[str, str | bytes], sentence: str) -> None:
    loaded = load(**files)
    assert loaded.errors
    assert sentence in str(loaded.errors[0])


def test_a_cycle_in_the_tree_refuses_the_set_and_names_its_units() -> None:
    loaded = load(units=UNITS + "U-2,X,area,U-3\nU-3,Y,area,U-2\n")
    assert [problem.row for problem in loaded.errors] == [4, 5]
    assert "above itself" in loaded.errors[0].message


def test_a_cycle_that_only_exists_in_the_past_is_found_too() -> None:
    units = "unit,name,level,parent,valid_from,valid_to\nA,A,area,B,,2025-12-31\nA,A,area,,2026-01-01,\nB,B,area,A,,\n"
    assert load(units=units).errors


def test_a_validity_that_ends_before_it_begins_is_refused() -> None:
    assert "before it begins" in error(mandatory="category,valid_from,valid_to\nUNSPSC:14,2026-01-02,2026-01-01\n")


def test_references_to_nothing_are_warnings() -> None:
    loaded = load(
        units="unit,name,level,parent\nU-1,S,area,K-7\n", catalogue="catalogue,supplier,item,agreement\nC,S,a,A\n"
    )
    assert not loaded.errors
    assert {(problem.file, problem.column) for problem in loaded.warnings} == {
        ("units.csv", "parent"),
        ("catalogue.csv", "supplier"),
        ("catalogue.csv", "agreement"),
    }


def test_an_overlap_is_a_warning_that_says_which_row_wins() -> None:
    loaded = load(
        suppliers=SUPPLIERS,
        agreements="agreement,supplier,valid_from,valid_to\nA,S-1,2026-01-01,2026-06-30\nA,S-1,2026-06-01,\n",
    )
    assert "it wins there" in loaded.warnings[0].message


def test_warnings_of_one_kind_are_counted_not_repeated_for_ever() -> None:
    rows = "".join(f"C,S-9,i{number}\n" for number in range(100))
    assert len(load(catalogue=f"catalogue,supplier,item\n{rows}").warnings) == MOST_OF_A_KIND + 1


def test_a_file_in_the_wrong_format_stops_after_many_errors() -> None:
    rows = "".join(f"EUR,day {number},1\n" for number in range(5000))
    assert len(load(rates=f"currency,day,rate\n{rows}").errors) == MOST_PROBLEMS + 1


def test_buyers_are_pseudonyms_from_the_moment_they_are_read() -> None:
    loaded = load(buyers="buyer,unit\nB-778,U-1\n")
    assert list(loaded.tables["buyers"].values()) == [BuyerRow("hidden-5", "U-1")]


def test_no_message_about_buyers_holds_an_id() -> None:
    loaded = load(buyers=f"buyer,unit\nB-778,U-1\nB-778,U-1\nB-{'7' * 80},U-1\n")
    assert len(loaded.errors) == 2
    assert not any("B-7" in str(problem) for problem in loaded.errors)


def test_a_header_only_file_empties_its_table_and_a_missing_one_leaves_it() -> None:
    standing = tables_of(loaded_snapshot(load(units=UNITS, suppliers=SUPPLIERS)))
    changes, differences = changes_of(load(suppliers="supplier\n"), standing)
    assert [(one.table, one.dropped) for one in differences] == [("suppliers", 1)]
    assert [change.deleted for change in changes] == [True]


def test_the_same_set_again_changes_nothing() -> None:
    loaded = load(units=UNITS, suppliers=SUPPLIERS)
    changes, differences = changes_of(loaded, tables_of(loaded_snapshot(loaded)))
    assert changes == []
    assert all(one.nothing for one in differences)


@pytest.mark.parametrize(("kept", "too_much"), [(7, True), (8, False)])
def test_dropping_more_than_a_fifth_of_a_table_is_too_much(kept: int, *, too_much: bool) -> None:
    before = load(suppliers="supplier\n" + "".join(f"S-{number}\n" for number in range(10)))
    after = load(suppliers="supplier\n" + "".join(f"S-{number}\n" for number in range(kept)))
    _, (difference,) = changes_of(after, tables_of(loaded_snapshot(before)))
    assert difference.drops_too_much is too_much


def test_a_ruleset_is_kept_when_the_next_one_becomes_active() -> None:
    first = read_folder({"a.toml": b'name = "standard"\nversion = "1"\n'}, pseudonym=str)
    second = read_folder({"a.toml": b'name = "standard"\nversion = "2"\n'}, pseudonym=str)
    changes, _ = changes_of(second, tables_of(loaded_snapshot(first)))
    assert {change.row.key: getattr(change.row, "active") for change in changes} == {  # noqa: B009 - rows differ
        "standard@1": False,
        "standard@2": True,
    }


def test_two_active_rulesets_are_refused() -> None:
    files = {name: f'name = "{name}"\nversion = "1"\n'.encode() for name in ("a.toml", "b.toml")}
    assert "only one ruleset" in check(read_folder(files, pseudonym=str)).errors[0].message


def test_a_file_that_the_contract_does_not_know_is_told() -> None:
    assert load(enheder="a\n1\n").warnings[0].file == "enheder.csv"
