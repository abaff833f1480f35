"""A whole plugin in one file, as somebody else would write it: mypy reads it strictly, and core loads it."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import ClassVar, Final

from flask import Blueprint, Flask
from sqlalchemy import select
from sqlalchemy.orm import Mapped

from core.plugin_api import (
    PLANNERS,
    SIGNED_IN,
    STAFF,
    ActivityLine,
    ActivityOutline,
    ActivityType,
    AdminSection,
    Base,
    Breach,
    Choices,
    Contribution,
    FieldKind,
    Key,
    MenuEntry,
    Message,
    Model,
    Plan,
    Problem,
    Program,
    Relation,
    RoleNeed,
    Rule,
    SessionOutline,
    SessionText,
    SettingField,
    Skill,
    StationScoped,
    Text80,
    WebPart,
    Zone,
    day_of,
    db,
    hookimpl,
    seating,
    today,
)

KEY: Final = "toy"
GAME: Final = ActivityType(
    key="toy.game",
    name=Message("Game"),
    line=ActivityLine.INCLUSION,
    description=Message("A game for all."),
    form=(SettingField("quiet_day", Message("Not on day number"), FieldKind.INTEGER, minimum=0),),
    zones=(Zone.ACTIVITY,),
    roles=(RoleNeed("referee", Message("Referee"), Skill.SPORT, 1, 1),),
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


def _quiet_days(problem: Problem) -> dict[str, int]:
    return dict(problem.extensions.get(KEY, {}))


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
def planning_contribution(activities: Sequence[ActivityOutline]) -> Contribution:
    """Return each game's quiet day, and that no two games are on one day."""
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
def session_text(session: SessionOutline) -> SessionText | None:
    """Return what calendars say of games."""
    return SessionText(Message("Come and play.")) if session.type_key == GAME.key else None


@hookimpl
def admin_sections() -> Sequence[AdminSection]:
    """Return the toys."""
    return (AdminSection("toy_toys", Message("Toys"), Toy, ("name",), ("name", "bought"), STAFF, PLANNERS),)


@hookimpl
def web_parts(sections: Sequence[AdminSection]) -> Sequence[WebPart]:
    """Return the page of toys, where toys are kept at all."""
    menu = (MenuEntry(Message("Toys"), "toy.toys"),) if sections else ()
    return (WebPart(KEY, _mount, {"toy.toys": SIGNED_IN}, menu),)
