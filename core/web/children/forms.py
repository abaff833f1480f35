"""The shapes of the forms about children; what they mean is for the services to check."""

from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import BooleanField, DateField, HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from core.db.models import Child
from core.domain.child_file import EvidenceKind, Grade, IdDocument
from core.domain.id_numbers import Sex
from core.domain.vocabulary import ChildCategory, Relation
from core.services.children.entry import ChildEntry, GuardianEntry
from core.web.children.sight import HIDDEN
from core.web.forms import Form
from core.web.text import say

_NAME, _LINE, _NOTE, _PHONES = 80, 200, 500, 120


class ChildForm(Form):
    """The fields of a child's file."""

    version = HiddenField()
    #: The names of those fields that the person could not see, with spaces between them.
    hidden = HiddenField()
    station = SelectField(_l("Community or station"), [InputRequired()])
    number = StringField(_l("Number of the child's file"), [InputRequired(), Length(max=20)])
    name = StringField(_l("Full name"), [InputRequired(), Length(max=_NAME)], render_kw={"autocomplete": "off"})
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

    def kept(self) -> frozenset[str]:
        """Return the fields that the person could not see."""
        return HIDDEN & frozenset((self.hidden.data or "").split())

    def entry(self, kept: frozenset[str] = frozenset()) -> ChildEntry:
        """Return what was entered; empty fields among `kept` stay as they are."""
        texts = ("id_number", "ethnicity", "school", "address", "registered_address", "health", "diet")
        emergency = ("emergency_name", "emergency_relation", "emergency_phone")
        values: dict[str, Any] = {name: self[name].data or None for name in (*texts, *emergency)}
        return ChildEntry(
            number=(self.number.data or "").strip(),
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

    #: Left empty the station gives its next one.
    number = StringField(_l("Number of the child's file"), [Length(max=20)])
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
        hidden=" ".join(sorted(hidden)),
    )


class GuardianForm(Form):
    """Somebody who answers for a child."""

    name = StringField(_l("Guardian's name"), [Length(max=_NAME)], render_kw={"autocomplete": "off"})
    relation = SelectField(_l("Relation to the child"), choices=[])
    phones = StringField(_l("Guardian's phones"), [Length(max=_PHONES)], render_kw={"autocomplete": "off"})
    address = StringField(_l("Address, if it is another one"), [Length(max=_LINE)], render_kw={"autocomplete": "off"})

    def entry(self, kept: frozenset[str] = frozenset()) -> GuardianEntry:
        """Return what was entered; empty fields among `kept` stay as they are."""
        return GuardianEntry(
            name=self.name.data or "",
            relation=Relation(self.relation.data),
            phones=phones_in(self.phones.data),
            address=self.address.data or None,
            kept=kept,
        )


class PickUpForm(Form):
    """Somebody who may pick a child up, or may not."""

    allowed = SelectField(_l("Pick-up"), choices=[])
    name = StringField(_l("Full name"), [InputRequired(), Length(max=_NAME)], render_kw={"autocomplete": "off"})
    relation = StringField(_l("Who that is to the child"), [Length(max=_NAME)])
    phone = StringField(_l("Phone"), [Length(max=30)], render_kw={"autocomplete": "off"})
    note = StringField(_l("Note"), [Length(max=_NOTE)])

    def offer(self) -> None:
        """Give the list its choices."""
        self.allowed.choices = [("yes", _("May pick the child up")), ("no", _("May not"))]


class CategoryForm(Form):
    """A category, since when, and what shows it."""

    category = SelectField(_l("Category"), choices=[])
    from_day = DateField(_l("Since"), [InputRequired()])
    evidence = SelectField(_l("Evidence"), choices=[])
    evidence_day = DateField(_l("Date of the evidence"), [Optional()])
    evidence_note = StringField(_l("Number or note"), [Length(max=_NOTE)])
    file = FileField(_l("Scan of the evidence (PDF, JPEG, PNG)"), render_kw={"accept": ".pdf,.jpg,.jpeg,.png"})

    def offer(self) -> None:
        """Give the lists their choices."""
        self.category.choices = [(one.value, say(one)) for one in ChildCategory]
        self.evidence.choices = [("", _("None yet")), *((one.value, say(one.label)) for one in EvidenceKind)]


class VisitForm(Form):
    """A visit, a call or a check of the data."""

    kind = SelectField(_l("Kind"), choices=[])
    visited_on = DateField(_l("Day"), [InputRequired()])
    visitor = StringField(_l("By whom"), [InputRequired(), Length(max=_NAME)])
    checked = TextAreaField(_l("What was checked"), [InputRequired(), Length(max=_NOTE)], render_kw={"rows": 3})
    next_due = DateField(_l("Next time by"), [Optional()])


class MoveForm(Form):
    """Where a child moves."""

    station = SelectField(_l("New community or station"), choices=[])
    elsewhere = StringField(_l("Or the short name in the address of a station elsewhere"), [Length(max=80)])
    day = DateField(_l("Day"), [InputRequired()])
    words = StringField(_l("Note"), [Length(max=_NOTE)])


class LeaveForm(Form):
    """Why a child leaves."""

    reason = SelectField(_l("Reason"), choices=[])
    day = DateField(_l("Day"), [InputRequired()])
    words = StringField(_l("Note"), [Length(max=_NOTE)])


class WorkbookForm(Form):
    """A list of children as a workbook."""

    file = FileField(_l("Excel file"), [InputRequired()], render_kw={"accept": ".xlsx"})
