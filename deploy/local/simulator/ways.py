"""How a purchase is made: by catalogue as often as the unit's course says, else in one of the ways around it."""

from enum import StrEnum
from random import Random

from deploy.local.simulator.chance import Wheel


class Way(StrEnum):
    """What really happened; the service has to find it out."""

    OWN_CATALOGUE = "own_catalogue"
    SILENT_CATALOGUE = "silent_catalogue"
    PUNCH_OUT = "punch_out"
    STANDING_ORDER = "standing_order"
    FREE_TEXT = "free_text"
    BARE = "bare"
    PHONE = "phone"
    EMAIL = "email"
    WEB_SHOP = "web_shop"
    STORE = "store"
    CARD = "card"
    EXTERNAL = "external"
    NO_ORDER = "no_order"
    UNSEEN_ORDER = "unseen_order"
    RETROACTIVE = "retroactive"
    UNPROVEN = "unproven"
    EXPIRED = "expired"
    VAGUE = "vague"
    OUTSIDE = "outside"
    EXCLUDED_SUPPLIER = "excluded_supplier"
    EXCLUDED_ACCOUNT = "excluded_account"


CATALOGUE = Wheel(
    ((Way.OWN_CATALOGUE, 80), (Way.SILENT_CATALOGUE, 6), (Way.PUNCH_OUT, 8), (Way.STANDING_ORDER, 6)),
)
AROUND = Wheel(
    (
        (Way.NO_ORDER, 38),
        (Way.UNSEEN_ORDER, 3),
        (Way.FREE_TEXT, 17),
        (Way.BARE, 4),
        (Way.PHONE, 7),
        (Way.EMAIL, 9),
        (Way.WEB_SHOP, 6),
        (Way.STORE, 5),
        (Way.CARD, 4),
        (Way.EXTERNAL, 3),
        (Way.RETROACTIVE, 4),
    )
)
UNCLEAR = Wheel(((Way.UNPROVEN, 5), (Way.EXPIRED, 2), (Way.VAGUE, 3)))
NOT_TRADABLE = Wheel(((Way.OUTSIDE, 80), (Way.EXCLUDED_SUPPLIER, 12), (Way.EXCLUDED_ACCOUNT, 8)))

CATALOGUE_WAYS = frozenset({Way.OWN_CATALOGUE, Way.SILENT_CATALOGUE, Way.PUNCH_OUT, Way.STANDING_ORDER})
WITHOUT_ORDER = frozenset(
    {Way.NO_ORDER, Way.UNSEEN_ORDER, Way.STORE, Way.CARD, Way.EXTERNAL}
    | {Way.OUTSIDE, Way.EXCLUDED_SUPPLIER, Way.EXCLUDED_ACCOUNT}
)
STATED: dict[Way, str] = {
    Way.OWN_CATALOGUE: "catalogue",
    Way.PUNCH_OUT: "punch_out",
    Way.STANDING_ORDER: "standing_order",
    Way.FREE_TEXT: "free_text",
    Way.PHONE: "phone",
    Way.EMAIL: "email",
    Way.WEB_SHOP: "web_shop",
    Way.STORE: "store",
    Way.CARD: "card",
    Way.EXTERNAL: "web_shop",
    Way.RETROACTIVE: "catalogue",
    Way.UNPROVEN: "catalogue",
    Way.EXPIRED: "catalogue",
}

NOT_TRADABLE_SHARE = 0.08
UNCLEAR_SHARE = 0.02


def way(random: Random, catalogue_share: float) -> Way:
    draw = random.random()
    if draw < NOT_TRADABLE_SHARE:
        return NOT_TRADABLE.turn(random)
    if draw < NOT_TRADABLE_SHARE + UNCLEAR_SHARE:
        return UNCLEAR.turn(random)
    return (CATALOGUE if random.random() < catalogue_share else AROUND).turn(random)
