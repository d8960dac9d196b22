"""The closed sets of words: what a judgement, an event and a record can be called."""

from enum import StrEnum


class Outcome(StrEnum):
    """What a line, and by its largest amount a purchase, was judged to be."""

    CATALOGUE = "catalogue"
    OFF_CHANNEL = "off_channel"
    EXCLUDED = "excluded"
    REVIEW = "review"
    VOID = "void"


class Channel(StrEnum):
    """How a line was bought, or why it is outside of the base."""

    OWN_CATALOGUE = "own_catalogue"
    PUNCH_OUT = "punch_out"
    STANDING_ORDER = "standing_order"
    FREE_TEXT = "free_text"
    PHONE = "phone"
    EMAIL = "email"
    WEB_SHOP = "web_shop"
    STORE = "store"
    CARD = "card"
    EXTERNAL_DIGITAL = "external_digital"
    NO_ORDER = "no_order"
    RETROACTIVE = "retroactive"
    UNKNOWN = "unknown"
    TAX_OR_DUTY = "tax_or_duty"
    CONSTRUCTION = "construction"
    INTER_MUNICIPAL = "inter_municipal"
    UTILITIES = "utilities"
    RENT = "rent"
    GRANT = "grant"
    REFUND = "refund"
    FINANCE = "finance"
    PUBLIC_BODY = "public_body"
    INTERNAL = "internal"
    REVIEW = "review"
    VOID = "void"


CHANNELS: dict[Outcome, tuple[Channel, ...]] = {
    Outcome.CATALOGUE: (Channel.OWN_CATALOGUE, Channel.PUNCH_OUT, Channel.STANDING_ORDER),
    Outcome.OFF_CHANNEL: (
        Channel.FREE_TEXT,
        Channel.PHONE,
        Channel.EMAIL,
        Channel.WEB_SHOP,
        Channel.STORE,
        Channel.CARD,
        Channel.EXTERNAL_DIGITAL,
        Channel.NO_ORDER,
        Channel.RETROACTIVE,
        Channel.UNKNOWN,
    ),
    Outcome.EXCLUDED: (
        Channel.TAX_OR_DUTY,
        Channel.CONSTRUCTION,
        Channel.INTER_MUNICIPAL,
        Channel.UTILITIES,
        Channel.RENT,
        Channel.GRANT,
        Channel.REFUND,
        Channel.FINANCE,
        Channel.PUBLIC_BODY,
        Channel.INTERNAL,
    ),
    Outcome.REVIEW: (Channel.REVIEW,),
    Outcome.VOID: (Channel.VOID,),
}


class StatedChannel(StrEnum):
    """The channel as the ERP states it."""

    CATALOGUE = "catalogue"
    PUNCH_OUT = "punch_out"
    STANDING_ORDER = "standing_order"
    FREE_TEXT = "free_text"
    PHONE = "phone"
    EMAIL = "email"
    WEB_SHOP = "web_shop"
    STORE = "store"
    CARD = "card"


class Disposition(StrEnum):
    """What became of a record that came in (architecture.md, invariant 1)."""

    APPLIED = "applied"
    REPEATED = "repeated"
    STALE = "stale"
    NO_PURCHASE = "no_purchase"
    REJECTED = "rejected"
    ROUTED = "routed"
    WAITING = "waiting"


class RejectionCode(StrEnum):
    """Why a record was refused; each has a heading in docs/rejections.md."""

    EMPTY = "empty"
    NULL_KEY = "null_key"
    TOO_LARGE = "too_large"
    TOO_MANY_LINES = "too_many_lines"
    TOO_DEEP = "too_deep"
    NOT_TEXT = "not_text"
    NOT_JSON = "not_json"
    NOT_XML = "not_xml"
    FORBIDDEN_XML = "forbidden_xml"
    UNKNOWN_TYPE = "unknown_type"
    MISSING_FIELD = "missing_field"
    WRONG_TYPE = "wrong_type"
    BAD_VALUE = "bad_value"
    OUT_OF_RANGE = "out_of_range"
    DUPLICATE_LINE = "duplicate_line"
    NEGATIVE_TOTAL = "negative_total"
    IN_THE_FUTURE = "in_the_future"
    MISROUTED = "misrouted"
    INTERNAL_ERROR = "internal_error"
