import httpx

from sinks.web.api.checking import LARGEST
from tests.integration.web.conftest import ROOT, Served
from tests.unit.contract.builders import REMOVED, an_event, encoded


def check(served: Served, content: bytes, name: str = "") -> httpx.Response:
    return httpx.post(f"{served.address}/api/v1/check", params={"name": name}, content=content, timeout=30)


def test_an_event_is_judged_and_answered(served: Served) -> None:
    answer = check(served, encoded(an_event(data__channel="phone"))).json()
    assert [(each["number"], each["channel"]) for each in answer["purchases"]] == [("4500012345", "phone")]
    assert answer["rejected"] == []


def test_a_document_is_judged_too(served: Served) -> None:
    answer = check(served, (ROOT / "tests/documents/peppol/order_agreement.xml").read_bytes()).json()
    assert [each["reason"] for each in answer["purchases"]] == ["order_agreement"]


def test_what_is_wrong_is_said_by_place_code_and_field(served: Served) -> None:
    content = b"\n".join([encoded(an_event()), encoded(an_event(data__unit=REMOVED))])
    answer = check(served, content, "x.jsonl").json()
    assert len(answer["purchases"]) == 1
    assert [(each["line"], each["code"], each["field"]) for each in answer["rejected"]] == [
        (2, "missing_field", "data.unit")
    ]


def test_too_much_at_once_is_refused_with_a_sentence(served: Served) -> None:
    answer = check(served, b" " * (LARGEST + 1))
    assert answer.status_code == 413
    assert "At most 4 MiB" in answer.json()["problem"]["sentence"]
