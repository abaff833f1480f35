"""Who may take part: every answer has a code and a reason, whoever asks, and the program says what it asks for."""

import re
from collections.abc import Iterator
from itertools import product
from uuid import UUID

from core.conformance.activities import complete, minimal, stored
from core.conformance.subject import Subject
from core.domain.vocabulary import ConsentPurpose
from core.hooks.joining import Applicant, Standing
from core.hooks.types import ActivityOutline, ActivityType, Audience

_CODE = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_CHILDREN = tuple(Applicant(Audience.CHILDREN, age) for age in (0, 6, 9, 14, 17, None))
_APPLICANTS = (
    *_CHILDREN,
    Applicant(Audience.CHILDREN, 9, frozenset(ConsentPurpose)),
    Applicant(Audience.GUARDIANS, None),
    Applicant(Audience.FAMILIES, None),
)
_STANDINGS = (Standing(0, 0), Standing(1, 5), Standing(9, 500))


def joining(subject: Subject) -> Iterator[str]:
    """Yield answers to whether somebody may take part that nobody could act on."""
    told = set[str]()
    for kind in subject.kinds:
        for activity, applicant, standing in product(_activities(kind), _APPLICANTS, _STANDINGS):
            for wrong in _answers(subject, applicant, activity, standing):
                if wrong not in told:
                    told.add(wrong)
                    yield wrong


def _answers(subject: Subject, applicant: Applicant, activity: ActivityOutline, standing: Standing) -> Iterator[str]:
    for obstacle in subject.alone.eligibility(applicant, activity, standing):
        said = str(obstacle.reason)
        if obstacle.code == "no_answer":
            failures = [failure for failure in subject.alone.failures if failure.where == "eligibility"]
            yield f"{activity.type_key}: eligibility raises {', '.join(failure.error for failure in failures)}"
        elif not _CODE.fullmatch(obstacle.code):
            yield f"{activity.type_key}: the code “{obstacle.code}” is not made of small letters and underscores"
        elif not said.strip() or "None" in said or "%(" in said:
            yield f"{activity.type_key}: the reason of “{obstacle.code}” would be “{said}”"


def _activities(kind: ActivityType) -> Iterator[ActivityOutline]:
    for answers in (minimal(kind), complete(kind), {}):
        settings = stored(kind, answers)
        yield ActivityOutline(
            id=str(UUID(int=1)),
            type_key=kind.key,
            title="测试活动",
            sessions=4,
            size=kind.size,
            groups=(),
            settings=settings,
            line=kind.line,
            duration=kind.duration,
        )
