"""Invented names: places, institutions and firms that sound Danish and exist nowhere."""

from deploy.local.simulator.chance import chance

MUNICIPALITY = "Nordhavre Kommune"

STEMS = (
    "Kvarnel", "Vindrik", "Skreppel", "Muldrik", "Fjeldrik", "Brasnel", "Hvenrik", "Kobbrel", "Myrtrel", "Nældrik",
    "Oddrik", "Pilrik", "Sivrel", "Tjørnrik", "Uglerik", "Viberel", "Askrel", "Bregnel", "Dugrik", "Elmrel",
    "Frørik", "Grønrel", "Hyldrik", "Isrel", "Jorrik", "Kløvrel", "Lyngrik", "Mosrel", "Nattrik", "Rimrel",
    "Stærrik", "Tangrel", "Ulvrik", "Vårrel", "Øgrik", "Ålrel",
)  # fmt: skip
ENDINGS = (
    "holt", "sted", "vang", "kær", "løkke", "bakke", "næs", "tofte", "mark", "dal", "bro", "høj",
    "lund", "bæk", "hede", "skov",
)  # fmt: skip
FIRM_STEMS = (
    "Braskelo", "Vendikro", "Tolmerxo", "Skovrana", "Nordulo", "Hamrino", "Kelvado", "Fjordexa", "Luvantiko", "Gromsi",
    "Dantovo", "Spirnoka", "Mørkano", "Rugvida", "Bølgexo", "Tindarxo", "Havrelo", "Sandurko", "Jyllaro", "Sjelvita",
    "Fynaro", "Ravnexa", "Klitoro", "Søvando", "Engulo", "Birkana", "Egelvo", "Lærvika", "Stenuro", "Valdiso",
)  # fmt: skip
LEGAL_FORMS = ("A/S", "ApS", "ApS", "I/S", "P/S")


def places(seed: int) -> list[str]:
    """All invented place names, in an order of the seed's own."""
    made = [f"{stem}{ending}" for stem in STEMS for ending in ENDINGS]
    chance(seed, "places").shuffle(made)
    return made


def firms(seed: int, trades: list[str]) -> list[str]:
    """One firm's name for each trade, none twice."""
    random = chance(seed, "firms")
    names: list[str] = []
    taken: set[str] = set()
    for trade in trades:
        name = _firm(random.choice(FIRM_STEMS), trade, random.choice(LEGAL_FORMS))
        while name in taken:
            name = _firm(f"{random.choice(FIRM_STEMS)} {random.choice(STEMS)}", trade, random.choice(LEGAL_FORMS))
        taken.add(name)
        names.append(name)
    return names


def _firm(stem: str, trade: str, form: str) -> str:
    return f"{stem} {trade} {form}"
