"""Arranged years: entered as the notice is written, checked and stored by core's service."""

from itertools import groupby
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select
from wtforms import TextAreaField
from wtforms.validators import InputRequired, Length

from admin.base import StaffView
from admin.forms import make_form
from core.db.models import ArrangedDay, ArrangedYear, Station
from core.db.scope import scope_of
from core.domain.calendar.arranged_year_file import read_arranged_year
from core.domain.errors import InvalidInputError, Message
from core.extensions import actor, db, wiring
from core.services.arranged_years import enter_year
from core.services.feed_ledger import update_ledger
from core.web.forms import Form
from core.web.text import full_date

_LONGEST_NOTICE = 20_000


class ArrangedYearView(StaffView):
    """The year holds for all stations, so only whoever reaches the topmost one enters it."""

    def is_writable(self) -> bool:
        """Tell whether whoever asks looks after the whole tree of stations."""
        return super().is_writable() and self._top() is not None

    def fields(self, row: Any | None) -> dict[str, Any]:
        """Return one field for the notice, filled with what is stored."""
        hint = _(
            "A line a fact: the year, the source, the day of publication, days off from–to with name, working days."
        )
        example = "年份,2027\n来源,…\n发布日期,2026-11-04\n放假,2027-01-01,2027-01-03,元旦\n上班,2027-01-10"
        return {
            "notice": TextAreaField(
                _("The notice"),
                [InputRequired(), Length(max=_LONGEST_NOTICE)],
                default=_as_lines(row) if row else None,
                description=hint,
                render_kw={"rows": 16, "placeholder": example, "spellcheck": "false"},
            )
        }

    def edit_form(self, obj: Any = None) -> Form:
        """Return the form, which fills itself: the notice is no attribute of the row."""
        return make_form(self.fields(obj))()

    def create_model(self, form: Form) -> ArrangedYear:
        """Store the year by core's service; raise DomainError with nothing changed if it can't be right."""
        with self._all_or_nothing():
            return self._enter(form)

    def update_model(self, form: Form, model: Any) -> bool:
        """Store the year anew and return True; raise DomainError with nothing changed if it can't be right."""
        with self._all_or_nothing():
            if self._enter(form).id != model.id:
                raise InvalidInputError(Message("This is another year: enter it as a new one."))
        return True

    def delete_model(self, model: Any) -> bool:
        """Delete the year and return True; what it settled becomes provisional again."""
        with self._all_or_nothing():
            super().delete_model(model)
            app = wiring()
            for station_id in scope_of(db.session).stations:
                update_ledger(db.session, app.clock, app.hooks, station_id=station_id)
        return True

    def particulars(self, row: Any) -> list[tuple[str, str]]:
        """Return the year's facts and its days."""
        off = "\n".join(f"{full_date(day.day)} {day.name}" for day in row.days if day.off)
        worked = "\n".join(full_date(day.day) for day in row.days if not day.off)
        return [*super().particulars(row), (_("Days off"), off or "—"), (_("Working weekend days"), worked or "—")]

    def _enter(self, form: Form) -> ArrangedYear:
        app, top = wiring(), self._top()
        if top is None:
            raise InvalidInputError(Message("Only the topmost station enters a year."))
        arrangement = read_arranged_year(form["notice"].data)
        return enter_year(db.session, actor(), app.clock, app.hooks, arrangement, station_id=top)

    def _top(self) -> UUID | None:
        top = select(Station.id).where(Station.id.in_(scope_of(db.session).stations), Station.parent_id.is_(None))
        return db.session.scalars(top).first()


def _as_lines(row: ArrangedYear) -> str:
    facts = [f"年份,{row.year}", f"来源,{row.source}", f"发布日期,{row.published_on}"]
    runs = [[day for _place, day in run] for _key, run in groupby(enumerate(_off(row)), key=_run)]
    off = [f"放假,{run[0].day},{run[-1].day},{run[0].name}" for run in runs]
    worked = [f"上班,{day.day}" for day in row.days if not day.off]
    return "\n".join([*facts, *off, *worked])


def _off(row: ArrangedYear) -> list[ArrangedDay]:
    return [day for day in row.days if day.off]


def _run(numbered: tuple[int, ArrangedDay]) -> tuple[int, str]:
    """Days of one holiday that follow one another differ from their place in the list by the same number."""
    place, day = numbered
    return day.day.toordinal() - place, day.name
