"""The view that all sections share; it deals once with what Flask-Admin leaves open.

Flask-Admin commits by itself, makes rows without their constructor, scopes only lists, keeps no log, exports formulas
and writes scripts into its pages. Here the request's transaction is the edge's, every row is asked for within the
session's scope, every change leaves an audit entry, and pages and files are our own.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

from flask import Response, abort, flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_admin.contrib.sqla import ModelView
from flask_babel import gettext as _
from sqlalchemy import JSON, func, select
from sqlalchemy.orm import Query
from werkzeug.local import LocalProxy

from admin import changes, lists
from admin.forms import field_for, make_form, reference_field, require_fields
from admin.refusals import undone_when_refused
from admin.showing import Showing
from admin.tables import Holding, anchor_of, column_of, is_personal, is_within, target_of
from admin.words import LABELS
from core.db.base import LineageScoped, StationScoped
from core.db.models import Station
from core.db.scope import scope_of
from core.domain.capabilities import Asked
from core.domain.errors import ConflictError, DomainError, Message, NotAllowedError, NotFoundError
from core.extensions import actor, db
from core.hooks.types import AdminSection
from core.security.permissions import may
from core.services.spreadsheets import as_csv, as_xlsx
from core.web.forms import Form
from core.web.text import say

TEMPLATES: Final = Path(__file__).parent / "templates"
#: Views that change something; all others only read.
_WRITING: Final = frozenset({"create_view", "edit_view", "delete_view"})
_EXPORTS: Final[Mapping[str, tuple[Callable[..., bytes], str]]] = MappingProxyType(
    {
        "csv": (as_csv, "text/csv; charset=utf-8"),
        "xlsx": (as_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    }
)


class _RequestSession:
    """What Flask-Admin takes for a database object; it looks at the attribute while no request is there yet."""

    session = LocalProxy(lambda: db.session)


class StaffView(ModelView):  # type: ignore[misc]
    """A section's pages: list, details, forms, a page that asks before deleting, and files of what is not personal."""

    list_template = "admin/list.html"
    can_view_details = True
    column_display_actions = False
    page_size = 50
    can_set_page_size = False
    export_max_rows = 10_000
    # What isn't needed isn't there: no action on many rows, no look-up and no editing beside the forms.
    action_delete = None
    action_view = None
    ajax_lookup = None
    ajax_update = None

    def __init__(self, section: AdminSection) -> None:
        """Make the pages of a section; raise UnfitAttributeError for one that can't be shown in a form."""
        self.section = section
        self.anchor = anchor_of(section.model, tuple(section.form))
        self.column_list = [name for name in section.columns if name != "station_id"]
        self.column_searchable_list = list(section.search) or None
        self.column_sortable_list = [name for name in self.column_list if self._is_plain(name)]
        require_fields(section.model, tuple(section.form))
        super().__init__(
            section.model, _RequestSession(), name=str(section.name), endpoint=f"admin_{section.key}", url=section.key
        )

    def _is_plain(self, name: str) -> bool:
        column = column_of(self.section.model, name)
        return column is not None and not column.foreign_keys and not isinstance(column.type, JSON)

    @classmethod
    def endpoints(cls, section: AdminSection) -> dict[str, Asked]:
        """Return what each endpoint of a section asks for."""
        names = {name for _url, name, _methods in cls._urls}
        return {
            f"admin_{section.key}.{name}": section.writers if name in _WRITING else section.readers for name in names
        }

    # --- Who may ---

    def is_accessible(self) -> bool:
        """Tell whether whoever asks may see the section."""
        return may(actor().role, self.section.readers)

    def is_writable(self) -> bool:
        """Tell whether whoever asks may change rows of the section."""
        return self.section.writers is not None and may(actor().role, self.section.writers)

    def may_change(self, row: Any) -> bool:
        """Tell whether the row is the asker's own to change; that of a station above may only be seen."""
        return self.is_writable() and is_within(row, scope_of(db.session))

    def _handle_view(self, name: str, **_kwargs: Any) -> None:
        # The guard has looked at the permission table already; this holds where somebody mounts a view without it.
        if not (self.is_writable() if name in _WRITING else self.is_accessible()):
            abort(403)

    def _run_view(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        # Flask-Admin calls a view again, with other arguments, when a TypeError comes out of it.
        return fn(self, *args, **kwargs)

    # --- Asking the database ---

    def get_query(self) -> Query[Any]:
        """Return the rows of the list, narrowed to what the address names."""
        wanted = lists.narrowing(self.narrowable())
        return db.session.query(self.model).filter_by(**wanted)

    def get_count_query(self) -> Query[Any]:
        """Return how many rows the list has."""
        wanted = lists.narrowing(self.narrowable())
        return db.session.query(func.count(self.model.id)).filter_by(**wanted)

    def get_one(self, id: str) -> Any:  # noqa: A002 (Flask-Admin's signature)
        """Return the row; raise NotFoundError for one that doesn't exist or lies outside the scope."""
        try:
            key = UUID(id)
        except ValueError:
            key = None
        # A query, not session.get: the latter would return what the session happens to hold already.
        row = db.session.scalars(select(self.model).where(self.model.id == key)).one_or_none() if key else None
        if row is None:
            raise NotFoundError(Message("The address may be mistyped, or what was here is gone."))
        return row

    def asked_for(self) -> Any:
        """Return the row that the address names."""
        return self.get_one(request.args.get("id", ""))

    def to_change(self) -> Any:
        """Return the row that the address names; raise NotAllowedError for one of a station above."""
        row = self.asked_for()
        if not self.may_change(row):
            raise NotAllowedError(Message("That belongs to another station."))
        return row

    def narrowable(self) -> list[str]:
        """Return the references by which the list can be narrowed."""
        return [name for name in self.section.form if target_of(self.model, name) is not None]

    def narrowing_form(self) -> Form | None:
        """Return the fields by which the list is narrowed, None where it refers to nothing."""
        if not self.narrowable():
            return None
        fields = {
            name: reference_field(self.label(name), target, required=False)
            for name in self.narrowable()
            if (target := target_of(self.model, name)) is not None
        }
        return make_form(fields)(formdata=None, data=lists.narrowing(self.narrowable()), meta={"csrf": False})

    def _get_list_extra_args(self) -> Any:
        return lists.sound(super()._get_list_extra_args(), self.narrowable())

    # --- Words ---

    def label(self, name: str) -> str:
        """Return what a column is called."""
        return say(self.section.labels.get(name) or LABELS.get(name) or Message(name.replace("_", " ").capitalize()))

    def title_of(self, row: Any) -> str:
        """Return the row's name, that of the section for rows that have none."""
        named = "__str__" in vars(type(row))
        return str(row) if named else say(self.section.name)

    def columns(self) -> list[str]:
        """Return what the list shows: the station too, where somebody reaches several."""
        several = len(scope_of(db.session).stations) > 1 and issubclass(self.model, StationScoped | LineageScoped)
        return [*self.column_list, "station_id"] if several else list(self.column_list)

    def showing(self, rows: list[Any], names: list[str]) -> Showing:
        """Return what shows these attributes of the rows."""
        return Showing(db.session, self.model, rows, names)

    def particulars(self, row: Any) -> list[tuple[str, str]]:
        """Return labels and words of all that is known of a row."""
        names = [*self.section.form, *(["station_id"] if issubclass(self.model, StationScoped | LineageScoped) else [])]
        showing = self.showing([row], names)
        return [(self.label(name), showing.words(row, name)) for name in names]

    # --- Forms ---

    def get_create_form(self) -> type[Form]:
        """Return the bare form: fields are made for each request, within its scope."""
        return Form

    get_edit_form = get_delete_form = get_action_form = get_create_form

    def delete_form(self) -> Form:
        """Return the form of the page that asks before deleting; it has a token and nothing else."""
        return Form()

    def create_form(self, obj: Any = None) -> Form:  # noqa: ARG002 (Flask-Admin's signature)
        """Return the form of a new row, with the references that the address names filled in."""
        form = make_form({**self._station_field(), **self.fields(None)})
        return form(**lists.narrowing(self.narrowable()))

    def edit_form(self, obj: Any = None) -> Form:
        """Return the form of a row."""
        return make_form(self.fields(obj))(obj=obj)

    def fields(self, row: Any | None) -> dict[str, Any]:
        """Return the fields of a row's form; None is a new one."""
        own = row.station_id if row is not None and self.anchor else None
        return {
            name: field_for(self.model, name, self.label(name), of_station=own if name == self.anchor else None)
            for name in self.section.form
        }

    def _station_field(self) -> dict[str, Any]:
        """Return the field for a new row's station where there is a choice; a row never moves to another one."""
        scoped = issubclass(self.model, StationScoped | LineageScoped) and self.anchor is None
        if not scoped or len(scope_of(db.session).stations) == 1:
            return {}
        field = reference_field(self.label("station_id"), Station, required=True)
        field.kwargs["default"] = actor().station_id
        return {"station_id": field}

    # --- Changing rows ---

    def build_new_instance(self) -> Any:
        """Return a new row made by its own constructor, so that it has an id before a field of it is sealed."""
        return self.model()

    def fill(self, form: Form, row: Any) -> frozenset[str]:
        """Put the answers into the row, and return the names of the attributes that they change."""
        return changes.fill(form, row)

    def create_model(self, form: Form) -> Any:
        """Store a new row and return it; raise DomainError with nothing changed if it can't be stored."""
        row = self.build_new_instance()
        with self._all_or_nothing(), db.session.no_autoflush:
            changed = self.fill(form, row)
            changes.take_station(db.session, row, self.anchor, actor())
            changes.store(db.session, row, changed, new=True)
        return row

    def update_model(self, form: Form, model: Any) -> bool:
        """Store the changes of a row and return True; raise DomainError with nothing changed if they can't be."""
        with self._all_or_nothing():
            with db.session.no_autoflush:
                changed = self.fill(form, model)
                changes.require_same_station(db.session, model, self.anchor)
            if changed:
                changes.store(db.session, model, changed, new=False)
        return True

    def delete_model(self, model: Any) -> bool:
        """Delete a row and return True; raise ConflictError that names what holds it, with nothing changed."""
        held, _along = self.holders(model)
        if held:
            raise ConflictError(Message("It can't be deleted, because it is in use: %(what)s.", {"what": held}))
        with self._all_or_nothing():
            changes.remove(db.session, model)
        return True

    def holders(self, row: Any) -> tuple[list[Message], list[Message]]:
        """Return what keeps the row from being deleted, and what would go along with it."""
        names = {view.model: view.section.name for view in self.siblings()}
        return changes.holders(db.session, row, names, self.goes_along)

    def goes_along(self, row: Any, holding: Holding) -> bool:  # noqa: ARG002 (some views look at the row)
        """Tell whether rows that point to this one are deleted with it, instead of keeping it."""
        return holding.goes_along

    def siblings(self) -> list["StaffView"]:
        """Return the views of all sections."""
        return [view for view in (self.admin._views if self.admin else ()) if isinstance(view, StaffView)]  # noqa: SLF001 (Flask-Admin has no other list)

    def _all_or_nothing(self) -> Any:
        return undone_when_refused(db.session, self.model, self.section.labels)

    # --- Pages ---

    def url_of(self, row: Any) -> str:
        """Return where a row's details are; parts of another row stand on that one's page."""
        return str(self.get_url(".details_view", id=row.id))

    @expose("/new/", methods=("GET", "POST"))  # type: ignore[untyped-decorator]
    def create_view(self) -> ResponseReturnValue:
        """Ask for a new row and store it."""
        form = self.create_form()
        made: list[Any] = []
        if _sent(form, lambda: made.append(self.create_model(form))):
            flash(_("It is saved."), "success")
            return redirect(self.url_of(made[0]))
        return self._page("admin/form.html", form, row=None)

    @expose("/edit/", methods=("GET", "POST"))  # type: ignore[untyped-decorator]
    def edit_view(self) -> ResponseReturnValue:
        """Ask for a row's changes and store them."""
        row = self.to_change()
        form = self.edit_form(row)
        if _sent(form, lambda: self.update_model(form, row)):
            flash(_("It is saved."), "success")
            return redirect(self.url_of(row))
        return self._page("admin/form.html", form, row=row)

    @expose("/details/")  # type: ignore[untyped-decorator]
    def details_view(self) -> ResponseReturnValue:
        """Show a row and what belongs to it."""
        row = self.asked_for()
        return str(self.render("admin/details.html", row=row, parts=lists.parts(row, self.siblings())))

    @expose("/delete/", methods=("GET", "POST"))  # type: ignore[untyped-decorator]
    def delete_view(self) -> ResponseReturnValue:
        """Ask whether a row shall go, saying what goes along or what holds it, and delete it."""
        row = self.to_change()
        form = self.delete_form()
        if _sent(form, lambda: self.delete_model(row)):
            flash(_("It is deleted."), "success")
            return redirect(self.get_url(".index_view"))
        held, along = self.holders(row)
        return self._page("admin/delete.html", form, row=row, held=held, along=along)

    @expose("/export/<export_type>/")  # type: ignore[untyped-decorator]
    def export(self, export_type: str) -> ResponseReturnValue:
        """Send the list as a file; there is none of people."""
        if not self.is_exportable() or export_type not in _EXPORTS:
            abort(404)
        write, mimetype = _EXPORTS[export_type]
        _count, rows = self._export_data()
        names = self.columns()
        showing = self.showing(rows, names)
        content = write(
            [self.label(name) for name in names], [[showing.cell(row, name) for name in names] for row in rows]
        )
        disposition = f"attachment; filename={self.section.key}.{export_type}"
        return Response(content, headers={"Content-Disposition": disposition}, content_type=mimetype)

    def is_exportable(self) -> bool:
        """Tell whether the list may leave as a file: never what speaks of people."""
        return not is_personal(self.model)

    def _page(self, template: str, form: Form, **values: Any) -> ResponseReturnValue:
        """Show a form's page; where it was refused the status says so, and the edge drops what was changed."""
        return str(self.render(template, form=form, **values)), 422 if form.errors else 200

    def create_blueprint(self, admin: Any) -> Any:
        """Return the section's blueprint, with our templates instead of Flask-Admin's."""
        blueprint = super().create_blueprint(admin)
        blueprint.template_folder = str(TEMPLATES)
        return blueprint


def _sent(form: Form, act: Callable[[], object]) -> bool:
    """Do what a sent form asks for and tell whether it is done; what speaks against it is shown at the form."""
    if not form.validate_on_submit():
        return False
    try:
        act()
    except DomainError as error:
        form.refuse(error)
        return False
    return True
