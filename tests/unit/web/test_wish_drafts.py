"""A list on a page: read from whatever is sent, changed by one button, put together with another."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from core.services.wishes.lists import WishDraft
from core.web.wishing.drafts import both, changed, read

A, B, C = (UUID(int=number) for number in range(1, 4))
lists = st.lists(st.sampled_from([UUID(int=number) for number in range(1, 9)]), unique=True).map(tuple)


@pytest.mark.parametrize(
    ("deed", "wanted"),
    [
        (f"up:{B}", (B, A)),
        (f"down:{A}", (B, A)),
        (f"up:{A}", (A, B)),
        (f"down:{B}", (A, B)),
        (f"add:{C}", (A, B, C)),
        (f"add:{A}", (A, B)),
        (f"remove:{A}", (B,)),
        (f"remove:{C}", (A, B)),
        ("up:nothing", (A, B)),
        ("dance", (A, B)),
    ],
)
def test_a_button_changes_one_thing(deed: str, wanted: tuple[UUID, ...]) -> None:
    assert changed(WishDraft((A, B), 2, ("ABC234",)), deed) == WishDraft(wanted, 2, ("ABC234",))


@given(lists, st.sampled_from(["up", "down"]), st.sampled_from([A, B, C]))
def test_moving_loses_nothing_and_doubles_nothing(ranked: tuple[UUID, ...], what: str, key: UUID) -> None:
    assert sorted(changed(WishDraft(ranked), f"{what}:{key}").ranked) == sorted(ranked)


@given(lists, lists)
def test_both_lists_together_have_all_of_both_and_keep_the_pages_order(
    mine: tuple[UUID, ...], theirs: tuple[UUID, ...]
) -> None:
    together = both(WishDraft(mine), WishDraft(theirs)).ranked
    assert together[: len(mine)] == mine
    assert sorted(together) == sorted({*mine, *theirs})


def test_what_no_page_would_send_is_left_out() -> None:
    form = MultiDict(
        [("ranked", "x"), ("ranked", str(A)), ("ranked", str(A)), ("friend", " "), ("most", "-1"), ("seen", "²")]
    )
    sent = read(form)
    assert (sent.draft, sent.seen, sent.saves) == (WishDraft((A,)), 0, True)
