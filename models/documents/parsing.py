"""Bytes to a tree of elements, safely: no document type, no entity, no network, bounded in size and depth."""

from typing import cast

from lxml import etree

from models.documents.element import Element
from models.refusal import RefusalError, refuse
from models.vocabulary import RejectionCode

MAX_BYTES = 1_048_576
MAX_DEPTH = 100

_UBL = "urn:oasis:names:specification:ubl:schema:xsd:"
_PREFIXES = {
    f"{_UBL}CommonAggregateComponents-2": "cac",
    f"{_UBL}CommonBasicComponents-2": "cbc",
    f"{_UBL}CommonExtensionComponents-2": "ext",
}
_ENVELOPE = "http://www.unece.org/cefact/namespaces/StandardBusinessDocumentHeader"
_SPACE = b" \t\r\n"
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def is_ubl(root: Element) -> bool:
    """Whether a root stands in one of the namespaces of UBL's documents."""
    return root.namespace.startswith(_UBL)


def is_ubl_2(root: Element) -> bool:
    """Whether a root stands in the namespace of its own kind in UBL 2."""
    return root.namespace == f"{_UBL}{root.name}-2"


def parse(value: bytes | None) -> Element:
    """The root of the document, out of its Standard Business Document where it is wrapped in one."""
    content = (value or b"").lstrip(_SPACE)
    _check_size(value, content)
    marked = content.startswith(_BYTE_ORDER_MARK)
    while content.startswith(_BYTE_ORDER_MARK):  # some senders put two
        content = content[len(_BYTE_ORDER_MARK) :].lstrip(_SPACE)
    return _unwrapped(_tree(content, encoding="utf-8" if marked else None))


def _check_size(value: bytes | None, content: bytes) -> None:
    if not content.replace(_BYTE_ORDER_MARK, b"").strip(_SPACE):
        raise refuse(RejectionCode.EMPTY, "/", "The record holds nothing: send one UBL document as its value.")
    if value is not None and len(value) > MAX_BYTES:
        message = f"The document has {len(value)} bytes, {MAX_BYTES} are accepted: leave attachments out, or split it."
        raise refuse(RejectionCode.TOO_LARGE, "/", message)


def _parser(target: "_Growing", *, encoding: str | None) -> etree.XMLParser:
    return etree.XMLParser(
        target=cast("etree.ParserTarget", target),
        encoding=encoding,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        recover=False,
    )


def _tree(content: bytes, *, encoding: str | None) -> Element:
    growing = _Growing()
    try:
        etree.fromstring(content, _parser(growing, encoding=encoding))
    except RefusalError:  # a ValueError too, and the target's own answer
        raise
    except (etree.LxmlError, ValueError, LookupError) as error:
        where = getattr(error, "position", None) or (0, 0)
        what = _WHY.get(getattr(error, "code", None) or 0, _NOT_WELL_FORMED)
        at = f"line {where[0]}, column {where[1]}"
        raise refuse(RejectionCode.NOT_XML, "/", f"The document {what[0]} ({at}): {what[1]}.") from None
    if growing.root is None:
        raise refuse(RejectionCode.NOT_XML, "/", "The document has no root element: send one UBL document.")
    return growing.root


_NOT_WELL_FORMED = ("is not well-formed XML", "mend it and send it again")
_NOT_ITS_ENCODING = (
    "holds bytes that are none of its encoding, or names one that is not known",
    "save it as UTF-8 and name that in its first line",
)
_WHY = {
    etree.ErrorTypes.ERR_UNDECLARED_ENTITY: (
        "names an entity that XML does not know",
        "write the character itself, and & as &amp;",
    ),
    etree.ErrorTypes.ERR_INVALID_ENCODING: _NOT_ITS_ENCODING,
    etree.ErrorTypes.ERR_UNKNOWN_ENCODING: _NOT_ITS_ENCODING,
    etree.ErrorTypes.ERR_UNSUPPORTED_ENCODING: _NOT_ITS_ENCODING,
    etree.ErrorTypes.ERR_INVALID_CHAR: (
        "holds a character that XML does not allow, or bytes of another encoding",
        "remove it",
    ),
}
"""What the parser found: what is wrong and what to do."""


def _unwrapped(root: Element) -> Element:
    if root.namespace != _ENVELOPE or root.name != "StandardBusinessDocument":
        return root
    header = f"{{{_ENVELOPE}}}StandardBusinessDocumentHeader"
    inside = [child for child in root.children if child.name != header]
    if not inside:
        message = "The envelope holds no document: put one UBL document after its header."
        raise refuse(RejectionCode.MISSING_FIELD, "/StandardBusinessDocument/*", message)
    if len(inside) > 1:
        message = f"The envelope holds {len(inside)} documents: send each as a record of its own."
        raise refuse(RejectionCode.BAD_VALUE, "/StandardBusinessDocument/*", message)
    return inside[0].detached()


class _Growing:
    """The parser's target: grows the tree and stops at what is forbidden before any of it is read."""

    def __init__(self) -> None:
        self.root: Element | None = None
        self._open: list[Element] = []
        self._names: dict[str, tuple[str, str]] = {}

    def doctype(self, name: str | None, public: str | None, system: str | None) -> None:
        del name, public, system
        message = "The document has a document type declaration (DOCTYPE): send it without, UBL needs none."
        raise refuse(RejectionCode.FORBIDDEN_XML, "/", message)

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if len(self._open) >= MAX_DEPTH:
            message = f"Elements stand more than {MAX_DEPTH} deep in each other: send a plain UBL document."
            raise refuse(RejectionCode.TOO_DEEP, "/", message)
        name, namespace = self._names.get(tag) or self._names.setdefault(tag, _named(tag))
        parent = self._open[-1] if self._open else None
        element = Element(name.rpartition("}")[2] if parent is None else name, namespace, dict(attributes), parent)
        if parent is None:
            self.root = element
        else:
            parent.children.append(element)
        self._open.append(element)

    def end(self, tag: str) -> None:
        del tag
        self._open.pop()

    def data(self, text: str) -> None:
        if self._open:
            self._open[-1].pieces.append(text)

    def close(self) -> None:
        self._open.clear()


def _named(tag: str) -> tuple[str, str]:
    namespace, _, local = tag.rpartition("}")
    namespace = namespace.removeprefix("{")
    prefix = _PREFIXES.get(namespace)
    return (f"{prefix}:{local}" if prefix else tag), namespace
