"""The closed vocabularies."""

from enum import StrEnum

import pytest

from core.domain import vocabulary
from core.domain.vocabulary import StationKind, VenueKind, label

KINDS = [
    kind for kind in vars(vocabulary).values() if isinstance(kind, type) and issubclass(kind, StrEnum) and len(kind)
]


@pytest.mark.parametrize("word", [word for kind in KINDS for word in kind], ids=repr)
def test_every_word_has_a_label(word: StrEnum) -> None:
    assert str(label(word))


def test_words_of_two_vocabularies_with_one_code_keep_their_own_labels() -> None:
    assert StationKind.COMMUNITY == VenueKind.COMMUNITY
    assert label(StationKind.COMMUNITY) != label(VenueKind.COMMUNITY)
