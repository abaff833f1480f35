"""The shapes of the forms about children; what they mean is for the services to check."""

from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from core.db.models import Child
from core.domain.child_file import Grade, IdDocument
from core.domain.id_numbers import Sex
from core.domain.vocabulary import Relation
from core.services.children.entry import ChildEntry, GuardianEntry
from core.web.forms import Form
from core.web.text import say

_NAME, _LINE, _NOTE, _PHONES = 80, 200, 500, 120
#: What nobody sees without leave to read it, and is therefore kept where a form leaves it empty.
HIDDEN = (
    "document",
    "id_number",
    "birth_date",
    "ethnicity",
    "address",
    "registered_address",
    "health",
    "diet",
    "emergency_name",
    "emergency_relation",
    "emergency_phone",
)


class ChildForm(Form):
    """The fields of a child's file."""

    version = HiddenField()
    station = SelectField(_l("Community or station"), [InputRequired()])
    number = StringField(_l("Number of the child's file"), [InputRequired(), Length(max=20)])
    name = StringField(_l("Name"), [InputRequired(), Length(max=_NAME)], render_kw={"autocomplete": "off"})
    document = SelectField(_l("Document"))
    id_number = StringField(_l("Number of the document"), [Length(max=40)], render_kw={"autocomplete": "off"})
    birth_date = DateField(_l("Date of birth"), [Optional()])
    sex = SelectField(_l("Sex"))
    ethnicity = StringField(_l("Ethnicity"), [Length(max=20)])
    school = StringField(_l("School"), [Length(max=_NAME)])
    grade = SelectField(_l("Grade"))
    address = StringField(_l("Address"), [Length(max=_LINE)], render_kw={"autocomplete": "off"})
    registered_address = StringField(
        _l("Address in the household register"), [Length(max=_LINE)], render_kw={"autocomplete": "off"}
    )
    health = TextAreaField(_l("Health"), [Length(max=_NOTE)], render_kw={"rows": 2})
    diet = TextAreaField(_l("Diet"), [Length(max=_NOTE)], render_kw={"rows": 2})
    emergency_name = StringField(_l("Emergency contact"), [Length(max=_NAME)], render_kw={"autocomplete": "off"})
    emergency_relation = StringField(_l("Who that is to the child"), [Length(max=_NAME)])
    emergency_phone = StringField(_l("Phone in an emergency"), [Length(max=30)], render_kw={"autocomplete": "off"})

    def offer(self, stations: list[tuple[str, str]], *, keeps: bool) -> None:
        """Give the lists their choices; `keeps`: the document may be left as it is."""
        self.station.choices = stations
        kept = [("", _("Leave as it is"))] if keeps else []
        self.document.choices = [*kept, *((kind.value, say(kind.label)) for kind in IdDocument)]
        self.sex.choices = [("", _("As the ID number says")), *((sex.value, say(sex.label)) for sex in Sex)]
        self.grade.choices = [("", _("Not known")), *((grade.value, say(grade.label)) for grade in Grade)]

    def entry(self, kept: frozenset[str] = frozenset()) -> ChildEntry:
        """Return what was entered; empty fields among `kept` stay as they are."""
        texts = ("id_number", "ethnicity", "school", "address", "registered_address", "health", "diet")
        emergency = ("emergency_name", "emergency_relation", "emergency_phone")
        values: dict[str, Any] = {name: self[name].data or None for name in (*texts, *emergency)}
        return ChildEntry(
            number=self.number.data.strip(),
            name=self.name.data,
            birth_date=self.birth_date.data,
            sex=Sex(self.sex.data) if self.sex.data else None,
            document=IdDocument(self.document.data) if self.document.data else None,
            grade=Grade(self.grade.data) if self.grade.data else None,
            kept=kept,
            **values,
        )


class NewChildForm(ChildForm):
    """A child with its first guardian, in one form."""

    guardian_name = StringField(_l("Guardian's name"), [Length(max=_NAME)], render_kw={"autocomplete": "off"})
    guardian_relation = SelectField(_l("Relation to the child"), choices=[])
    guardian_phones = StringField(_l("Guardian's phones"), [Length(max=_PHONES)], render_kw={"autocomplete": "off"})
    #: The person has seen the files that may be of the same child.
    another = BooleanField(_l("This is another child: make the file"))

    def offer(self, stations: list[tuple[str, str]], *, keeps: bool) -> None:
        """Give the lists their choices."""
        super().offer(stations, keeps=keeps)
        self.guardian_relation.choices = relations()

    def guardians(self) -> tuple[GuardianEntry, ...]:
        """Return the guardian that was entered, none where the name is empty."""
        if not (self.guardian_name.data or "").strip():
            return ()
        return (
            GuardianEntry(
                name=self.guardian_name.data,
                relation=Relation(self.guardian_relation.data),
                phones=phones_in(self.guardian_phones.data),
            ),
        )


def relations() -> list[tuple[str, str]]:
    """Return the choices of what a guardian is to a child."""
    return [(relation.value, say(relation)) for relation in Relation]


def phones_in(typed: str | None) -> tuple[str, ...]:
    """Return the phones in a field: with commas, or 、 between them."""
    text = (typed or "").translate(str.maketrans("、，;；/", ",,,,,"))
    return tuple(phone.strip() for phone in text.split(",") if phone.strip())


def filled(child: Child, hidden: frozenset[str]) -> ChildForm:
    """Return the form as the file stands; the hidden fields are empty."""
    names = {"number", "name", "sex", "school", "grade", *HIDDEN} - hidden - {"birth_date"}
    values = {name: getattr(child, name) or "" for name in sorted(names)}
    return ChildForm(
        formdata=None,
        **{"document": "", **values},
        station=str(child.station_id),
        birth_date=None if "birth_date" in hidden else date.fromisoformat(child.birth_date),
        version=str(child.version),
    )
