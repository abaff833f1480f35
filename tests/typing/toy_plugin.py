"""A plugin in one file with every hook, as somebody else would write it: mypy reads it strictly, and core loads it."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import ClassVar, Final
from uuid import UUID

from flask import Blueprint, Flask
from sqlalchemy import select
from sqlalchemy.orm import Mapped, Session

from core.plugin_api import (
    FEWEST_CHILDREN,
    ActivityLine,
    ActivityOutline,
    ActivityTemplate,
    ActivityType,
    AdminSection,
    Applicant,
    Audience,
    Base,
    Breach,
    Capability,
    Choices,
    Clock,
    Contribution,
    CuredOn,
    DemoActivity,
    DemoPart,
    DemoRole,
    DemoTown,
    FieldKind,
    Key,
    MenuEntry,
    Message,
    Model,
    Objection,
    Obstacle,
    Period,
    Plan,
    PlannedOutline,
    PluginCommand,
    Preference,
    Problem,
    Program,
    Relation,
    ReportSection,
    ReportTable,
    RoleNeed,
    Rule,
    SessionOutline,
    SessionText,
    SettingField,
    Skill,
    Standing,
    StationScoped,
    TermOutline,
    Text80,
    WebPart,
    Zone,
    clock_of,
    day_of,
    db,
    hookimpl,
    seating,
    today,
)

KEY: Final = "toy"
_NOON: Final = 12 * 60
GAME: Final = ActivityType(
    key="toy.game",
    name=Message("Game"),
    line=ActivityLine.INCLUSION,
    description=Message("A game for all."),
    form=(SettingField("quiet_day", Message("Not on day number"), FieldKind.INTEGER, minimum=0),),
    zones=(Zone.ACTIVITY,),
    roles=(RoleNeed("referee", Message("Referee"), Skill.SPORT, 1, 1),),
    templates=(ActivityTemplate(Message("Game on Saturdays"), {"quiet_day": 1}, sessions=4, weekdays=(5,)),),
)


class Toy(StationScoped, Base):
    """A toy that a station has."""

    __tablename__ = "toy_toys"

    id: Mapped[Key]
    name: Mapped[Text80]
    bought: Mapped[date]


class QuietDay(Rule):
    """No game on a day that its coordinator keeps quiet."""

    name: ClassVar[str] = "toy.quiet_day"

    def narrow(self, choices: Choices) -> None:
        """Strike out the quiet day."""
        for activity, quiet in _quiet_days(choices.problem).items():
            if activity in choices.activities:
                loud = [start for start in choices.starts(activity) if day_of(start) != quiet]
                choices.keep_starts(activity, loud)

    def constrain(self, model: Model) -> None:
        """Say it once more, in the model's words."""
        for activity, quiet in _quiet_days(model.problem).items():
            for slot in model.variables.slots(activity):
                if model.variables.day(slot) == quiet:
                    model.forbid(model.variables.held(slot))

    def breaches(self, problem: Problem, plan: Plan) -> Iterator[Breach]:
        """Yield each game on its quiet day."""
        meetings = seating(problem, plan).series
        for activity, quiet in _quiet_days(problem).items():
            for meeting in meetings.get(activity, ()):
                if meeting.day == quiet:
                    yield Breach(self.name, (meeting.key,), Message("The day is to be quiet."))


class Mornings(Preference):
    """Each game after noon costs a unit."""

    name: ClassVar[str] = "toy.mornings"

    def weight(self, problem: Problem) -> int:
        """Return the price of a game after noon, where there are games."""
        return 2 if _quiet_days(problem) else 0

    def penalize(self, model: Model) -> None:
        """Let each game after noon cost."""
        for activity in _quiet_days(model.problem):
            for slot in model.variables.slots(activity):
                if clock_of(slot.start) > _NOON:
                    model.penalize(self.name, self.weight(model.problem), model.variables.held(slot))

    def amount(self, problem: Problem, plan: Plan) -> int:
        """Count the games after noon."""
        games = _quiet_days(problem)
        return sum(row.activity in games and clock_of(row.start) > _NOON for row in plan.sessions)


def _quiet_days(problem: Problem) -> dict[str, int]:
    return {activity: day.whole(0) for activity, day in problem.extension(KEY).members()}


blueprint = Blueprint(KEY, __name__)


@blueprint.get("/toy")
def toys() -> str:
    """List the toys bought until today."""
    return ", ".join(db.session.scalars(select(Toy.name).where(Toy.bought <= today())))


def _mount(app: Flask) -> None:
    app.register_blueprint(blueprint)


@hookimpl
def program() -> Program:
    """Return the program."""
    return Program(KEY, Message("Toy"), Message("Play."))


@hookimpl
def activity_types() -> Sequence[ActivityType]:
    """Return games."""
    return (GAME,)


@hookimpl
def eligibility(applicant: Applicant, activity: ActivityOutline, standing: Standing) -> Sequence[Obstacle]:
    """Return that a game is for children, and not for more than it has places."""
    if applicant.audience is not Audience.CHILDREN:
        return (Obstacle("children_only", Message("Games are for children.")),)
    if standing.taking_part >= activity.size:
        cure = Message("Come to another game.")
        return (Obstacle("full", Message("It is full."), cure, waived_by=Capability.PLAN, cured_on=CuredOn.OTHERS),)
    return ()


@hookimpl
def planning_contribution(
    activities: Sequence[ActivityOutline], term: TermOutline, session: Session
) -> Contribution | None:
    """Return each game's quiet day, and that no two games are on one day; nothing before there are toys."""
    if not activities or session.scalars(select(Toy).where(Toy.bought <= term.last)).first() is None:
        return None
    games = [activity for activity in activities if activity.type_key == GAME.key]
    return Contribution(
        KEY,
        relations=tuple(
            Relation("apart", (one.id, 0), (other.id, 0)) for one in games for other in games if one.id < other.id
        ),
        extension={game.id: game.settings["quiet_day"] for game in games if "quiet_day" in game.settings},
    )


@hookimpl
def planning_rules() -> Sequence[Rule]:
    """Return the rule of the quiet day."""
    return (QuietDay(),)


@hookimpl
def planning_preferences() -> Sequence[Preference]:
    """Return that mornings are better."""
    return (Mornings(),)


@hookimpl
def publishing_objections(
    term: TermOutline, sessions: Sequence[PlannedOutline], session: Session
) -> Sequence[Objection]:
    """Return games of which the last day of the term is one."""
    del session
    late = [planned for planned in sessions if planned.ends_at.date() == term.last and planned.staff]
    return [Objection(planned.activity.id, planned.index, Message("It is too late.")) for planned in late]


@hookimpl
def session_text(session: SessionOutline) -> SessionText | None:
    """Return what calendars say of games."""
    return SessionText(Message("Come and play.")) if session.type_key == GAME.key else None


def _count(session: Session, period: Period) -> ReportTable:
    bought = select(Toy.id).where(Toy.bought >= period.first, Toy.bought <= period.last)
    found = len(session.scalars(bought).all())
    told = found if found >= FEWEST_CHILDREN else None
    return ReportTable((Message("Toys"), Message("Bought")), ((Message("All"), told), ("…", 0.5)))


@hookimpl
def report_sections() -> Sequence[ReportSection]:
    """Return how many toys were bought."""
    return (ReportSection("toy_toys", Message("Toys"), _count),)


@hookimpl
def admin_sections() -> Sequence[AdminSection]:
    """Return the toys."""
    return (
        AdminSection(
            "toy_toys", Message("Toys"), Toy, ("name",), ("name", "bought"), Capability.SEE_PLANS, Capability.PLAN
        ),
    )


@hookimpl
def web_parts(sections: Sequence[AdminSection]) -> Sequence[WebPart]:
    """Return the page of toys, where toys are kept at all."""
    menu = (MenuEntry(Message("Toys"), "toy.toys"),) if sections else ()
    return (WebPart(KEY, _mount, {"toy.toys": Capability.USE_ACCOUNT}, menu),)


def _mend(session: Session, clock: Clock, arguments: Mapping[str, str]) -> list[Message]:
    names = session.scalars(select(Toy.name).where(Toy.bought <= clock.now().date()))
    return [Message("Mended: %(name)s.", {"name": name}) for name in names if name == arguments["name"]]


@hookimpl
def commands() -> Sequence[PluginCommand]:
    """Return how toys are mended."""
    return (PluginCommand("mend", Message("Mend a toy."), _mend, {"name": Message("Its name.")}),)


@hookimpl
def demo_part(town: DemoTown) -> DemoPart | None:
    """Return a game, and a toy to play with."""
    season = (town.autumn.first, town.winter.last)
    game = DemoActivity(
        GAME.key, "游戏", 2, 20, season, {"quiet_day": 1}, town.young, roles=(DemoRole("referee", 1, 1),)
    )

    def fill(session: Session, station_id: UUID) -> None:
        session.add(Toy(station_id=station_id, name="皮球", bought=season[0]))

    return DemoPart(activities=(game,), fill=fill)
