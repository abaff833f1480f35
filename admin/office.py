"""The back office as one part of the site: its first page, the views of all sections, and who may call them."""

from collections.abc import Mapping, Sequence
from functools import partial
from types import MappingProxyType
from typing import Any, Final

from flask import Flask
from flask_admin import Admin, AdminIndexView, expose

from admin.base import TEMPLATES, StaffView
from admin.sections import ACTIVITIES, ARRANGED_YEARS, CHAPTERS, CLEARANCES, PLUGINS_CHAPTER, STATIONS, VOLUNTEERS
from admin.views.activities import ActivityView
from admin.views.arranged_years import ArrangedYearView
from admin.views.stations import StationView
from admin.views.volunteers import ClearanceView, VolunteerView
from core.domain.capabilities import Capability
from core.domain.errors import Message
from core.hooks.types import AdminSection, MenuEntry, MenuSection, WebPart

NAME: Final = Message("Back office")
_VIEWS: Final[Mapping[str, type[StaffView]]] = MappingProxyType(
    {
        ACTIVITIES.key: ActivityView,
        ARRANGED_YEARS.key: ArrangedYearView,
        CLEARANCES.key: ClearanceView,
        STATIONS.key: StationView,
        VOLUNTEERS.key: VolunteerView,
    }
)


class IndexView(AdminIndexView):  # type: ignore[misc]
    """The first page: every section that whoever asks may see, under its heading."""

    def __init__(self, chapters: Sequence[tuple[Message, Sequence[StaffView]]]) -> None:
        """Show these views under these headings."""
        super().__init__(name=str(NAME), endpoint="admin", url="/admin")
        # Flask-Admin's own scripts and styles are not served: no page of ours asks for them.
        self.static_folder = None
        self._chapters = chapters

    @expose("/")  # type: ignore[untyped-decorator]
    def index(self) -> str:
        """Show the sections."""
        chapters = [(name, [view for view in views if view.is_accessible()]) for name, views in self._chapters]
        return str(self.render("admin/sections.html", chapters=[chapter for chapter in chapters if chapter[1]]))

    def create_blueprint(self, admin: Any) -> Any:
        """Return the page's blueprint, with our templates."""
        blueprint = super().create_blueprint(admin)
        blueprint.template_folder = str(TEMPLATES)
        return blueprint


def part(sections: Sequence[AdminSection]) -> WebPart:
    """Return the back office with core's sections and those of the other plugins."""
    chapters = [*CHAPTERS, (PLUGINS_CHAPTER, tuple(sections))]
    endpoints = [_view_class(section).endpoints(section) for _name, listed in chapters for section in listed]
    asked = {name: capability for known in endpoints for name, capability in known.items()}
    return WebPart(
        name="admin",
        mount=partial(_mount, chapters),
        permissions=MappingProxyType({"admin.index": Capability.SEE_PLANS, **asked}),
        menu=(MenuEntry(NAME, "admin.index", MenuSection.STATION),),
    )


def _mount(chapters: Sequence[tuple[Message, Sequence[AdminSection]]], app: Flask) -> None:
    views = [(name, [_view_class(section)(section) for section in listed]) for name, listed in chapters]
    office = Admin(name=str(NAME), index_view=IndexView(views))
    for _name, made in views:
        office.add_views(*made)
    office.init_app(app)


def _view_class(section: AdminSection) -> type[StaffView]:
    return _VIEWS.get(section.key, StaffView)
