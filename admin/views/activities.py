"""Activities: their type asks questions of its own, whose answers core's service checks."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

from flask import request
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import gettext as _
from sqlalchemy import func, select
from wtforms import BooleanField, Field, IntegerField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from admin import changes
from admin.base import StaffView
from admin.forms import make_form
from admin.lists import narrowing
from admin.showing import yes_or_no
from admin.tables import Holding
from core.db.models import Activity, ActivityRole, ActivitySession
from core.db.models.activity import SessionStatus
from core.extensions import db, wiring
from core.hooks.types import ActivityType, FieldKind, SettingField
from core.services.settings import check_settings
from core.web.forms import Form
from core.web.text import say

#: Before a question's key, so that no question can take the place of one of the activity's own attributes.
_PREFIX: Final = "setting_"


class ActivityView(StaffView):
    """An activity's type is chosen first and stays; its questions stand below the common ones."""

    @expose("/new/", methods=("GET", "POST"))  # type: ignore[untyped-decorator]
    def create_view(self) -> ResponseReturnValue:
        """Ask for the type, then for the rest."""
        if self._type(None) is None:
            return str(self.render("admin/activity_types.html", programs=_by_program()))
        answer: ResponseReturnValue = super().create_view()
        return answer

    def create_form(self, obj: Any = None) -> Form:  # noqa: ARG002 (Flask-Admin's signature)
        """Return the form of a new activity, filled with what its type usually needs."""
        kind = self._type(None)
        usual = {"duration": kind.duration, "zones": [*kind.zones], "closed": kind.closed} if kind else {}
        return make_form(self.fields(None))(**usual, **narrowing(self.narrowable()))

    def edit_form(self, obj: Any = None) -> Form:
        """Return the form of an activity with the answers given to its type's questions."""
        answers = {f"{_PREFIX}{key}": value for key, value in obj.settings.items()}
        return make_form(self.fields(obj))(obj=obj, **answers)

    def fields(self, row: Any | None) -> dict[str, Any]:
        """Return the common fields and those of the type's questions; a type whose program is absent asks none."""
        kind = self._type(row)
        questions = {f"{_PREFIX}{question.key}": _question(question) for question in kind.form} if kind else {}
        return {**super().fields(row), **questions}

    def fill(self, form: Form, row: Any) -> frozenset[str]:
        """Take the type, the roles that it usually needs, and the answers that core has checked."""
        new, kind = row.type_key is None, self._type(row)
        asked = frozenset(field.name for field in form if field.name.startswith(_PREFIX))
        changed = changes.fill(form, row, without=asked)
        if kind is None:
            return changed
        settings = _checked(form, kind)
        if new or settings != row.settings:
            row.settings = settings
            changed |= {"settings"}
        if new:
            row.type_key = kind.key
        return changed

    def create_model(self, form: Form) -> Activity:
        """Store a new activity with the roles that its type usually needs, and return it."""
        with self._all_or_nothing():
            row: Activity = super().create_model(form)
            kind = wiring().hooks.activity_types[row.type_key]
            row.roles.extend(
                ActivityRole(
                    station_id=row.station_id,
                    position=position,
                    role=need.role,
                    skill=need.skill,
                    required=need.required,
                    wanted=need.wanted,
                    continuity=need.continuity,
                )
                for position, need in enumerate(kind.roles)
            )
            db.session.flush()
        return row

    def goes_along(self, row: Any, holding: Holding) -> bool:
        """Tell whether rows go along with the activity: its sessions do as long as none was ever published."""
        if holding.model is not ActivitySession:
            return super().goes_along(row, holding)
        told = (ActivitySession.activity_id == row.id, ActivitySession.status != SessionStatus.UNPUBLISHED)
        return not db.session.scalar(select(func.count(ActivitySession.id)).where(*told))

    def particulars(self, row: Any) -> list[tuple[str, str]]:
        """Return the common facts, and questions with answers."""
        kind = self._type(row)
        answers = [(say(question.label), _said(question, row.settings)) for question in kind.form] if kind else []
        return [(_("Type"), say(kind.name) if kind else row.type_key), *super().particulars(row), *answers]

    def _type(self, row: Any | None) -> ActivityType | None:
        key = row.type_key if row is not None and row.type_key else request.args.get("type_key", "")
        return wiring().hooks.activity_types.get(key)


def _by_program() -> list[tuple[str, list[ActivityType]]]:
    hooks = wiring().hooks
    return [
        (say(program.name), [kind for kind in hooks.activity_types.values() if kind.key.startswith(f"{key}.")])
        for key, program in hooks.programs.items()
    ]


def _question(question: SettingField) -> Field:
    return _FIELDS[question.kind](question)


def _line(question: SettingField) -> Field:
    return StringField(**_common(question, Length(max=question.maximum or -1)))


def _lines(question: SettingField) -> Field:
    return TextAreaField(**_common(question, Length(max=question.maximum or -1)))


def _number(question: SettingField) -> Field:
    return IntegerField(**_common(question, NumberRange(question.minimum, question.maximum)))


def _choice(question: SettingField) -> Field:
    choices = [SelectChoice("", "—"), *(SelectChoice(value, say(label)) for value, label in question.choices)]
    return SelectField(**_common(question), choices=choices)


def _flag(question: SettingField) -> Field:
    return BooleanField(say(question.label), default=question.default, description=_help(question))


def _common(question: SettingField, *bounds: Any) -> dict[str, Any]:
    needed = InputRequired() if question.required else Optional()
    return {
        "label": say(question.label),
        "validators": [needed, *bounds],
        "default": question.default,
        "description": _help(question),
    }


def _help(question: SettingField) -> str:
    return say(question.help) if question.help else ""


_FIELDS: Final[Mapping[FieldKind, Callable[[SettingField], Field]]] = MappingProxyType(
    {
        FieldKind.TEXT: _line,
        FieldKind.LONG_TEXT: _lines,
        FieldKind.INTEGER: _number,
        FieldKind.CHOICE: _choice,
        FieldKind.FLAG: _flag,
    }
)


def _checked(form: Form, kind: ActivityType) -> dict[str, Any]:
    """Return the answers as core stores them; raise InvalidSettingsError with everything that is wrong."""
    return check_settings(kind, {question.key: form[f"{_PREFIX}{question.key}"].data for question in kind.form})


def _said(question: SettingField, settings: Mapping[str, Any]) -> str:
    answer = settings.get(question.key)
    if question.kind is FieldKind.FLAG:
        return yes_or_no(answer)
    choices = {value: say(label) for value, label in question.choices}
    return choices.get(str(answer), "—" if answer is None else str(answer))
