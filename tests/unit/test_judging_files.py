"""What may be kept as a scan or a proof, judged by what is in the file."""

import contextlib
import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.errors import InvalidInputError
from core.files import judging
from core.files.judging import LARGEST_FILE, MOST_PIXELS, MediaType, media_type_of
from tests.files import a_jpeg, a_pdf, a_png


@pytest.mark.parametrize(
    ("content", "kind"), [(a_pdf(), MediaType.PDF), (a_png(), MediaType.PNG), (a_jpeg(), MediaType.JPEG)]
)
def test_documents_and_pictures_are_known_by_their_content(content: bytes, kind: MediaType) -> None:
    assert media_type_of(content) is kind


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", judging.EMPTY),
        (b"<html><script>1</script>", judging.UNKNOWN),
        (b"PK\x03\x04", judging.UNKNOWN),
        (b" " + a_pdf(), judging.UNKNOWN),
        (a_pdf() + b" " * LARGEST_FILE, judging.TOO_LARGE),
        (a_pdf()[:-6], judging.DAMAGED),
        (a_pdf(b"/Encrypt 5 0 R"), judging.LOCKED),
        (a_pdf(b"/OpenAction 3 0 R"), judging.ACTIVE),
        (a_pdf(b"/JavaScript (app.alert(1))"), judging.ACTIVE),
        (a_pdf(b"/J#61vaScript (app.alert(1))"), judging.ACTIVE),
        (a_pdf(b"/Launch << >>"), judging.ACTIVE),
        (a_pdf(b"/EmbeddedFiles 3 0 R"), judging.ACTIVE),
        (a_png(width=0), judging.DAMAGED),
        (a_png(height=0), judging.DAMAGED),
        (a_png()[:20], judging.DAMAGED),
        (a_png().replace(b"IHDR", b"IDAT"), judging.DAMAGED),
        (a_png(width=MOST_PIXELS // 2 + 1, height=2), judging.TOO_MANY_PIXELS),
        (a_jpeg(width=60_000, height=60_000), judging.TOO_MANY_PIXELS),
        (a_jpeg()[:8], judging.DAMAGED),
        (a_jpeg(frame=0xC4), judging.DAMAGED),
        (b"\xff\xd8\xff\xe0\x00\x01" + bytes(20), judging.DAMAGED),
    ],
)
def test_what_cant_be_kept_says_what_to_do(content: bytes, said: object) -> None:
    with pytest.raises(InvalidInputError) as refused:
        media_type_of(content)
    assert refused.value.message == said


@pytest.mark.parametrize("size", [(1, 1), (MOST_PIXELS, 1), (8000, 5000)])
def test_a_picture_up_to_the_limit_is_kept(size: tuple[int, int]) -> None:
    assert media_type_of(a_png(*size)) is MediaType.PNG


@pytest.mark.parametrize("frame", [0xC0, 0xC1, 0xC2, 0xCF])
def test_every_kind_of_jpeg_frame_is_understood(frame: int) -> None:
    assert media_type_of(a_jpeg(frame=frame)) is MediaType.JPEG


def test_a_file_of_exactly_the_largest_size_is_kept() -> None:
    comment = b"%" + b"x" * (LARGEST_FILE - len(a_pdf()) - 2) + b"\n"
    full = a_pdf(comment)
    assert len(full) == LARGEST_FILE
    assert media_type_of(full) is MediaType.PDF


def test_a_word_that_only_begins_like_something_active_is_harmless() -> None:
    assert media_type_of(a_pdf(b"/AAA 1 /JSON 2 /LaunchPad 3")) is MediaType.PDF


@given(st.binary(max_size=200), st.sampled_from([b"", b"%PDF-", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"]))
def test_whatever_comes_is_answered(content: bytes, start: bytes) -> None:
    with contextlib.suppress(InvalidInputError):
        assert media_type_of(start + content) in MediaType


def test_the_made_up_picture_is_a_real_one() -> None:
    size, body = struct.unpack(">I", a_png()[8:12])[0], a_png()[12:33]
    assert struct.unpack(">I", body[4 + size : 8 + size])[0] == zlib.crc32(body[: 4 + size])
