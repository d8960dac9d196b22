from datetime import date

import pytest

from models.contract.decode import FACTS, decode_event
from models.contract.events import EVENTS
from models.contract.examples import inputs
from models.facts import Cancellation, Category, CreditNote, Decision, Invoice, Order, OrderReference
from models.refusal import RefusalError
from models.vocabulary import RejectionCode
from tests.unit.contract.builders import PSEUDONYM, REMOVED, a_line, an_event, decoded, encoded


def an_order(**changes: object) -> Order:
    fact = decoded(an_event("order.placed", **changes))
    assert isinstance(fact, Order)
    return fact


def an_invoice(**changes: object) -> Invoice | CreditNote:
    fact = decoded(an_event("invoice.received", **changes))
    assert isinstance(fact, Invoice | CreditNote)
    return fact


def a_credit_note(**changes: object) -> CreditNote:
    fact = decoded(an_event("credit_note.received", **changes))
    assert isinstance(fact, CreditNote)
    return fact


def a_decision(kind: str = "decision.made", **changes: object) -> Decision:
    fact = decoded(an_event(kind, **changes))
    assert isinstance(fact, Decision)
    return fact


def test_every_event_type_becomes_a_fact() -> None:
    assert set(EVENTS) == set(FACTS) == set(inputs())
    for event in inputs().values():
        assert decoded(event).number == "4500012345"


def test_an_order_is_read_field_by_field() -> None:
    order = an_order()
    line = order.content.lines[0]
    assert (order.source, order.day, order.frame) == ("erp/kvantum", date(2026, 3, 2), False)
    assert (order.content.units, order.content.suppliers) == (("U-10234",), ("DK12345678",))
    assert (line.net_hundredths, line.unit_price, line.category) == (24_500, "24.50", Category("UNSPSC", "14111507"))
    assert (order.stamp.version, order.stamp.time_ms, order.stamp.event_id) == (1, 1_772_439_300_000, "b7c1-0001")


def test_an_order_needs_no_more_than_the_five_fields() -> None:
    data = {
        "order": "1",
        "placed_at": "2026-03-02T09:15:00",
        "unit": "U",
        "supplier": "S",
        "lines": [a_line(net_amount=12)],
    }
    fact = decoded({"id": "1", "source": "s", "type": "order.placed", "data": data})
    assert isinstance(fact, Order)
    assert (fact.content.currency, fact.content.lines[0].net_hundredths) == ("DKK", 1_200)


def test_a_buyer_leaves_as_a_pseudonym_and_an_empty_one_as_none() -> None:
    assert an_order().content.buyer == PSEUDONYM("B-778")
    assert an_order(data__buyer="").content.buyer is None
    assert an_order(data__buyer=None).content.buyer is None


def test_a_cpr_number_in_a_description_does_not_leave() -> None:
    order = an_order(data__lines__0__description="Briller til 010190-1234")
    assert order.content.lines[0].description == "Briller til **********"


def test_a_description_is_kept_short_and_on_one_line() -> None:
    order = an_order(data__lines__0__description="a\nb\0c" + "x" * 5_000)
    description = order.content.lines[0].description
    assert description is not None
    assert description.startswith("a b cx")
    assert len(description) == 500


@pytest.mark.parametrize(
    ("amount", "hundredths"),
    [
        ("245.00", 24_500),
        (245, 24_500),
        (24.5, 2_450),
        ("-0.50", -50),
        ("-0", 0),
        ("7.1", 710),
        ("007.10", 710),
        ("1.0000", 100),
        ("999999999999.99", 99_999_999_999_999),
        (0.1, 10),
    ],
)
def test_amounts_become_exact_hundredths(amount: object, hundredths: int) -> None:
    order = an_order(data__lines=[a_line(line="a", net_amount="100"), a_line(line="b", net_amount=amount)])
    assert order.content.lines[1].net_hundredths == hundredths


def test_a_time_without_an_offset_is_copenhagens() -> None:
    late = an_order(data__placed_at="2026-07-01T23:30:00Z")
    local = an_order(data__placed_at="2026-07-01T23:30:00")
    assert (late.day, local.day) == (date(2026, 7, 2), date(2026, 7, 1))
    assert an_order(time="2026-07-01T12:00:00").stamp == an_order(time="2026-07-01T10:00:00Z").stamp


def test_the_time_stands_in_for_a_version_that_the_source_leaves_out() -> None:
    stamp = an_order(data__version=REMOVED).stamp
    assert stamp.version == stamp.time_ms == 1_772_439_300_000


def test_placed_at_stands_in_for_the_time_of_a_first_order() -> None:
    assert an_order(time=REMOVED).stamp.time_ms == 1_772_439_300_000


def test_the_digest_tells_contents_apart_and_not_envelopes() -> None:
    assert an_order(id="another", time=REMOVED).stamp.digest == an_order().stamp.digest
    assert an_order(data__lines__0__net_amount="245.01").stamp.digest != an_order().stamp.digest


@pytest.mark.parametrize(
    "profile",
    ["42", "urn:fdc:peppol.eu:poacc:bis:ORDER_AGREEMENT:3", "urn:x:profile:bii42:ver1.0", "Procurement-OrdSel-1.0"],
)
def test_an_order_agreement_is_known_by_its_profile(profile: str) -> None:
    assert an_order(data__profile=profile).content.order_agreement


def test_an_ordinary_profile_is_no_order_agreement() -> None:
    assert not an_order(data__profile="urn:fdc:peppol.eu:poacc:bis:ordering:3").content.order_agreement


def test_empty_optional_ids_are_none() -> None:
    order = an_order(data__agreement=" ", data__account="", data__lines__0__item="", data__lines__0__catalogue="")
    assert (order.content.agreement, order.content.account) == (None, None)
    assert (order.content.lines[0].item, order.content.lines[0].catalogue) == (None, None)


def test_ids_lose_the_blanks_around_them() -> None:
    assert an_order(data__order="  4500012345 ").number == "4500012345"


def test_an_invoice_stands_under_the_order_it_names() -> None:
    invoice = an_invoice()
    assert isinstance(invoice, Invoice)
    assert (invoice.number, invoice.invoice, invoice.order) == ("4500012345", "F-20881", OrderReference("4500012345"))


def test_an_invoice_without_an_order_stands_alone() -> None:
    invoice = an_invoice(data__order=None)
    assert (invoice.number, invoice.order) == ("F-20881", None)


def test_an_invoice_below_zero_is_a_credit_note() -> None:
    lines = [a_line(line="1", net_amount="-300.00"), a_line(line="2", net_amount="20.00")]
    fact = an_invoice(data__lines=lines)
    assert isinstance(fact, CreditNote)
    assert (fact.credit_note, fact.number) == ("F-20881", "4500012345")
    assert [line.net_hundredths for line in fact.content.lines] == [30_000, -2_000]


@pytest.mark.parametrize("means", ["48", "54", "55", 48])
def test_an_invoice_paid_by_card_is_stated_as_card(means: object) -> None:
    assert an_invoice(data__payment_means=means).content.channel == "card"


def test_a_stated_channel_beats_the_means_of_payment() -> None:
    assert an_invoice(data__payment_means="48", data__channel="store").content.channel == "store"
    assert an_invoice(data__payment_means="58").content.channel is None


@pytest.mark.parametrize("stated", ["catalogue", "punch_out", "standing_order"])
def test_what_an_invoice_states_of_a_catalogue_does_not_beat_the_card_that_paid_it(stated: str) -> None:
    assert an_invoice(data__payment_means="48", data__channel=stated).content.channel == "card"


def test_a_credit_note_stands_under_order_else_invoice_else_itself() -> None:
    assert a_credit_note().number == "4500012345"
    assert a_credit_note(data__order=None).number == "F-20881"
    assert a_credit_note(data__order=None, data__invoice=None).number == "K-311"


@pytest.mark.parametrize(
    ("kind", "of", "cancelled"),
    [
        ("order.cancelled", "order", "4500012345"),
        ("invoice.cancelled", "invoice", "F-20881"),
        ("credit_note.cancelled", "credit_note", "K-311"),
    ],
)
def test_a_cancellation_names_what_it_cancels(kind: str, of: str, cancelled: str) -> None:
    fact = decoded(an_event(kind))
    assert isinstance(fact, Cancellation)
    assert (fact.of, fact.cancelled) == (of, cancelled)


def test_a_cancellation_without_an_order_stands_where_the_invoice_stood() -> None:
    assert decoded(an_event("invoice.cancelled", data__order=None)).number == "F-20881"
    assert decoded(an_event("credit_note.cancelled", data__order=None)).number == "F-20881"


def test_the_latest_decided_at_decides_and_not_the_envelope() -> None:
    fact = a_decision(time="2030-01-01T00:00:00Z")
    assert fact.stamp.time_ms == fact.decided_at_ms == 1_773_322_200_000
    assert fact.stamp.version == 0


def test_the_envelopes_time_stands_in_for_decided_at() -> None:
    assert a_decision(data__decided_at=REMOVED).decided_at_ms == 1_773_322_200_000


def test_a_decision_finds_its_row_by_the_number_in_the_purchases_id() -> None:
    assert a_decision(data__purchase="5790000000001~DK1~F%2F7~2026-01-31").number == "F/7"


def test_two_ways_to_write_a_purchase_id_are_one() -> None:
    assert a_decision(data__purchase="erp%2fkv%41ntum~1").purchase == "erp%2FkvAntum~1"


@pytest.mark.parametrize(
    ("outcome", "channel"),
    [("catalogue", "own_catalogue"), ("off_channel", "unknown"), ("review", "review"), ("void", "void")],
)
def test_a_decision_without_a_channel_takes_the_outcomes_own(outcome: str, channel: str) -> None:
    assert a_decision(data__outcome=outcome, data__channel=REMOVED).channel == channel


def test_a_withdrawn_decision_needs_no_more_than_the_purchase() -> None:
    fact = a_decision("decision.withdrawn", data={"purchase": "s~1"})
    assert (fact.withdrawn, fact.outcome, fact.purchase) == (True, "", "s~1")


def test_unknown_fields_are_ignored() -> None:
    assert decoded(an_event(extension="x", data__colour="red", data__lines__0__weight={"kg": 1})) == decoded(an_event())


def test_the_last_of_two_equal_keys_counts() -> None:
    value = encoded(an_event()).replace(b'"unit": "U-10234"', b'"unit": "U-1", "unit": "U-2"')
    fact = decoded(value)
    assert isinstance(fact, Order)
    assert fact.content.units == ("U-2",)


def test_a_byte_order_mark_is_allowed() -> None:
    assert decoded(b"\xef\xbb\xbf" + encoded(an_event())) == decoded(an_event())


def test_binary_mode_says_the_same_as_structured_mode() -> None:
    event = an_event()
    headers = {
        f"ce_{name}": event[name].encode() for name in ("specversion", "id", "source", "type", "subject", "time")
    }
    headers |= {"content-type": b"application/json"}
    assert decoded(event["data"], headers) == decoded(event)


def test_the_content_type_of_an_envelope_beats_stray_headers() -> None:
    headers = {"ce_type": b"invoice.received", "content-type": b"application/cloudevents+json; charset=UTF-8"}
    assert decoded(an_event(), headers) == decoded(an_event())


def test_neither_key_nor_subject_is_trusted() -> None:
    assert an_order(subject="another").number == "4500012345"


def test_two_thousand_lines_are_taken() -> None:
    order = an_order(data__lines=[a_line(line=str(place)) for place in range(2_000)])
    assert len(order.content.lines) == 2_000


def test_a_record_without_a_value_is_refused_as_empty() -> None:
    with pytest.raises(RefusalError) as caught:
        decode_event(None, headers={}, pseudonym=PSEUDONYM)
    assert caught.value.refused.code is RejectionCode.EMPTY
