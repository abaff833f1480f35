"""What a workbook leaves to the programs: an activity's line, and answers to the questions of its type's form."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from core.domain.errors import Message
from core.hooks.calling import Hooks
from core.hooks.types import ActivityType, FieldKind
from core.services.settings import InvalidSettingsError, Offers, check_settings
from core.services.wording import CHINESE, Wording
from core.services.workbook.check import refuse
from core.services.workbook.content import ActivityRow, WorkbookContent
from core.services.workbook.errors import WorkbookError
from core.services.workbook.sheets import BY_ATTRIBUTE

_NO_LINE = Message("The program of this activity is not installed: choose which of the five lines it follows.")
_TWO_ADULTS = Message("A session of this kind needs two adults at least.")
_ADULTS = 2

#: What a form's questions that refer to something may be answered with, for an activity of a row.
OffersOf = Callable[[ActivityRow, ActivityType], Offers]


def completed(
    content: WorkbookContent, kinds: Mapping[str, ActivityType], offers: OffersOf
) -> tuple[WorkbookContent, tuple[WorkbookError, ...]]:
    """Return the content with lines and settings as they will be stored, and what is wrong with them.

    Settings of a program that is not installed stay as they are, and so do references to what is not stored yet.
    """
    rows: list[ActivityRow] = []
    errors: list[WorkbookError] = []
    for row in content.activities:
        kind = kinds.get(row.type_key)
        errors.extend(_wrong(row, kind))
        if kind is None:
            rows.append(row)
            continue
        try:
            settings = check_settings(kind, dict(row.settings), offers(row, kind))
        except InvalidSettingsError as invalid:
            errors.append(_error(row, "settings", invalid.message))
            continue
        rows.append(replace(row, activity_line=row.activity_line or kind.line, settings=tuple(settings.items())))
    return replace(content, activities=tuple(rows)), tuple(errors)


def with_references(
    content: WorkbookContent, kinds: Mapping[str, ActivityType], offers: OffersOf
) -> Iterator[tuple[ActivityRow, dict[str, object]]]:
    """Yield the rows whose type refers to something, with their settings, once all that they name is stored.

    Raises InvalidWorkbookError with all references to what there is not.
    """
    found, errors = [], []
    for row in content.activities:
        kind = kinds.get(row.type_key)
        if kind is None or not any(field.kind is FieldKind.REFERENCE for field in kind.form):
            continue
        try:
            found.append((row, check_settings(kind, dict(row.settings), offers(row, kind))))
        except InvalidSettingsError as invalid:
            errors.append(_error(row, "settings", invalid.message))
    refuse(errors)
    yield from found


def known_alone(offers: Offers, row: ActivityRow) -> Offers:
    """Return the offers but for questions whose answer is not among them: it may come with the workbook itself."""
    answers = {key: str(answer).strip() for key, answer in row.settings}
    return {
        key: offered
        for key, offered in offers.items()
        if key not in answers or any(answers[key] in {one, name} for one, name in offered)
    }


def _wrong(row: ActivityRow, kind: ActivityType | None) -> Iterator[WorkbookError]:
    if kind is None and row.activity_line is None:
        yield _error(row, "activity_line", _NO_LINE)
    if row.min_adults < _ADULTS and (kind is None or kind.safe_with_one is None):
        yield _error(row, "min_adults", _TWO_ADULTS)


def _error(row: ActivityRow, attribute: str, message: Message) -> WorkbookError:
    sheet = BY_ATTRIBUTE["activities"]
    return WorkbookError(sheet.heading, row.line, sheet.column(attribute).heading, message)


def type_names(hooks: Hooks) -> dict[str, str]:
    """Return the Chinese name of every activity type, by key: workbooks are written in Chinese."""
    chinese = Wording(CHINESE, hooks.translation_folders)
    return {key: chinese.say(kind.name) for key, kind in hooks.activity_types.items()}
