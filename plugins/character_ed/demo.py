"""What the program brings to the demo: a season of its activities."""

from core.plugin_api import DemoActivity, DemoPart, DemoTown


def part(town: DemoTown) -> DemoPart:
    """Return the program's activities in the autumn and in the winter break."""
    return DemoPart(
        activities=(
            DemoActivity(
                "character_ed.virtue_workshop",
                "诚信工坊",
                5,
                28,
                (town.autumn.first, town.autumn.last),
                {"virtue": "诚信", "practice_days": 5},
                groups=town.middle[:1],
                ordered=True,
            ),
            DemoActivity(
                "character_ed.virtue_workshop",
                "孝亲工坊",
                5,
                28,
                (town.autumn.first, town.autumn.last),
                {"virtue": "孝亲", "practice_days": 5},
                groups=town.middle[1:],
                weekdays=(5,),
                ordered=True,
            ),
            DemoActivity(
                "character_ed.virtue_workshop",
                "勤俭工坊",
                4,
                28,
                (town.autumn.first, town.autumn.last),
                {"virtue": "勤俭", "practice_days": 5},
                groups=town.young[1:],
                weekdays=(6,),
            ),
            DemoActivity(
                "character_ed.service_day",
                "河滨清洁日",
                3,
                30,
                (town.autumn.first, town.autumn.last),
                {"task": "清洁河滨公园", "bring": "手套、水壶"},
                groups=town.old[:1],
                times=("09:00", "14:00"),
                rooms=(town.park,),
            ),
            DemoActivity(
                "character_ed.service_day",
                "敬老服务日",
                3,
                20,
                (town.autumn.first, town.autumn.last),
                {"task": "为社区老人表演和读报"},
                groups=town.old[1:],
                times=("09:00", "14:00"),
                rooms=town.communities,
            ),
            DemoActivity(
                "character_ed.virtue_workshop",
                "年俗工坊",
                4,
                28,
                (town.winter.first, town.winter.last),
                {"virtue": "礼敬", "practice_days": 2},
                groups=town.middle[:1],
                weekdays=(1, 5),
                ordered=True,
            ),
            DemoActivity(
                "character_ed.virtue_workshop",
                "感恩工坊",
                4,
                28,
                (town.winter.first, town.winter.last),
                {"virtue": "感恩"},
                groups=town.old[:1],
            ),
            DemoActivity(
                "character_ed.service_day",
                "暖冬服务日",
                3,
                20,
                (town.winter.first, town.winter.last),
                {"task": "陪社区老人贴春联、包饺子"},
                groups=town.old[1:],
                times=("09:00", "14:00"),
                rooms=town.communities,
            ),
        )
    )
