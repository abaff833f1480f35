"""What the back office shows of the program's own tables; answers and grants are changed on their pages alone."""

from typing import Final

from core.plugin_api import AdminSection, Capability, Message
from plugins.sst.models import Answers, Grant, Question

QUESTIONS: Final = AdminSection(
    key="sst_questions",
    name=Message("Questions of the questionnaire"),
    model=Question,
    columns=("number", "wording"),
    form=("number", "wording"),
    search=("wording",),
    readers=Capability.SEE_PLANS,
    writers=Capability.PLAN,
    labels={"number": Message("Number"), "wording": Message("Question")},
)
ANSWERS: Final = AdminSection(
    key="sst_answers",
    name=Message("Answered questionnaires"),
    model=Answers,
    columns=("activity_id", "occasion", "answered_on"),
    form=(),
    readers=Capability.APPROVE_GRANTS,
    writers=None,
    labels={
        "activity_id": Message("Course"),
        "occasion": Message("When"),
        "answered_on": Message("Answered on"),
    },
)
GRANTS: Final = AdminSection(
    key="sst_grants",
    name=Message("Grants for answers"),
    model=Grant,
    columns=("activity_id", "user_id", "reason", "valid_until", "approved_by_id"),
    form=(),
    readers=Capability.APPROVE_GRANTS,
    writers=None,
    labels={
        "activity_id": Message("Course"),
        "user_id": Message("Who"),
        "reason": Message("Reason"),
        "valid_until": Message("Until"),
        "approved_by_id": Message("Approved by"),
    },
)

SECTIONS: Final = (QUESTIONS, ANSWERS, GRANTS)
