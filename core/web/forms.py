"""What all forms of the site share."""

from flask_wtf import FlaskForm
from wtforms import Field

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
