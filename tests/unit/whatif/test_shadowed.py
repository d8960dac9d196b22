"""What the shadow ruleset says of a purchase, beside the live one."""

from datetime import date

from models.judgement import Cause, JudgedLine, Judgement
from models.vocabulary import Channel, Outcome
from models.whatif.shadowed import shadowed

OFF, CATALOGUE = (Outcome.OFF_CHANNEL, Channel.PHONE), (Outcome.CATALOGUE, Channel.OWN_CATALOGUE)


def judged(*lines: tuple[str, tuple[Outcome, Channel], int], ruleset: str = "standard@1") -> Judgement:
    made = tuple(
        JudgedLine(str(place), outcome, channel, "", rule, amount)
        for place, (rule, (outcome, channel), amount) in enumerate(lines)
    )
    return Judgement(
        purchase="erp~1", kind="order", number="1", unit="U", root="M", day=date(2026, 3, 2), supplier="S",
        outcome=made[0].outcome, channel=made[0].channel, reason="", rule=made[0].rule, ruleset=ruleset, lines=made,
        amounts_ore={"off_channel": sum(amount for _, _, amount in lines)}, cause=Cause("order.placed"),
    )  # fmt: skip


def test_lines_that_go_the_same_way_are_summed() -> None:
    live = judged(("phone", OFF, 100), ("phone", OFF, 50), ("no-order", OFF, 7))
    shadow = judged(("own", CATALOGUE, 100), ("own", CATALOGUE, 50), ("no-order", OFF, 7), ruleset="standard@2")
    told = shadowed(live, shadow)
    assert told.ruleset == "standard@2"
    assert [(one.live.rule, one.shadow.rule, one.lines, one.amount_ore) for one in told.lines] == [
        ("phone", "own", 2, 150),
        ("no-order", "no-order", 1, 7),
    ]
