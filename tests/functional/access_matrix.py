"""Who may do what, written by hand from what stations do and what the law asks; it judges the product's own table.

A county administrator, H head of a station, S station staff, W social worker of the agency under contract,
O organizer, D children's director of a community, G grid worker, V volunteer, U auditor; * whoever comes along.

What it was made from: the county sees all of its stations, a station itself and its communities; a category, a health
note, an ID number are nobody's business who doesn't need them (Personal Information Protection Law, arts. 28 and 51),
so only those who work with children keep their files, and the auditor reads logs but no file. Access beyond names is
approved by whoever is in charge (Regulations on protecting minors online, art. 36): the head, and the county for the
head. Everybody reports harm (Law on the Protection of Minors, art. 11); who reported is for the head and the auditor.
"""

from typing import Final

from core.domain.actor import Role

LETTERS: Final = {
    "A": Role.ADMINISTRATOR,
    "H": Role.HEAD,
    "S": Role.STATION_STAFF,
    "W": Role.SOCIAL_WORKER,
    "O": Role.ORGANIZER,
    "D": Role.COMMUNITY_DIRECTOR,
    "G": Role.GRID_WORKER,
    "V": Role.VOLUNTEER,
    "U": Role.AUDITOR,
}

_CAPABILITIES: Final = """
use_account          A H S W O D G V U
own_duties                         V
see_plans            A H S W O D
plan                 A H     O
keep_calendar        A H S W O
approve_activities   A H
keep_settings        A H
see_reports          A H S W O         U
see_children         A H S W   D G
keep_children          H S W   D
merge_children         H S
export_children        H S
seal_children          H
keep_consents          H S W   D
note_visits            H S W   D G
note_attendance        H S W O D
ask_for_fields         H S W   D
approve_grants       A H
break_glass            H S W   D
see_volunteers       A H S W O
keep_volunteers        H S   O
clear_people           H S
manage_accounts      A H
read_audit             H               U
report_harm          A H S W O D G V U
read_harm_register     H               U
answer_requests        H S
erase                  H
see_compliance       A H               U
"""

_ENDPOINTS: Final = """
static                    *
home.start                A H S W O D G V U
home.overview             A H S W O D
home.health               *
language.choose           *
account.sign_in           *
account.sign_out          A H S W O D G V U
account.password          A H S W O D G V U
timetable.current         A H S W O D G V U
timetable.of_term         A H S W O D G V U
sessions.page             A H S W O D G V U
public.notice             *
duties.mine                             V
duties.subscribe                        V
duties.unsubscribe                      V
feeds.calendar            *
feeds.listed              A H S W O
feeds.open_address        A H S W O
feeds.revoke              A H S W O
plans.listed              A H S W O D
plans.page                A H S W O D
plans.compare             A H     O
plans.publish             A H     O
runs.ask                  A H     O
runs.page                 A H S W O D
runs.cancel               A H     O
pins.new                  A H     O
pins.remove               A H     O
calendar.overview         A H S W O D
calendar.consider         A H S W O
calendar.close            A H S W O
calendar.reopen           A H S W O
calendar.enter_year       A H     O
activities.listed         A H S W O D
activities.choose         A H     O
activities.new            A H     O
activities.edit           A H     O
activities.feasible       A H     O
batches.chosen            A H     O
joining.ask               A H S W   D G
joining.consent             H S W   D
joining.withdraw            H S W   D
attendance.sheet            H S W O D
attendance.note             H S W O D
reports.page              A H S W O         U
programs.listed           A H S W O D
programs.switch           A H
public.apply              *
public.applied            *
volunteers.listed         A H S W O
volunteers.checks         A H S W O
volunteers.page           A H S W O
volunteers.new              H S   O
volunteers.edit             H S   O
volunteers.step             H S   O
volunteers.accept           H S
volunteers.check            H S
skills.add                H S   O
skills.remove             H S   O
skills.trainings          A H S W O
skills.training           H S   O
skills.mark               H S   O
skills.completed          H S   O
door.sheet                  H S W O D
door.enter                  H S W O D
door.correct                H S W O D
door.begin                  H S W O D
"""


def _read(text: str) -> dict[str, frozenset[Role] | None]:
    """Return the roles of each line, None for everybody."""
    found = {}
    for line in text.strip().splitlines():
        name, *letters = line.split()
        found[name] = None if letters == ["*"] else frozenset(LETTERS[letter] for letter in letters)
    return found


#: Who may do each kind of work, by its name.
CAPABILITIES: Final = _read(_CAPABILITIES)
#: Who may call each of core's endpoints; None: everybody.
ENDPOINTS: Final = _read(_ENDPOINTS)
