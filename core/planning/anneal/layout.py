"""Where what lies in the memory of a walk.

The compiled functions share one flat array of 64-bit integers, `mem`. Its head has an entry per name below: a number
itself (`PEOPLE`: how many people there are) or where a table begins (`LOAD`: `mem[mem[LOAD] + person]`). Numba hands
one array from function to function for nothing, where a struct of a hundred tables costs more than most changes do.

Sessions are numbered through, those of an activity side by side; so are slots (an activity's allowed starts), roles
and seats (the staff places of a session, `wanted` for each role). A session of an ordered activity has no number of its
own until somebody asks: it is the k-th by its start. So `HOLDER[first + k]` says which session is held as number k, and
what the problem says of number k (pins, relations, the published plan) is a “label” at `first + k`. -1 stands for none.
"""

from typing import Final

#: How many of each there are, limits, and other single numbers.
(
    ACTIVITIES,
    SESSIONS,
    SLOTS,
    ROLES,
    SEATS,
    PEOPLE,
    ROOMS,
    GROUPS,
    DAYS,
    CLOCKS,
    STARTS,
    VENUES,
    MOST_ROLES,
    MOST_SEATS,
    DAYS_AROUND,
    COMPACT_GAP,
    PERSON_SPACE,
    ROOM_SPACE,
    GROUP_SPACE,
    REPLANS,
    PUBLISHED,
    RELATION_COUNT,
    BROKEN_PRICE,
    BROKEN,
    BEST_BROKEN,
    RANDOM,
    COST,
    BEST_COST,
    TRAIL_LENGTH,
    TOUCHED_LENGTH,
    CHANGED_LENGTH,
    STAMP,
    LIFTED_LENGTH,
    UNITS_LENGTH,
    BLOCKER,
    LIFTED_SPACE,
    CHOOSY,
) = range(37)

#: The prices of one unit of each soft term.
(
    PRICE_UNSCHEDULED,
    PRICE_REQUIRED,
    PRICE_WANTED,
    PRICE_ROOMS,
    PRICE_TIMES,
    PRICE_STAFF,
    PRICE_DAYS,
    PRICE_ISOLATED,
    PRICE_TRIPS,
    PRICE_LOAD,
    PRICE_OVERFLOW,
    PRICE_MOVED,
    PRICE_REHOUSED,
    PRICE_RESTAFFED,
) = range(37, 51)

#: Tables that say what the problem is. A table named …_AT with one of the same name without it is a list of lists: the
#: first holds where in memory each list begins, the second how long it is.
(
    ACTIVITY_FIRST,
    ACTIVITY_COUNT,
    ACTIVITY_SIZE,
    ACTIVITY_ADULTS,
    ACTIVITY_DAY_LIMIT,
    ACTIVITY_MIN_DAYS,
    ACTIVITY_PRIORITY,
    ACTIVITY_ORDERED,
    ACTIVITY_RULED,
    ACTIVITY_ROLE,
    ACTIVITY_ROLES,
    ACTIVITY_SLOT,
    ACTIVITY_SLOTS,
    ACTIVITY_GROUPS_AT,
    ACTIVITY_GROUPS,
    ACTIVITY_VENUE,
    ACTIVITY_EMPTY,
    SLOT_START,
    SLOT_END,
    SLOT_DAY,
    SLOT_CLOCK,
    SLOT_START_NUMBER,
    SLOT_ROOMS_AT,
    SLOT_ROOMS,
    SLOT_ABLE,
    SLOT_OF,
    ROLE_REQUIRED,
    ROLE_WANTED,
    ROLE_FACES_PRICE,
    ROLE_MOST_FACES,
    ROLE_SEAT,
    ROLE_POOL_AT,
    ROLE_POOL,
    PERSON_MOST,
    PERSON_DAY_MOST,
    PERSON_HOME,
    PERSON_ADULT,
    ROOM_VENUE,
    ROOM_CAPACITY,
    ROOM_TURNOVER,
    GROUP_COMPACT,
    TRAVEL,
    LIKE,
    ACTIVITY_OF,
    SEAT_FIRST,
    SEAT_SESSION,
    SEAT_ROLE,
    LOCKED,
    PAST,
    PIN_ASKED,
    PIN_START,
    PIN_ROOM,
    PIN_STAFF_AT,
    PIN_STAFF,
    RELATIONS_AT,
    RELATIONS,
    RELATION_KIND,
    RELATION_A,
    RELATION_B,
    RELATION_GAP,
    UNIT_AT,
    UNIT,
    UNIT_ONE_VENUE,
    KIN_AT,
    KIN,
    OLD_START,
    OLD_ROOM,
    OLD_STAFF_AT,
    OLD_STAFF,
    OLD_SEAT,
    WINDOW_FROM,
    WINDOW_TO,
    DAY_WEEK,
    PERSON_WEEK_MOST,
    PERSON_GOES,
    PERSON_APART_AT,
    PERSON_APART,
    PERSON_WITH_AT,
    PERSON_WITH,
    PERSON_ALONE,
) = range(51, 131)

#: Tables that say what the plan is at the moment.
(
    SLOT_AT,
    START_AT,
    END_AT,
    DAY_AT,
    ROOM_AT,
    VENUE_AT,
    LABEL,
    HOLDER,
    SEAT,
    FILLED,
    LOAD,
    PERSON_DAY_COUNT,
    PERSON_DAY,
    ROOM_DAY_COUNT,
    ROOM_DAY,
    GROUP_DAY_COUNT,
    GROUP_DAY,
    ALONE,
    DAY_COUNT,
    DAY_SESSIONS,
    DAY_PLACE,
    HELD,
    ROOM_USES,
    ROOM_KINDS,
    CLOCK_USES,
    CLOCK_KINDS,
    DAY_USES,
    DAY_KINDS,
    FACE,
    FACES,
    FACES_AHEAD,
    PIN_BROKEN,
    RELATION_BROKEN,
    OLD_PRICE,
    TRAIL,
    TOUCHED,
    TOUCHED_STAMP,
    CHANGED,
    CHANGED_STAMP,
    LIFTED_SESSION,
    LIFTED_SLOT,
    LIFTED_ROOM,
    LIFTED_STAFF,
    UNIT_BEGIN,
    UNIT_END,
    BEST_SLOT,
    BEST_ROOM,
    BEST_LABEL,
    BEST_SEAT,
) = range(131, 180)

HEAD: Final = 180

#: Faces are counted in one number: how often a person serves ahead, and this many times as often in the frozen past.
FROZEN_FACE: Final = 1 << 20

#: Kinds of relations.
TOGETHER, SAME_VENUE, BEFORE, APART, NEEDS = range(5)

#: What a trail remembers: the change to undo and up to three numbers.
SEATED, UNSEATED, PLACED, UNPLACED = range(4)
TRAIL_ENTRY: Final = 4

#: A moment that never comes.
NEVER: Final = 1 << 60

#: What the best plan costs while there is none.
NO_PLAN: Final = 1 << 62
