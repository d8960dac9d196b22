"""The units of the municipality: a tree of departments, areas and institutions."""

from enum import StrEnum
from random import Random

import msgspec

from deploy.local.simulator import names
from deploy.local.simulator.chance import chance
from deploy.local.simulator.identifiers import cvr, gln

UNITS = 1_200
ROOT = "U-10000"
FIRST_NUMBER = 10_000
INSTITUTIONS_PER_AREA = 17


class Work(StrEnum):
    """What a department's institutions do, which decides what they buy."""

    SCHOOL = "school"
    DAYCARE = "daycare"
    CARE = "care"
    SOCIAL = "social"
    CULTURE = "culture"
    TECHNICAL = "technical"
    OFFICE = "office"


class Department(msgspec.Struct, frozen=True):
    name: str
    work: Work
    kinds: tuple[str, ...]
    share: int
    fte: tuple[int, int]


DEPARTMENTS: tuple[Department, ...] = (
    Department("Børn og Skole", Work.SCHOOL, ("Skole", "Skole", "SFO", "Ungdomsklub"), 210, (25, 120)),
    Department("Dagtilbud", Work.DAYCARE, ("Vuggestue", "Børnehave", "Børnehus"), 400, (9, 45)),
    Department("Ældre og Sundhed", Work.CARE, ("Plejecenter", "Hjemmepleje", "Sundhedshus"), 190, (20, 140)),
    Department("Social og Handicap", Work.SOCIAL, ("Bosted", "Værested", "Støttecenter"), 160, (10, 70)),
    Department("Kultur og Fritid", Work.CULTURE, ("Bibliotek", "Idrætshal", "Kulturhus", "Svømmehal"), 110, (5, 40)),
    Department("Teknik og Miljø", Work.TECHNICAL, ("Materielgård", "Driftsgård", "Parkteam"), 70, (8, 60)),
    Department("Beskæftigelse og Erhverv", Work.OFFICE, ("Jobhus", "Borgerkontor", "Rådgivning"), 60, (12, 80)),
)


class Unit(msgspec.Struct, frozen=True):
    """A node of the tree; `work` is that of its department, the root's is office work."""

    number: int
    unit: str
    name: str
    level: str
    parent: str
    department: str
    work: Work
    peer_group: str
    fte: int
    identifiers: tuple[str, ...]

    @property
    def gln(self) -> str:
        return self.identifiers[0]


def units(seed: int) -> list[Unit]:
    """Root first, each parent before its children."""
    grower = _Grower(seed)
    root = grower.add(names.MUNICIPALITY, "municipality", parent="", department="", work=Work.OFFICE, peers="", fte=40)
    heads = [
        (
            kind,
            grower.add(
                kind.name, "department", parent=root.unit, department="", work=kind.work, peers="Forvaltninger", fte=30
            ),
        )
        for kind in DEPARTMENTS
    ]
    areas = {kind.name: _areas(grower, kind, head) for kind, head in heads}
    for kind, share in _shares(UNITS - len(grower.grown)):
        for place in range(share):
            area = areas[kind.name][place % len(areas[kind.name])]
            grower.institution(kind, area)
    return grower.grown


def _areas(grower: "_Grower", kind: Department, head: Unit) -> list[Unit]:
    count = max(2, round(kind.share / INSTITUTIONS_PER_AREA))
    return [
        grower.add(
            f"{kind.name}, område {number}",
            "area",
            parent=head.unit,
            department=head.unit,
            work=kind.work,
            peers=f"Områder, {kind.name}",
            fte=8,
        )
        for number in range(1, count + 1)
    ]


def _shares(left: int) -> list[tuple[Department, int]]:
    """The institutions that are left, in proportion; the largest department takes what rounding leaves over."""
    total = sum(kind.share for kind in DEPARTMENTS)
    shares = [(kind, left * kind.share // total) for kind in DEPARTMENTS]
    over = left - sum(share for _, share in shares)
    largest = max(DEPARTMENTS, key=lambda kind: kind.share)
    return [(kind, share + over * (kind is largest)) for kind, share in shares]


class _Grower:
    def __init__(self, seed: int) -> None:
        self.grown: list[Unit] = []
        self._random: Random = chance(seed, "tree")
        self._places = names.places(seed)
        self._taken: set[str] = set()

    def add(self, name: str, level: str, *, parent: str, department: str, work: Work, peers: str, fte: int) -> Unit:
        number = FIRST_NUMBER + len(self.grown)
        ident = f"U-{number}"
        codes = (gln(number), f"K{number}") if level != "municipality" else (gln(number), cvr(0))
        department = ident if level == "department" else department
        unit = Unit(number, ident, name, level, parent, department, work, peers, fte, codes)
        self.grown.append(unit)
        return unit

    def institution(self, kind: Department, area: Unit) -> Unit:
        word = self._random.choice(kind.kinds)
        fte = round(kind.fte[0] + (kind.fte[1] - kind.fte[0]) * self._random.random() ** 2)
        size = "store" if fte * 2 > sum(kind.fte) else "mindre"
        name = self._name(word)
        peers = f"{word}, {size}"
        return self.add(
            name, "institution", parent=area.unit, department=area.department, work=kind.work, peers=peers, fte=fte
        )

    def _name(self, word: str) -> str:
        place = self._random.choice(self._places)
        while f"{place} {word}" in self._taken:
            place = self._random.choice(self._places)
        self._taken.add(f"{place} {word}")
        return f"{place} {word}"
