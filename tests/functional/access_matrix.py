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
from tests.functional.access_of_endpoints import OF_CORE

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
decide_access          H
note_visits            H S W   D G
note_attendance        H S W O D
register_children      H S W   D
keep_registration      H S   O
take_out_allocations   H
waive_rules            H S
ask_for_fields         H S W   D
approve_grants       A H
break_glass            H S W   D
see_volunteers       A H S W O
keep_volunteers        H S   O
see_company            H
clear_people           H S
manage_accounts      A H
read_audit             H               U
report_harm          A H S W O D G V U
read_harm_register     H               U
answer_requests        H S
erase                  H
give_copies            H
see_compliance       A H               U
note_incidents       A H
"""

_PROGRAMS: Final = """
admin.index                   A H S W O D
character_ed.cards              H S W O D
character_ed.mix              A H S W O D
character_ed.stamps             H S W O D
character_ed.stamps_of_group    H S W O D
character_ed.virtue           A H S W O D G V U
parent_school.add_family        H S W O D
parent_school.appointments      H S W O D
parent_school.attendance        H S W O D
parent_school.book              H S W O D
parent_school.cancel            H S W O D
parent_school.restore           H S W O D
parent_school.talks             H S W O D
school_link.ask               A H S W O
school_link.confirm           *
school_link.confirmations     A H S W O D
school_link.decline           *
school_link.liaison           *
school_link.open_link         A H S W O
school_link.other_times       *
school_link.propose           *
school_link.revoke_link       A H S W O
sst.answers                     H S W   D
sst.approve                   A H
sst.ask                         H S W   D
sst.course                    A H S W O D
sst.courses                   A H S W O D
sst.end                       A H
sst.enter                       H S W   D
sst.grants                    A H
sst.open_answers                H S W   D
sst.refuse                    A H
"""

# Who sees a section of the back office, and after the bar who changes it.
_SECTIONS: Final = """
activities                A H S W O D | A H     O
activity_roles            A H S W O D | A H     O
arranged_years            A H S W O D | A H     O
availabilities            A H S W O   |   H S   O
blackouts                 A H S W O   |   H S   O
character_ed_awards       A H S W O D | A H     O
character_ed_settings     A H S W O D | A H     O
character_ed_virtues      A H S W O D | A H     O
clearances                A H S W O   |   H S
groups                    A H S W O D | A H     O
parent_school_attendance  A H S W O D |
parent_school_bookings    A H S W O D |
parent_school_ratios      A H S W O D | A H     O
rooms                     A H S W O D | A H     O
school_breaks             A H S W O D | A H     O
school_link_agreements    A H S W O D | A H     O
school_link_classes       A H S W O D | A H     O
school_link_school_days   A H S W O D | A H     O
school_link_schools       A H S W O D | A H     O
school_link_teachers      A H S W O D | A H     O
sst_answers               A H         |
sst_grants                A H         |
sst_questions             A H S W O D | A H     O
station_hours             A H S W O D | A H     O
stations                  A H S W O D | A H
terms                     A H S W O D | A H     O
travel_times              A H S W O D | A H     O
venues                    A H S W O D | A H     O
volunteer_likes           A H S W O   |   H S   O
volunteer_skills          A H S W O   |   H S   O
volunteers                A H S W O   |   H S   O
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
ENDPOINTS: Final = _read(OF_CORE)


def _of_sections(text: str) -> dict[str, frozenset[Role] | None]:
    """Return the roles of each page of the back office's sections."""
    found = {}
    for line in text.strip().splitlines():
        key, readers, writers = line.partition(" ")[0], *line.partition(" ")[2].split("|")
        for roles, pages in ((readers, _READING), (writers, _WRITING)):
            held = frozenset(LETTERS[letter] for letter in roles.split())
            found |= {f"admin_{key}.{page}": held for page in pages}
    return found


_READING: Final = ("index_view", "details_view", "export")
_WRITING: Final = ("create_view", "edit_view", "delete_view")

#: Who may call the endpoints of the programs and the back office.
OF_PLUGINS: Final = _read(_PROGRAMS) | _of_sections(_SECTIONS)
