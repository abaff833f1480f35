"""The shape of the form on how somebody wants to be told."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, SelectField, StringField, TimeField
from wtforms.validators import InputRequired, Length, Optional

from core.db.models import NoticeChoices
from core.domain.notices import Pace
from core.services.notices.choices import PERSONAL, ChoicesDraft
from core.web.forms import Choices, Form
from core.web.languages import NAMES, current_language
from core.web.text import say


class ChoicesForm(Form):
    """By what, when and how often somebody is told."""

    mail = StringField(_l("Mail address"), [Optional(), Length(max=254)], render_kw={"type": "email"})
    mobile = StringField(_l("Mobile for text messages"), [Optional(), Length(max=40)], render_kw={"type": "tel"})
    wecom = StringField(_l("Account in WeChat Work"), [Optional(), Length(max=64)])
    channels = Choices(_l("By what"), choices=[])
    language = SelectField(_l("Language"), choices=[])
    pace = RadioField(_l("At what pace"), coerce=Pace, choices=[])
    quiet_from = TimeField(_l("Quiet from"), [InputRequired()])
    quiet_until = TimeField(_l("Quiet until"), [InputRequired()])
    invitations = BooleanField(_l("Duties as calendar invitations, one mail each"))

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        self.channels.choices = [(channel.value, say(channel.label)) for channel in PERSONAL]
        self.language.choices = list(NAMES.items())
        self.pace.choices = [(pace.value, say(pace.label)) for pace in Pace]

    @classmethod
    def of(cls, row: NoticeChoices | None) -> "ChoicesForm":
        """Return the form filled in with what was chosen, or with what holds where nothing was."""
        shown = row or ChoicesDraft(current_language())
        return cls(data={name: getattr(shown, name) for name in ChoicesDraft.__dataclass_fields__})

    def draft(self) -> ChoicesDraft:
        """Return what the form says."""
        return ChoicesDraft(
            language=self.language.data,
            mail=self.mail.data or "",
            mobile=self.mobile.data or "",
            wecom=self.wecom.data or "",
            channels=tuple(channel for channel in PERSONAL if channel.value in (self.channels.data or ())),
            quiet_from=self.quiet_from.data,
            quiet_until=self.quiet_until.data,
            pace=self.pace.data,
            invitations=self.invitations.data,
        )
