"""What all forms of the site share."""

from flask_wtf import FlaskForm
from wtforms import Field, SelectMultipleField
from wtforms.widgets import CheckboxInput, ListWidget

from core.domain.errors import DomainError
from core.web.text import say


class Form(FlaskForm):  # type: ignore[misc]
    """A form whose errors can also come from a service."""

    def refuse(self, error: DomainError, field: Field | None = None) -> None:
        """Show the error at a field, or above the form where it belongs to none."""
        text = say(error.message)
        if field is None:
            self.form_errors.append(text)
        else:
            field.errors = [*field.errors, text]


class Choices(SelectMultipleField):  # type: ignore[misc]
    """Several of a list, each a checkbox."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()
