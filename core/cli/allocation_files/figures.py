"""What an allocation gives, in sentences and a table."""

import click

from core.allocation.compare import Figures
from core.allocation.problem import Aim, Problem
from core.allocation.result import AimValue, Allocation, Status
from core.cli.console import say, wording
from core.cli.tables import table
from core.domain.errors import Message

AIMS = {
    Aim.MOST_CHILDREN: Message("children with a place"),
    Aim.FAIR: Message("children without any of their first %(rank)s wishes"),
    Aim.WISHES: Message("points of wishes that come true"),
    Aim.EARLIER_LOSERS: Message("terms made up for that brought nothing"),
    Aim.TOGETHER: Message("friends or siblings apart"),
    Aim.LOTTERY: Message("luck in the lottery"),
}
_STATUS = {
    Status.OPTIMAL: Message("Every aim is proved to be reached as well as can be."),
    Status.TIMED_OUT: Message("The time was over before everything was proved."),
    Status.CANCELLED: Message("Stopped early, with the best that was found until then."),
}


def aim_name(aim: Aim, rank: int | None) -> str:
    """Return what an aim counts, in the person's language."""
    return wording().say(Message(AIMS[aim].text, {"rank": rank}))


def tell_status(allocation: Allocation) -> None:
    """Say how the work ended, and print each aim's value with its bound."""
    say(_STATUS[allocation.status])
    header = [wording().say(each) for each in (Message("Aim"), Message("Value"), Message("Bound"), Message("Gap"))]
    click.echo(table(header, [_row(each) for each in allocation.aims]))


def tell_figures(problem: Problem, allocation: Allocation) -> None:
    """Say how many children have places, and how dear the wishes are that came true."""
    figures = Figures.of(problem, allocation)
    values = {
        "children": figures.with_a_place,
        "nothing": figures.with_nothing,
        "places": figures.places,
        "opened": figures.opened,
        "activities": len(problem.activities),
    }
    say(
        Message(
            "%(children)s children have a place, %(nothing)s have none; %(places)s places are given, and "
            "%(opened)s of %(activities)s activities are held.",
            values,
        )
    )
    for rank, count in figures.ranks.items():
        say(
            Message(
                "Dearest wish that came true: rank %(rank)s for %(count)s children.", {"rank": rank, "count": count}
            )
        )


def _row(each: AimValue) -> list[str]:
    gap = "0 %" if each.proved else f"{100 * each.gap:.2f} %"
    return [aim_name(each.aim, each.rank), f"{each.value:,}", f"{each.bound:,}", gap]
