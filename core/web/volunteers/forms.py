"""The shapes of the forms about people who work near children."""

from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import BooleanField, DateField, IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from core.db.models import Volunteer
from core.domain.errors import Message
from core.domain.person_documents import PersonDocument, document_of, read_number
from core.domain.phones import read_phone
from core.domain.vocabulary import Skill, VolunteerKind
from core.services.clearances import CheckDraft
from core.services.volunteer_files import PersonDraft, Proof, SkillDraft
from core.services.volunteering import LONGEST_NOTE
from core.web.forms import Form
from core.web.text import say


class WrittenField(StringField):  # type: ignore[misc]
    """An answer that is written and never shown, not even on the form that comes back."""

    def _value(self) -> str:
        return ""


class PersonForm(Form):
    """Somebody's own data; the number of their document is written and never shown again."""

    name = StringField(_l("Full name"), [InputRequired(), Length(max=80)])
    kind = SelectField(_l("Kind"), coerce=VolunteerKind, choices=[])
    birth_date = DateField(_l("Date of birth"), [InputRequired()])
    phone = StringField(_l("Phone"), [Optional(), Length(max=40)])
    emergency_contact = StringField(_l("Emergency contact: name and phone"), [Optional(), Length(max=120)])
    document = SelectField(_l("Document"), [Optional()])
    id_number = WrittenField(
        _l("Number of the document"), [Optional(), Length(max=30)], render_kw={"autocomplete": "off"}
    )
    guardian_consent_on = DateField(_l("A guardian agreed in writing on"), [Optional()])
    household = StringField(_l("Household"), [Optional(), Length(max=20)])
    insurance = StringField(_l("Insurance: insurer and policy"), [Optional(), Length(max=80)])
    insured_until = DateField(_l("Insured until"), [Optional()])
    max_sessions = IntegerField(_l("At most in a term"), [InputRequired(), NumberRange(0, 500)])
    max_per_day = IntegerField(_l("At most on one day"), [InputRequired(), NumberRange(0, 10)])
    active = BooleanField(_l("Serves at present"))

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        self.kind.choices = [(kind.value, say(kind)) for kind in VolunteerKind]
        self.document.choices = [("", "–"), *((kind.value, say(kind.label)) for kind in PersonDocument)]

    @classmethod
    def of(cls, row: Volunteer) -> "PersonForm":
        """Return the form of a file, filled in but for the number of the document."""
        names = [name for name in cls.names() if name != "id_number"]
        document = document_of(row.document, row.id_number) or ""
        return cls(data={**{name: getattr(row, name) for name in names}, "document": document})

    @staticmethod
    def names() -> tuple[str, ...]:
        """Return the names of all answers."""
        return tuple(PersonDraft.__dataclass_fields__)

    def draft(self, *, today: date, demo: bool) -> PersonDraft:
        """Return what was answered; raise InvalidInputError for a phone or number that can't be one."""
        values = {name: getattr(self, name).data for name in self.names()}
        values["phone"] = read_phone(self.phone.data, demo=demo) if self.phone.data else ""
        values["emergency_contact"] = (self.emergency_contact.data or "").strip()
        values["household"], values["insurance"] = self.household.data or "", self.insurance.data or ""
        document = PersonDocument(self.document.data) if self.document.data else None
        number = self.id_number.data or None
        if document and number:
            number = read_number(document, number, born=self.birth_date.data, today=today, demo=demo)
        return PersonDraft(**{**values, "document": document, "id_number": number})


class StepForm(Form):
    """When a step was made, and a short note of it."""

    happened_on = DateField(_l("On"), [InputRequired()])
    note = TextAreaField(_l("Note"), [Optional(), Length(max=LONGEST_NOTE)], render_kw={"rows": 4})


class CheckForm(Form):
    """The outcome of a background check as the authority reported it."""

    checked_on = DateField(_l("Checked on"), [InputRequired()])
    outcome = RadioField(_l("Outcome"), [InputRequired()], choices=[])
    authority = StringField(_l("Authority"), [InputRequired(), Length(max=80)])
    reference = StringField(_l("Reference number"), [InputRequired(), Length(max=80)])

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        self.outcome.choices = [
            ("passed", say(Message("No record: passed"))),
            ("failed", say(Message("A record: not passed"))),
        ]

    def draft(self) -> CheckDraft:
        """Return what was answered."""
        return CheckDraft(
            checked_on=self.checked_on.data,
            passed=self.outcome.data == "passed",
            authority=self.authority.data,
            reference=self.reference.data,
        )


class SkillForm(Form):
    """A skill that was proved, with a copy of the paper that proves it."""

    skill = SelectField(_l("Skill"), coerce=Skill, choices=[])
    granted_on = DateField(_l("Proved on"), [InputRequired()])
    valid_until = DateField(_l("Valid until"), [Optional()])
    proof = FileField(_l("Proof (PDF, JPEG or PNG)"))

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        self.skill.choices = [(skill.value, say(skill)) for skill in Skill]

    def draft(self) -> SkillDraft:
        """Return what was answered."""
        sent = self.proof.data
        proof = Proof(sent.filename, sent.read()) if sent else None
        return SkillDraft(self.skill.data, self.granted_on.data, self.valid_until.data, proof)


class CompletedForm(Form):
    """When people completed a training; who did is read from the boxes."""

    completed_on = DateField(_l("Completed on"), [InputRequired()])
