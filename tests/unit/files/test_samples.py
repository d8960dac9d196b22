"""The official sample documents, judged as an expert who reads domain.md would judge them."""

import random

import pytest

from models.files.answers import answers
from models.files.judging import Judged
from tests.unit.contract.builders import a_line, an_event, encoded
from tests.unit.files.judged import SAMPLES, judged, reference, samples, told

pytestmark = pytest.mark.skipif(not SAMPLES.is_dir(), reason="the sample documents are not beside the project")

NO_ITEM_KNOWN = ("review", "review", "undecided")
"""A structured order of numbered items, and no catalogue is held that could tell."""
NO_ORDER = ("off_channel", "no_order", "no_order_named")
BY_THE_SELLER = ("off_channel", "unknown", "order_agreement")


def only(result: Judged) -> tuple[str, str, str, str]:
    assert len(result.judgements) == 1
    assert not result.refused
    return told(result.judgements[0])


@pytest.mark.parametrize(
    ("story", "number", "expected", "amount_ore"),
    [
        ("BASPRO_01*", "5002701", NO_ITEM_KNOWN, 505_000),
        ("COMORG_01*", "5002701", NO_ITEM_KNOWN, 505_000),
        ("COMDEL_01*", "5002701", NO_ITEM_KNOWN, 38_800),
        ("COMPAY_04*", "5002815", NO_ITEM_KNOWN, 55_000),
        ("ADVORD_01*", "5002701", BY_THE_SELLER, 500_000),
        ("ADVORD_01*Invoice*", "A00095678", BY_THE_SELLER, 500_000),
        ("OIOUBL3_Invoice*", "202400095678", ("off_channel", "no_order", "order_not_seen"), 505_000),
    ],
)
def test_a_danish_story_alone(story: str, number: str, expected: tuple[str, str, str], amount_ore: int) -> None:
    result = judged(*samples(story))
    assert only(result) == (number, *expected)
    assert sum(result.judgements[0].amounts_ore.values()) == amount_ore


@pytest.mark.parametrize(
    ("document", "number", "expected", "lines"),
    [
        ("UC1_Order.xml", "1", NO_ITEM_KNOWN, 3),
        ("UC2_Order.xml", "1", ("off_channel", "free_text", "no_item_id"), 2),
        ("UC4_Order.xml", "5", NO_ITEM_KNOWN, 1),
        ("OrderAgreement_Example.xml", "11233", BY_THE_SELLER, 2),
        ("invoice-base-example.xml", "Snippet1", NO_ORDER, 2),
        ("invoice-Allowance-example.xml", "Snippet1", NO_ORDER, 3),
        ("invoice-vat-category-Z.xml", "Vat-Z", NO_ORDER, 1),
        ("invoice-base-creditnote-correction.xml", "Snippet1", ("excluded", "refund", "refund"), 2),
    ],
)
def test_a_peppol_document_alone(document: str, number: str, expected: tuple[str, str, str], lines: int) -> None:
    """None of them is in kroner, and no rate is known: judged, and kept out of the amounts."""
    result = judged(*samples(document))
    assert only(result) == (number, *expected)
    assert len(result.judgements[0].lines) == lines
    assert "no_rate" in result.judgements[0].flags


def test_an_invoice_and_its_credit_note_are_an_order_credited_to_zero() -> None:
    result = judged(*samples("BASPRO_03*"))
    assert only(result) == ("5002701", *NO_ITEM_KNOWN)
    assert "credited_to_zero" in result.judgements[0].flags
    assert result.judgements[0].credited_ore == 505_000


@pytest.mark.parametrize("name", ["BASPRO_01*OrderResponse*", "UC1_Order_response.xml", "OrderResponse_Example.xml"])
def test_a_response_that_does_not_reject_is_no_purchase(name: str) -> None:
    result = judged(*samples(name))
    assert (len(result.judgements), result.no_purchases, len(result.refused)) == (0, 1, 0)


def test_a_change_of_an_order_that_has_not_come_waits_for_it() -> None:
    result = judged(*samples("OrderChange_Example.xml"))
    assert (len(result.judgements), result.waiting, len(result.refused)) == (0, 1, 0)


def test_catalogues_are_reference_and_no_purchase() -> None:
    result = judged(*samples("*atalogue*.xml"))
    assert (len(result.judgements), result.catalogues, len(result.refused)) == (0, 4, 0)
    assert result.basis.snapshot.supplier_id(("DK45656787",))


def test_all_samples_together_are_twelve_purchases_and_none_is_lost() -> None:
    """Three of the Danish stories are of one order; the order that a seller recorded five months later is another."""
    result = judged(*samples("*.xml"))
    assert sorted(told(each) for each in result.judgements) == sorted(
        [
            ("5002701", *NO_ITEM_KNOWN),
            ("5002701", *NO_ITEM_KNOWN),
            ("5002701", *BY_THE_SELLER),
            ("5002815", *NO_ITEM_KNOWN),
            ("202400095678", "off_channel", "no_order", "order_not_seen"),
            ("1", *NO_ITEM_KNOWN),
            ("1", "off_channel", "free_text", "no_item_id"),
            ("5", *NO_ITEM_KNOWN),
            ("11233", *BY_THE_SELLER),
            ("Snippet1", *NO_ORDER),
            ("Snippet1", *NO_ORDER),
            ("Vat-Z", *NO_ORDER),
        ]
    )
    assert (result.no_purchases, result.catalogues, result.waiting, len(result.refused)) == (3, 4, 1, 0)


def test_the_order_in_which_files_are_named_changes_nothing() -> None:
    files = samples("*.xml")
    expected = list(answers(judged(*files)))
    for seed in range(3):
        random.Random(seed).shuffle(files)
        assert list(answers(judged(*files))) == expected


SCHOOL = {
    "units.csv": "unit,name,level,parent,identifiers\nK,Kommunen,municipality,,\nU,Skolen,institution,K,5798000416604\n",
    "suppliers.csv": "supplier,name,identifiers,punch_out\nS1,Tavler,DK16356706,false\nS2,Saucer,987654325,true\n",
    "agreements.csv": (
        "agreement,supplier,title,categories,valid_from,valid_to\n"
        "A1,S1,Tavler,UNSPSC:4411,2005-01-01,2006-12-31\nC1,S2,Saucer,,2013-01-01,2013-12-31\n"
        "TELE-1,DK45656787,Telefoner,UNSPSC:4319,2006-01-01,2007-12-31\n"
    ),
    "catalogue.csv": (
        "catalogue,supplier,item,price,currency,agreement,valid_from,valid_to\n"
        "KAT,S1,5712345780121,5000,DKK,A1,2005-01-01,2006-12-31\n"
    ),
    "rates.csv": "currency,day,rate\nEUR,2013-07-01,7.46\n",
}


def test_with_the_supplier_s_catalogue_the_item_in_it_is_catalogue_and_the_other_one_is_not() -> None:
    purchase = judged(*samples("BASPRO_01*"), on=reference(SCHOOL)).judgements[0]
    assert told(purchase) == ("5002701", "catalogue", "own_catalogue", "item_under_agreement")
    assert purchase.unit == "U"
    assert purchase.amounts_ore == {"catalogue": 500_000, "review": 5_000}


def test_a_quotation_of_a_punch_out_supplier_under_an_agreement_is_punch_out() -> None:
    purchase = judged(*samples("UC4_Order.xml"), on=reference(SCHOOL)).judgements[0]
    assert (purchase.outcome, purchase.channel) == ("catalogue", "punch_out")
    assert purchase.amounts_ore == {"catalogue": 37_300}


def test_an_order_that_a_seller_recorded_is_off_channel_also_where_the_item_is_in_a_catalogue() -> None:
    purchase = judged(*samples("ADVORD_01*"), on=reference(SCHOOL)).judgements[0]
    assert told(purchase) == ("5002701", *BY_THE_SELLER)
    assert purchase.lines[0].avoidable


def test_a_sample_catalogue_among_the_files_proves_an_order_from_it() -> None:
    """The line's validity begins after the document's own."""
    line = a_line(item="87067606", net_amount="760.00")
    for day, outcome in (("2006-09-01", "catalogue"), ("2006-06-01", "review")):
        event = an_event(
            data__lines=[line], data__placed_at=f"{day}T10:00:00+02:00", data__supplier="DK45656787", data__channel=None
        )
        result = judged(("orders.json", encoded(event)), *samples("CATEXE*"), on=reference(SCHOOL))
        assert [each.outcome for each in result.judgements] == [outcome], day
