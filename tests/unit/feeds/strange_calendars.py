"""Calendars as programs write them, and what chance makes of them: the inputs that reading busy times is tried with."""

import random
from collections.abc import Iterator
from itertools import islice
from typing import Final


def _calendar(*parts: str, zone: str = "") -> bytes:
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Made up//ZH", *zone.splitlines(), *parts, "END:VCALENDAR", ""]
    return "\r\n".join(lines).encode()


def _event(*lines: str) -> str:
    return "\r\n".join(("BEGIN:VEVENT", *lines, "END:VEVENT"))


_BERLIN: Final = """BEGIN:VTIMEZONE
TZID:Büro
BEGIN:DAYLIGHT
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
TZNAME:CEST
DTSTART:19700329T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
END:DAYLIGHT
BEGIN:STANDARD
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
TZNAME:CET
DTSTART:19701025T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
END:STANDARD
END:VTIMEZONE"""

#: What phones, offices and culture centres write, in small.
CORPUS: Final = (
    _calendar(_event("UID:1@phone", "DTSTART:20270301T010000Z", "DTEND:20270301T020000Z", "SUMMARY:牙医")),
    _calendar(_event("UID:2@phone", "DTSTART;VALUE=DATE:20270405", "DTEND;VALUE=DATE:20270408", "TRANSP:OPAQUE")),
    _calendar(
        _event(
            "UID:3@office",
            "DTSTART;TZID=China Standard Time:20270302T140000",
            "DTEND;TZID=China Standard Time:20270302T153000",
            "RRULE:FREQ=WEEKLY;UNTIL=20270630T000000Z;BYDAY=TU,TH",
            "EXDATE;TZID=China Standard Time:20270309T140000,20270311T140000",
            "X-MICROSOFT-CDO-BUSYSTATUS:OOF",
        ),
        _event(
            "UID:3@office",
            "RECURRENCE-ID;TZID=China Standard Time:20270316T140000",
            "DTSTART;TZID=China Standard Time:20270317T100000",
            "DURATION:PT90M",
            "SEQUENCE:3",
        ),
    ),
    _calendar(
        _event("UID:4", "DTSTART;TZID=Büro:20270320T200000", "DURATION:P1DT2H", "RRULE:FREQ=DAILY;INTERVAL=2;COUNT=9"),
        _event("UID:5", "DTSTART;TZID=/x.org/20050126_1/Asia/Tokyo:20270320T200000", "DURATION:PT1H"),
        zone=_BERLIN,
    ),
    _calendar(
        "BEGIN:VFREEBUSY\r\nFREEBUSY;FBTYPE=BUSY:20270301T010000Z/PT2H,20270303T010000Z/20270303T040000Z\r\nEND:VFREEBUSY"
    ),
    _calendar(
        _event(
            "UID:6",
            "DTSTART:20270101T080000",
            "DTEND:20270101T090000",
            "RRULE:FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
            "RDATE;VALUE=PERIOD:20270110T080000Z/PT1H",
            "BEGIN:VALARM\r\nTRIGGER:-PT15M\r\nDTSTART:19990101T000000\r\nEND:VALARM",
            "DESCRIPTION:a line\r\n  that is folded",
            "STATUS:CONFIRMED",
        ),
        _event("UID:7", "DTSTART;VALUE=DATE:20260228", "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=-1"),
        _event("UID:8", "DTSTART:20270301T010000Z", "DTEND:20270301T020000Z", "STATUS:CANCELLED"),
        _event("UID:9", "DTSTART:20270301T010000Z", "DTEND:20270301T020000Z", "TRANSP:TRANSPARENT"),
    ),
)
_WORDS: Final = (
    *("SECONDLY", "MINUTELY", "HOURLY", "DAILY", "YEARLY", "INTERVAL=0", "INTERVAL=-1", "INTERVAL=99999999999"),
    *("COUNT=999999999", "BYMONTH=2;BYMONTHDAY=30", "BYWEEKNO=53", "BYSETPOS=366", "BYHOUR=1,2,3,4,5,6,7,8,9,10"),
    *("BYSECOND=0,1,2,3,4,5,6,7,8,9", "UNTIL=99991231T235959Z", "UNTIL=00010101", "BYDAY=+53SU", "BYEASTER=0"),
    *("00000000", "99991231", "00010101T000000Z", "20270230", "P99999999999D", "-P1D", "PT", "P-1W", "+1400", "-2400"),
    *("RANGE=THISANDFUTURE", "VALUE=DATE", "VALUE=PERIOD", "TZID=../../etc/passwd", "TZID=Büro", "TZID=", 'TZID="'),
    *("\x00", "\ufeff", "\u2028", "\r", "\n ", '"', ";", ":", ",", "=", "\\", "^n", "٣", "𝟙", "\r\nEND:VCALENDAR"),
    *("BEGIN:VEVENT\r\n", "END:VEVENT\r\n", "BEGIN:VTIMEZONE\r\n", "BEGIN:VCALENDAR\r\n", "END:STANDARD\r\n"),
)


def mutations(seed: int) -> Iterator[bytes]:
    """Yield calendars without end, each one of the corpus after one to six accidents; the same for the same seed."""
    chance = random.Random(seed)  # noqa: S311 (inputs of tests)
    while True:
        content = chance.choice(CORPUS)
        for _ in range(chance.randint(1, 6)):
            content = chance.choice(_ACCIDENTS)(chance, content)
        yield content[:200_000]


def some(seed: int, count: int) -> list[bytes]:
    """Return the first mutations of a seed."""
    return list(islice(mutations(seed), count))


def _a_byte(chance: random.Random, content: bytes) -> bytes:
    at = chance.randrange(len(content) + 1)
    return content[:at] + bytes([chance.randrange(256)]) + content[at + chance.randint(0, 1) :]


def _a_word(chance: random.Random, content: bytes) -> bytes:
    at = chance.randrange(len(content) + 1)
    return content[:at] + chance.choice(_WORDS).encode() + content[at + chance.choice((0, 0, 4, 8, 15)) :]


def _a_number(chance: random.Random, content: bytes) -> bytes:
    places = [at for at, byte in enumerate(content) if 48 <= byte < 58]
    if not places:
        return content
    at = chance.choice(places)
    return content[:at] + str(chance.choice((0, 1, 9, 31, 60, 99, -5, 10**9))).encode() + content[at + 1 :]


def _a_value(chance: random.Random, content: bytes) -> bytes:
    """Put another value behind a colon or an equals sign."""
    lines = content.split(b"\r\n")
    at = chance.randrange(len(lines))
    sign = chance.choice((b":", b"=", b";"))
    head, found, _ = lines[at].partition(sign)
    if found:
        lines[at] = head + sign + chance.choice(_WORDS).encode()
    return b"\r\n".join(lines)


def _a_line(chance: random.Random, content: bytes) -> bytes:
    """Take a line of another calendar, double one, drop one, or let two change places."""
    lines, other = content.split(b"\r\n"), chance.choice(CORPUS).split(b"\r\n")
    at, to = chance.randrange(len(lines)), chance.randrange(len(lines))
    kind = chance.randrange(4)
    if kind == 0:
        lines.insert(at, chance.choice(other))
    elif kind == 1:
        lines[at:at] = [lines[to]] * chance.choice((1, 2, 50))
    elif kind == 2:
        del lines[at]
    else:
        lines[at], lines[to] = lines[to], lines[at]
    return b"\r\n".join(lines)


def _much(chance: random.Random, content: bytes) -> bytes:
    """Repeat a piece many times."""
    at = chance.randrange(len(content) + 1)
    piece = content[at : at + chance.choice((1, 10, 100, 1000))]
    return content[:at] + piece * chance.choice((2, 20, 200)) + content[at:]


def _cut(chance: random.Random, content: bytes) -> bytes:
    return content[: chance.randrange(len(content) + 1)]


def _a_rule(chance: random.Random, content: bytes) -> bytes:
    """Give an entry a rule made of parts that fit together or not."""
    frequency = chance.choice(("SECONDLY", "MINUTELY", "HOURLY", "DAILY", "WEEKLY", "MONTHLY", "YEARLY"))
    parts = [f"FREQ={frequency}"]
    for name, most in (
        ("INTERVAL", 400),
        ("BYMONTH", 13),
        ("BYMONTHDAY", 31),
        ("BYYEARDAY", 366),
        ("BYWEEKNO", 53),
        ("BYHOUR", 23),
        ("BYMINUTE", 59),
        ("BYSECOND", 60),
        ("BYSETPOS", 366),
        ("COUNT", 5000),
    ):
        if chance.random() < 0.25:
            parts.append(
                f"{name}={','.join(str(chance.randint(-most, most)) for _ in range(chance.choice((1, 1, 9))))}"
            )
    if chance.random() < 0.4:
        parts.append(f"BYDAY={chance.choice(('', '+1', '-1', '53'))}{chance.choice(('MO', 'SU', 'XX'))}")
    rule = f"RRULE:{';'.join(parts)}\r\nEND:VEVENT".encode()
    return content.replace(b"END:VEVENT", rule, 1)


_ACCIDENTS: Final = (_a_byte, _a_word, _a_number, _a_value, _a_line, _much, _cut, _a_rule, _a_rule)
