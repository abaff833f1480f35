"""Copies: what a plugin keeps of a child is told to guardians in words, never by the names of columns."""

from collections.abc import Iterator
from enum import Enum

from core.conformance.naming import models_of
from core.conformance.subject import Subject
from core.db.base import OfAChild, told_columns
from core.domain.errors import Message


def copies(subject: Subject) -> Iterator[str]:
    """Yield tables about children of which a guardian's copy couldn't tell in words, and labels of nothing."""
    for model in models_of(subject.plugin):
        if issubclass(model, OfAChild):
            yield from _of_table(model)


def _of_table(model: type[OfAChild]) -> Iterator[str]:
    name, columns = model.__name__, told_columns(model)
    if model.told is None:
        yield f"a guardian's copy can't tell of {name}: let {name}.told be Told(title, labels)"
        return
    labels = model.told.labels
    yield from (f"{name}.{key} has no label in {name}.told" for key in sorted(columns.keys() - labels.keys()))
    yield from (f"{name}.told has a label for “{key}”, which no copy tells" for key in sorted(labels.keys() - columns))
    for key, text in (("title", model.told.title), *labels.items()):
        if not str(text).strip():
            yield f"{name}.told: “{key}” says nothing"
    for key, kind in columns.items():
        if issubclass(kind, Enum) and not all(isinstance(getattr(word, "label", None), Message) for word in kind):
            yield f"{name}.{key}: the words of {kind.__name__} need a property `label`, a Message"
