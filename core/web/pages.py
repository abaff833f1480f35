"""All blueprints of core, one for each area of the site."""

from flask import Flask

from core.web.account.views import account
from core.web.accounts.views import accounts
from core.web.activities.batches import batches
from core.web.activities.views import activities
from core.web.asking.links import reply_links
from core.web.asking.views import asking
from core.web.attendance.views import attendance
from core.web.audit.views import audit
from core.web.availability.rooms import shared_rooms
from core.web.availability.views import availability
from core.web.calendar.views import calendar
from core.web.campaigns.views import campaigns
from core.web.children.parts import child_parts
from core.web.children.trade import child_trade
from core.web.children.turns import child_turns
from core.web.children.views import children
from core.web.compliance.views import compliance, incidents
from core.web.consents.scans import consent_scans
from core.web.consents.texts import consent_texts
from core.web.consents.views import consents
from core.web.door.children import door_children
from core.web.door.code import arriving
from core.web.door.roster import roster
from core.web.door.views import door
from core.web.duties.taking import taking
from core.web.duties.views import duties
from core.web.feeds.views import feeds
from core.web.grants.views import grants
from core.web.guardians.views import guardians
from core.web.harm.views import harm
from core.web.home.views import home
from core.web.hours.certificates import certificates
from core.web.hours.views import hours
from core.web.joining.views import joining
from core.web.language.views import language
from core.web.notices.views import notices
from core.web.pins.views import pins
from core.web.places.views import places
from core.web.plans.views import plans
from core.web.programs.views import programs
from core.web.public.hours import shown_hours
from core.web.public.views import public
from core.web.registration.views import registration
from core.web.replying.views import replies
from core.web.reports.views import reports
from core.web.requests_.views import requests
from core.web.retention.views import retention
from core.web.runs.views import runs
from core.web.sealing.views import sealing
from core.web.sessions.views import sessions
from core.web.timetable.views import timetable
from core.web.volunteers.skills import skills
from core.web.volunteers.views import volunteers
from core.web.wishing.views import wishes

_AREAS = (
    home,
    account,
    accounts,
    language,
    timetable,
    sessions,
    attendance,
    public,
    shown_hours,
    duties,
    taking,
    replies,
    asking,
    reply_links,
    campaigns,
    hours,
    certificates,
    arriving,
    notices,
    availability,
    shared_rooms,
    feeds,
    plans,
    runs,
    pins,
    calendar,
    activities,
    batches,
    children,
    child_parts,
    child_turns,
    child_trade,
    joining,
    programs,
    reports,
    grants,
    requests,
    sealing,
    harm,
    audit,
    retention,
    compliance,
    incidents,
    volunteers,
    skills,
    door,
    door_children,
    roster,
    consents,
    consent_scans,
    consent_texts,
    guardians,
    places,
    registration,
    wishes,
)


def register(app: Flask) -> None:
    """Add core's pages to the application."""
    for area in _AREAS:
        app.register_blueprint(area)
