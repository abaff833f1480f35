"""Who may be visited: nobody registers for it, the station arranges it with the family."""

from collections.abc import Sequence

from core.plugin_api import ActivityOutline, Applicant, Audience, Capability, Message, Obstacle, Standing

from weibao_home_visits.activities import VISIT


def obstacles(applicant: Applicant, activity: ActivityOutline, standing: Standing) -> Sequence[Obstacle]:
    """Return why somebody can't take part; a families' afternoon is open to all families.

    That a child has a need is seen to where the station links it with the series: applicants come without a name.
    """
    if activity.type_key != VISIT.key:
        return ()
    if applicant.audience is not Audience.CHILDREN:
        return (Obstacle("children_only", Message("Home visits are for children.")),)
    if standing.taking_part >= activity.size:
        return (Obstacle("one_home", Message("A series of visits leads to one home alone.")),)
    return (
        Obstacle(
            "by_the_station",
            Message("Home visits are arranged by the station with the family."),
            Message("Ask the station: it notes the need and finds two visitors."),
            waived_by=Capability.KEEP_CALENDAR,
        ),
    )
