"""What the program brings to the demo: a season of its activities."""

from datetime import date

from core.plugin_api import DemoActivity, DemoPart, DemoTown


def part(town: DemoTown) -> DemoPart:
    """Return the program's activities in the autumn and in the winter break."""
    primary, middle = town.schools
    return DemoPart(
        activities=(
            DemoActivity(
                "school_link.open_campus",
                "校园开放日·实验小学",
                1,
                60,
                (town.autumn.first, date(2026, 11, 29)),
                {"school": primary, "meeting_point": "校门口"},
                times=("09:00", "14:00"),
                rooms=(town.fields[primary],),
                priority=5,
            ),
            DemoActivity(
                "school_link.open_campus",
                "校园开放日·第二中学",
                2,
                60,
                (town.autumn.first, date(2026, 12, 6)),
                {"school": middle, "meeting_point": "校门口"},
                times=("09:00", "14:00"),
                rooms=(town.fields[middle],),
                priority=5,
            ),
            DemoActivity(
                "school_link.homework_room",
                "作业辅导·周六班",
                7,
                36,
                (town.autumn.first, town.autumn.last),
                {"school": primary, "subjects": "语文、数学"},
                groups=town.young[1:],
                times=("09:00", "14:00"),
                weekdays=(5,),
                rooms=town.schools[primary],
                priority=3,
            ),
            DemoActivity(
                "school_link.homework_room",
                "作业辅导·周日班",
                7,
                36,
                (town.autumn.first, town.autumn.last),
                {"school": primary, "subjects": "语文、数学、英语"},
                groups=town.middle[1:],
                times=("09:00", "14:00"),
                weekdays=(6,),
                rooms=town.schools[primary],
                priority=3,
            ),
            DemoActivity(
                "school_link.homework_room",
                "作业辅导·社区班",
                6,
                20,
                (town.autumn.first, town.autumn.last),
                {"school": middle, "subjects": "英语、物理"},
                groups=town.old[1:],
                times=("09:00", "14:00"),
                rooms=town.homes,
                priority=3,
            ),
            DemoActivity(
                "school_link.open_campus",
                "寒假校园体验",
                1,
                60,
                (town.winter.first, date(2027, 1, 26)),
                {"school": primary, "meeting_point": "校门口", "welcome_first": False},
                times=("09:00", "14:00"),
                rooms=(town.fields[primary],),
                priority=5,
            ),
            DemoActivity(
                "school_link.homework_room",
                "寒假作业·上午班",
                12,
                36,
                (town.winter.first, town.winter.last),
                {"school": primary, "subjects": "语文、数学"},
                groups=town.young[1:],
                times=("09:00",),
                rooms=town.schools[primary],
                priority=3,
            ),
            DemoActivity(
                "school_link.homework_room",
                "寒假作业·下午班",
                12,
                36,
                (town.winter.first, town.winter.last),
                {"school": primary, "subjects": "语文、数学、英语"},
                groups=town.middle[1:],
                times=("14:00",),
                rooms=town.schools[primary],
                priority=3,
            ),
        )
    )
