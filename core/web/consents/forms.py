"""The shapes of the forms about consents; what they mean is for the services to check."""

from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import DateField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from core.db.models import Guardian
from core.domain.vocabulary import ConsentPurpose, GuardianAccess
from core.services.consent_scans import Scan
from core.services.consent_texts import TEXT_LENGTH, NewText
from core.services.consents import LAW_LENGTH, Given, Withdrawal
from core.services.guardian_links import REASON_LENGTH
from core.web.forms import Form
from core.web.text import say

_SCANS = {"accept": ".pdf,.jpg,.jpeg,.png"}


class ScanForm(Form):
    """The scan of a signed paper."""

    file = FileField(_l("Scan or photograph of the paper (PDF, JPEG, PNG)"), [InputRequired()], render_kw=_SCANS)

    def scan(self) -> Scan:
        """Return what was brought."""
        return Scan(self.file.data.filename or "", self.file.data.read())


class ConsentForm(Form):
    """A guardian's consent, as it stands on paper."""

    purpose = SelectField(_l("Consent for"), coerce=ConsentPurpose, choices=[])
    guardian = SelectField(_l("Given by"), choices=[])
    given_on = DateField(_l("Given on"), [InputRequired()])
    valid_until = DateField(_l("Valid until"), [Optional()])
    file = FileField(_l("Scan or photograph of the paper (PDF, JPEG, PNG)"), render_kw=_SCANS)

    def offer(self, guardians: list[Guardian]) -> None:
        """Give the lists their choices."""
        self.purpose.choices = [(purpose.value, say(purpose)) for purpose in ConsentPurpose]
        self.guardian.choices = _named(guardians)

    def given(self) -> Given:
        """Return what was entered."""
        return Given(self.purpose.data, self.given_on.data, self.valid_until.data, _key(self.guardian.data))

    def scan(self) -> Scan | None:
        """Return the file that was brought, if any."""
        brought = self.file.data
        return Scan(brought.filename or "", brought.read()) if brought else None


class WithdrawalForm(Form):
    """That a guardian has withdrawn consent at the station."""

    withdrawn = SelectField(_l("Consent that is withdrawn"), coerce=ConsentPurpose, choices=[])
    by = SelectField(_l("Withdrawn by"), choices=[])

    def offer(self, purposes: list[ConsentPurpose], guardians: list[Guardian]) -> None:
        """Give the lists their choices."""
        self.withdrawn.choices = [(purpose.value, say(purpose)) for purpose in purposes]
        self.by.choices = _named(guardians)

    def withdrawal(self) -> Withdrawal:
        """Return what was entered."""
        return Withdrawal(self.withdrawn.data, _key(self.by.data))


class DutyForm(Form):
    """A law that obliges the station."""

    duty = SelectField(_l("What is kept"), coerce=ConsentPurpose, choices=[])
    law = StringField(_l("Law and article"), [InputRequired(), Length(max=LAW_LENGTH)])


class AccessForm(Form):
    """What a guardian may do."""

    access = SelectField(_l("May"), coerce=GuardianAccess, choices=[])
    reason = StringField(_l("Why"), [Optional(), Length(max=REASON_LENGTH)])


class TextForm(Form):
    """The next version of a text."""

    chinese = TextAreaField(_l("Text in Chinese"), [InputRequired(), Length(max=TEXT_LENGTH)], render_kw={"rows": 14})
    english = TextAreaField(_l("Text in English"), [InputRequired(), Length(max=TEXT_LENGTH)], render_kw={"rows": 14})
    valid_from = DateField(_l("Guardians are asked with it from"), [InputRequired()])

    def new(self, purpose: ConsentPurpose) -> NewText:
        """Return what was entered."""
        return NewText(purpose, self.chinese.data, self.english.data, self.valid_from.data)


def _named(guardians: list[Guardian]) -> list[tuple[str, str]]:
    return [*((str(one.id), f"{one.name} ({say(one.relation)})") for one in guardians), ("", _("not noted"))]


def _key(text: str) -> UUID | None:
    return UUID(text) if text else None
