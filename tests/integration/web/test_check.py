import io
import zipfile

import httpx

from sinks.web.api.bodies import LARGEST
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


def zipped(**files: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), content)
    return packed.getvalue()


def test_a_folder_with_its_reference_is_judged_as_one(served: Served) -> None:
    units = b"unit,name,level\nU-10234,Skolen,institution\n"
    order = encoded(an_event(data__channel="phone"))
    document = (ROOT / "tests/documents/peppol/order_agreement.xml").read_bytes()
    content = zipped(a__event_json=order, a__paper_xml=document, a__notes_txt=b"x", a__reference__units_csv=units)
    address = f"{served.address}/api/v1/check"
    answer = httpx.post(address, params={"figures": True}, content=content, timeout=30).json()
    assert (len(answer["purchases"]), answer["rejected"]) == (2, [])
    assert "U-10234" in {unit["unit"] for unit in answer["figures"]}


def test_an_archive_or_a_reference_that_cannot_be_used_is_answered(served: Served) -> None:
    assert check(served, b"PK\x03\x04 and no more").status_code == 422
    wrong = check(served, zipped(reference__units_csv=b"unit\nU-1\n"))
    assert wrong.status_code == 422
    assert "units.csv" in wrong.json()["problem"]["sentence"]
