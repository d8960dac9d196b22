"""Why a condition does not hold, word by word, in both languages: it is what a unit gets for an answer."""

from datetime import date

import pytest

from models.reference.rows import AgreementRow, CatalogueRow, StandingOrderRow, SupplierRow
from models.rules.case import LineCase
from models.rules.condition import Condition
from models.rules.missing import missing
from tests.builders import line
from tests.unit.rules.cases import case

OLD = AgreementRow("A1", "S1", "", ("UNSPSC:1411",), date(2025, 1, 1), date(2026, 1, 31))
NEW = AgreementRow("A1", "S1", "", ("UNSPSC:1411",), date(2025, 1, 1).replace(year=2027))
HIDDEN = CatalogueRow(
    catalogue="CAT-1", supplier="S1", item="11-2233", orderable=False, agreement="A1", valid_from=date(2025, 1, 1)
)
ONCE = CatalogueRow(catalogue="CAT-1", supplier="S1", item="7", gtin="57", valid_to=date(2026, 2, 1))
STANDING = StandingOrderRow("F-1", "S1", "U2")


def words(predicate: str, of: LineCase) -> tuple[str, str]:
    parameters = {"channels": ["catalogue"]} if predicate == "stated_channel_in" else {}
    said = missing(of, Condition.model_validate({"predicate": predicate, **parameters}))
    return said.da, said.en


@pytest.mark.parametrize(
    ("predicate", "of", "da", "en"),
    [
        (
            "item_in_catalogue",
            case(None, HIDDEN),
            "varen 11-2233 kunne ikke bestilles i kataloget CAT-1 den 2026-03-02",
            "the item 11-2233 could not be ordered in the catalogue CAT-1 on 2026-03-02",
        ),
        ("item_in_catalogue", case(line(item=None)), "linjen har intet varenummer", "the line has no item id"),
        (
            "item_in_catalogue",
            case(line(item="N/A")),
            "linjen har intet varenummer (“N/A” siger ingenting)",
            "the line has no item id (“N/A” says nothing)",
        ),
        (
            "item_in_catalogue",
            case(line(item="7"), ONCE),
            "varen 7 i kataloget ophørte 2026-02-01",
            "the item 7 in the catalogue ended 2026-02-01",
        ),
        (
            "item_in_catalogue",
            case(line(item=None, gtin="57"), ONCE),
            "varen GTIN 57 i kataloget ophørte 2026-02-01",
            "the item GTIN 57 in the catalogue ended 2026-02-01",
        ),
        (
            "item_in_catalogue",
            case(line(item="8"), supplier="S2"),
            "varen 8 står ikke i et katalog fra Bageren (S2) den 2026-03-02",
            "the item 8 is not in a catalogue of Bageren (S2) on 2026-03-02",
        ),
        (
            "item_in_catalogue",
            case(line(item="8"), supplier="DK99"),
            "varen 8 står ikke i et katalog fra DK99 den 2026-03-02",
            "the item 8 is not in a catalogue of DK99 on 2026-03-02",
        ),
        (
            "item_in_catalogue",
            case(line(item="8"), SupplierRow("S3"), supplier="S3"),
            "varen 8 står ikke i et katalog fra S3 den 2026-03-02",
            "the item 8 is not in a catalogue of S3 on 2026-03-02",
        ),
        (
            "item_in_catalogue",
            case(line(item="8"), supplier=""),
            "varen 8 står ikke i et katalog fra ? den 2026-03-02",
            "the item 8 is not in a catalogue of ? on 2026-03-02",
        ),
        (
            "agreement_covers",
            case(line(item=None, category=None)),
            "aftalen A1 med Papirlageret (S1) dækker ikke en linje uden kategori",
            "the agreement A1 with Papirlageret (S1) does not cover a line without a category",
        ),
        (
            "agreement_covers",
            case(None, AgreementRow("A0", "S1", "", ("UNSPSC:99",)), without=(CatalogueRow,)),
            "aftalen A0, A1 med Papirlageret (S1) dækker ikke UNSPSC:14111507",
            "the agreement A0, A1 with Papirlageret (S1) does not cover UNSPSC:14111507",
        ),
        ("agreement_covers", case(None, OLD), "aftalen A1 ophørte 2026-01-31", "the agreement A1 ended 2026-01-31"),
        (
            "supplier_has_agreement",
            case(None, NEW, without=(AgreementRow,)),
            "aftalen A1 begynder først 2027-01-01",
            "the agreement A1 does not begin before 2027-01-01",
        ),
        (
            "supplier_has_agreement",
            case(supplier="S2"),
            "der er ingen aftale med Bageren (S2)",
            "there is no agreement with Bageren (S2)",
        ),
        (
            "supplier_has_agreement",
            case(None, OLD, AgreementRow("A7", "S1", valid_to=date(2026, 2, 2)), agreement="A7"),
            "aftalen A7 ophørte 2026-02-02",
            "the agreement A7 ended 2026-02-02",
        ),
        (
            "supplier_has_agreement",
            case(None, OLD, AgreementRow("A7", "S1", valid_to=date(2026, 2, 2)), agreement="A8"),
            "aftalen A1, A7 ophørte 2026-02-02",
            "the agreement A1, A7 ended 2026-02-02",
        ),
        (
            "agreement_on_punch_out",
            case(line(item=None, category=None), supplier="S2"),
            "der er ingen aftale med Bageren (S2)",
            "there is no agreement with Bageren (S2)",
        ),
        (
            "agreement_on_punch_out",
            case(line(item=None), AgreementRow("A1", "S1", "", ("UNSPSC:99",), date(2025, 1, 1))),
            "aftalen A1 med Papirlageret (S1) dækker ikke UNSPSC:14111507",
            "the agreement A1 with Papirlageret (S1) does not cover UNSPSC:14111507",
        ),
        (
            "punched_out",
            case(),
            "der er ingen henvisning til en punch-out",
            "no punch-out session is referred to",
        ),
        (
            "punched_out",
            case(punch_out="1"),
            "der er ingen henvisning til en punch-out (“1” siger ingenting)",
            "no punch-out session is referred to (“1” says nothing)",
        ),
        (
            "punched_out",
            case(punch_out="s-1", supplier="DK99"),
            "DK99 er ikke i leverandørlisten, så punch-out s-1 beviser intet",
            "DK99 is not in the list of suppliers, so the punch-out s-1 proves nothing",
        ),
        (
            "punched_out",
            case(punch_out="s-1", supplier="S2"),
            "Bageren (S2) er ikke registreret til punch-out",
            "Bageren (S2) is not registered for punch-out",
        ),
        (
            "on_standing_order",
            case(),
            "der er ikke henvist til en fast ordre",
            "no standing order is referred to",
        ),
        (
            "on_standing_order",
            case(None, STANDING, standing_order="F-9"),
            "den faste ordre F-9 er ikke registreret hos Papirlageret (S1)",
            "the standing order F-9 is not registered with Papirlageret (S1)",
        ),
        (
            "on_standing_order",
            case(None, STANDING, standing_order="F-1"),
            "den faste ordre F-1 gælder ikke for enheden U1",
            "the standing order F-1 is not for the unit U1",
        ),
        (
            "on_standing_order",
            case(None, StandingOrderRow("F-1", "S1", None, None, date(2026, 3, 1)), standing_order="F-1"),
            "den faste ordre F-1 ophørte 2026-03-01",
            "the standing order F-1 ended 2026-03-01",
        ),
        (
            "supplier_has_no_catalogue",
            case(),
            "et katalog fra Papirlageret (S1) er indlæst, og varen skal stå i det",
            "a catalogue of Papirlageret (S1) is held, and the item has to be in it",
        ),
        ("stated_channel_in", case(), "ERP-systemet oplyser ingen kanal", "the ERP states no channel"),
        (
            "stated_channel_in",
            case(channel="phone"),
            "ERP-systemet oplyser kanalen phone",
            "the ERP states the channel phone",
        ),
        (
            "order_is_named",
            case(),
            "betingelsen order_is_named er ikke opfyldt",
            "the condition order_is_named does not hold",
        ),
    ],
)
def test_what_is_missing_is_said_in_both_languages(predicate: str, of: LineCase, da: str, en: str) -> None:
    assert words(predicate, of) == (da, en)


def test_of_several_days_the_nearest_is_told() -> None:
    rows = [AgreementRow("A1", "S1", "", (), None, date(2026, month, 1)) for month in (1, 2)]
    later = [AgreementRow("A1", "S1", "", (), date(2027, month, 1)) for month in (3, 2)]
    ended = case(None, rows[0], StandingOrderRow("F", "S1", None, None, date(2026, 2, 1)), without=(AgreementRow,))
    assert words("supplier_has_agreement", ended)[1] == "the agreement A1 ended 2026-01-01"
    begins = case(None, *later, without=(AgreementRow,))
    assert words("supplier_has_agreement", begins)[1] == "the agreement A1 does not begin before 2027-02-01"
