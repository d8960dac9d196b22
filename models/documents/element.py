"""One element of a parsed document: found by short paths, and able to say where it stands."""

from collections.abc import Iterator


class Element:
    """An element with its children in order. `name` is `cbc:ID` or `cac:Party`; a root's is its local name."""

    __slots__ = ("attributes", "children", "name", "namespace", "parent", "pieces")

    def __init__(self, name: str, namespace: str, attributes: dict[str, str], parent: "Element | None") -> None:
        self.name = name
        self.namespace = namespace
        self.attributes = attributes
        self.parent = parent
        self.children: list[Element] = []
        self.pieces: list[str] = []

    @property
    def text(self) -> str:
        """The element's own text, runs of white space made one space, none around it."""
        return " ".join("".join(self.pieces).split())

    @property
    def path(self) -> str:
        """The XPath of the element, with a position where siblings bear the same name."""
        if self.parent is None:
            return f"/{self.name}"
        same = [child for child in self.parent.children if child.name == self.name]
        position = f"[{same.index(self) + 1}]" if len(same) > 1 else ""
        return f"{self.parent.path}/{self.name}{position}"

    def every(self, path: str) -> Iterator["Element"]:
        """All elements at a relative path such as `cac:Party/cbc:EndpointID`, in document order."""
        step, _, rest = path.partition("/")
        for child in self.children:
            if child.name != step:
                continue
            if rest:
                yield from child.every(rest)
            else:
                yield child

    def stated(self, *paths: str) -> "Element | None":
        """The first element with a text at the first of the paths that has one."""
        return next((found for path in paths for found in self.every(path) if found.text), None)

    def said(self, *paths: str) -> str | None:
        """The text of the first element stated at one of the paths."""
        found = self.stated(*paths)
        return None if found is None else found.text

    def detached(self) -> "Element":
        """The element as a root of its own, taken out of its envelope."""
        self.parent = None
        self.name = self.name.rpartition("}")[2]
        return self
