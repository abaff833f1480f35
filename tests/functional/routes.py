"""The routes of an application, and the addresses by which tests ask for them."""

from collections.abc import Iterator

from flask import Flask
from werkzeug.routing import Rule

from core.domain.actor import Role
from tests.functional.county import StationRows

SIGNING_OUT = {"account.end_all", "security.logout"}


def path_to(rule: Rule, rows: StationRows) -> str:
    """Return the rule's address with the ids of a station's rows, or a made-up one for what has none."""
    values = _values(rows)
    adapter = rule.map.bind("localhost") if rule.map else None
    assert adapter is not None
    return adapter.build(rule.endpoint, {name: values[name] for name in rule.arguments})


def _values(rows: StationRows) -> dict[str, object]:
    return {
        "term_id": rows.term,
        "session_id": rows.session,
        "activity_id": rows.activity,
        "room_id": rows.room,
        "plan_id": rows.plan,
        "closure_id": rows.closure,
        "token_id": rows.token,
        "notice_id": rows.notice,
        "run_id": rows.run,
        "allocation_id": rows.allocation,
        "document": "problem",
        "pin_id": rows.pin,
        "consent_id": rows.consent,
        "volunteer_id": rows.volunteer,
        "step": "left",
        "child_id": rows.child,
        "other_id": rows.child,
        "guardian_id": rows.guardian,
        "person_id": rows.pick_up,
        "mark_id": rows.mark,
        "link_id": rows.link,
        "purpose": "photo",
        "grant_id": rows.grant,
        "report_id": rows.report,
        "request_id": rows.request,
        "contact_id": rows.contact,
        "question_id": rows.question,
        "swap_id": rows.swap,
        "campaign_id": rows.campaign,
        "entry_id": rows.entry,
        "objection_id": rows.objection,
        "certificate_id": rows.certificate,
        "code": "abcdefgh2345",
        "registration_id": rows.registration,
        "receipt_id": rows.receipt,
        "deed": "told",
        "kind": "csv",
        "data": "child_files",
        "subject_id": rows.child,
        "user_id": rows.users[Role.GRID_WORKER],
        "slug": rows.slug,
        "reference": "abcdefgh2345",
        "type_key": "sst.companionship",
        "key": "sst",
        "token": "x" * 43,
        "secret": "x" * 43,
        "filename": "dist/nothing.css",
    }


def requests_of(app: Flask) -> Iterator[tuple[Rule, str]]:
    """Yield each route of the application with each of its methods."""
    # Signing out comes last, so that one sign-in serves for all the others.
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: (rule.endpoint in SIGNING_OUT, rule.rule)):
        for method in sorted((rule.methods or set()) - {"OPTIONS", "HEAD"}):
            yield rule, method
