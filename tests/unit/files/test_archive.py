import io
import zipfile

import pytest

from models.files import archive
from models.files.archive import is_archive, unpacked


def zipped(files: dict[str, bytes], *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", method) as written:
        for name, content in files.items():
            written.writestr(name, content)
    return packed.getvalue()


def test_events_and_documents_are_told_from_the_reference_by_its_folder() -> None:
    files = {"a/e.json": b"1", "a/b/d.XML": b"2", "a/reference/units.csv": b"3", "readme.txt": b"4", ".x/e.json": b"5"}
    found = unpacked(zipped(files))
    assert found.files == [("a/e.json", b"1"), ("a/b/d.XML", b"2")]
    assert found.reference == {"units.csv": b"3"}


def test_no_event_and_no_document_is_taken_for_an_archive() -> None:
    assert is_archive(zipped({"e.json": b"1"}))
    assert not any(map(is_archive, (b"", b"{}", b"<Order/>", b"PK,type,source\n")))


def test_a_bomb_and_a_broken_archive_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "LARGEST", 1_000)
    with pytest.raises(ValueError, match="use `judge`"):
        unpacked(zipped({"e.json": b"0" * 1_001}))
    good = bytearray(zipped({"e.json": bytes(range(256))}, method=zipfile.ZIP_STORED))
    good[60] ^= 255
    for broken in (bytes(good), b"PK\x03\x04"):
        with pytest.raises(ValueError, match="cannot be read"):
            unpacked(broken)
