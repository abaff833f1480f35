"""What the program brings to the demo: a season of its activities."""

from core.plugin_api import DemoActivity, DemoPart, DemoTown, Feature


def part(town: DemoTown) -> DemoPart:
    """Return the program's activities in the autumn and in the winter break."""
    return DemoPart(
        activities=(
            DemoActivity(
                "parent_school.lecture",
                "家长讲堂",
                4,
                40,
                (town.autumn.first, town.autumn.last),
                {"topic": "怎样听孩子说话", "alongside": "亲子阅读"},
                times=("09:00", "14:00"),
                features=(Feature.PROJECTOR,),
            ),
            DemoActivity(
                "parent_school.counselling",
                "家庭辅导",
                10,
                3,
                (town.autumn.first, town.autumn.last),
                {"field": "parenting"},
                max_per_day=2,
                priority=4,
            ),
            DemoActivity(
                "parent_school.counselling",
                "年末家庭辅导专场",
                4,
                3,
                (town.away.first, town.away.last),
                {"field": "feelings"},
                max_per_day=2,
                priority=4,
            ),
            DemoActivity(
                "parent_school.lecture",
                "寒假家长讲堂",
                3,
                40,
                (town.winter.first, town.winter.last),
                {"topic": "假期里的手机"},
                times=("09:00", "14:00"),
                features=(Feature.PROJECTOR,),
            ),
            DemoActivity(
                "parent_school.counselling",
                "寒假家庭辅导",
                6,
                3,
                (town.winter.first, town.winter.last),
                {"field": "learning", "families": 1},
                max_per_day=2,
                priority=4,
            ),
        )
    )
