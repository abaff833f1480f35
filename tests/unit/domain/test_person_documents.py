"""Numbers of documents: each kind takes its own, and older files tell by the number of which one it is."""

from datetime import date

import pytest

from core.domain.errors import InvalidInputError
from core.domain.id_numbers import demo_id_number
from core.domain.person_documents import PersonDocument, document_of, read_number

TODAY = date(2026, 11, 26)
BORN = date(1990, 5, 1)
CARD = demo_id_number(BORN, 1, region="350582")
PERMIT = demo_id_number(BORN, 1, region="830000")


def read(document: PersonDocument, text: str) -> str:
    return read_number(document, text, born=BORN, today=TODAY)


@pytest.mark.parametrize(
    ("document", "text", "number"),
    [
        (PersonDocument.RESIDENT_ID, f"{CARD[:6]} {CARD[6:]}", CARD),
        (PersonDocument.RESIDENCE_PERMIT, PERMIT, PERMIT),
        (PersonDocument.HONG_KONG_MACAO_PERMIT, "h0123 4567", "H01234567"),
        (PersonDocument.TAIWAN_PERMIT, "01234567", "01234567"),
        (PersonDocument.PASSPORT, "e01234567", "E01234567"),
    ],
)
def test_each_document_takes_its_number(document: PersonDocument, text: str, number: str) -> None:
    assert read(document, text) == number


@pytest.mark.parametrize(
    ("document", "text"),
    [
        (PersonDocument.RESIDENT_ID, PERMIT),
        (PersonDocument.RESIDENCE_PERMIT, CARD),
        (PersonDocument.RESIDENT_ID, demo_id_number(date(1991, 5, 1), 1, region="350582")),
        (PersonDocument.RESIDENT_ID, "E01234567"),
        (PersonDocument.PASSPORT, "E-01"),
        (PersonDocument.TAIWAN_PERMIT, "12"),
    ],
    ids=["a permit's", "a card's", "another birth", "a passport's", "signs", "short"],
)
def test_what_is_no_number_of_the_document_is_refused_and_not_repeated(document: PersonDocument, text: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        read(document, text)
    assert text not in str(refused.value)


@pytest.mark.parametrize(
    ("stored", "number", "found"),
    [
        (None, None, None),
        (PersonDocument.PASSPORT, None, None),
        (None, CARD, PersonDocument.RESIDENT_ID),
        (None, PERMIT, PersonDocument.RESIDENCE_PERMIT),
        (PersonDocument.PASSPORT, "E01234567", PersonDocument.PASSPORT),
    ],
)
def test_a_file_older_than_the_question_tells_by_its_number(
    stored: PersonDocument | None, number: str | None, found: PersonDocument | None
) -> None:
    assert document_of(stored, number) is found
