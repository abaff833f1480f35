"""What the program's pages send."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import InputRequired, Length


class FileNumberForm(FlaskForm):  # type: ignore[misc]
    """The number of a child's file, by which a family is known."""

    number = StringField(_("File number of the child"), [InputRequired(), Length(max=20)])


class PlainForm(FlaskForm):  # type: ignore[misc]
    """A button, and the token that goes with it."""
