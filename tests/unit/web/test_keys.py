"""Keys: bound to sources, never told, and not used too often."""

import pytest

from sinks.web.keys import BURST, REQUESTS_A_SECOND, Pace, UnusableKeysError, key_of, read_keys

LONG = "a-key-of-sixteen+"
OTHER = "another-key-of-sixteen"


def test_each_key_is_bound_to_the_sources_behind_it() -> None:
    keys = read_keys(f"{LONG} erp/kvantum erp/lager  # the main system\n\n# nothing here\n{OTHER} document")
    found = [key_of(presented, keys) for presented in (LONG, OTHER, "something else", "")]
    bound = [None if key is None else set(key.sources) for key in found]
    assert bound == [{"erp/kvantum", "erp/lager"}, {"document"}, None, None]


def test_several_keys_fit_in_one_variable() -> None:
    assert len(read_keys(f"{LONG} a; {OTHER} b")) == 2


@pytest.mark.parametrize(
    ("text", "why"),
    [("short erp/a", "shorter than 16"), (LONG, "names no source"), (f"{LONG} a\n{LONG} b", "stands twice")],
)
def test_a_list_that_cannot_be_used_says_why_and_tells_no_key(text: str, why: str) -> None:
    with pytest.raises(UnusableKeysError, match=why) as refused:
        read_keys(text)
    assert "key-of-sixteen" not in str(refused.value)
    assert "short erp" not in str(refused.value)


def test_a_key_does_not_show_when_it_is_printed() -> None:
    assert LONG not in repr(read_keys(f"{LONG} a"))
    assert "digest" not in repr(read_keys(f"{LONG} a"))


def test_a_key_that_knocks_too_often_waits_and_another_does_not() -> None:
    now = [0.0]
    pace, (mine, theirs) = Pace(clock=lambda: now[0]), read_keys(f"{LONG} a; {OTHER} b")
    assert [pace.wait_s(mine) for _ in range(int(BURST))] == [0.0] * int(BURST)
    assert 0 < pace.wait_s(mine) <= 1 / REQUESTS_A_SECOND
    assert pace.wait_s(theirs) == 0
    now[0] = 1 / REQUESTS_A_SECOND
    assert pace.wait_s(mine) == 0
