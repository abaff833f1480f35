"""Views of the accounts that somebody looks after."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core.db.models import User
from core.db.queries import accounts as queries
from core.domain.errors import ConflictError, InvalidInputError, Message, NotFoundError
from core.extensions import actor, db, limiter, wiring
from core.security.permissions import needs_second_factor, roles_given_by
from core.services import account_care as care
from core.services import invitations
from core.services.invitations import Invitation
from core.web.accounts.forms import LossForm, NewAccountForm, PlaceForm
from core.web.qr import picture_of

accounts = Blueprint("accounts", __name__, url_prefix="/accounts")
Page = str | tuple[str, int] | Response


@accounts.get("/")
def listed() -> str:
    """List the accounts of the reader's station and of those below it."""
    rows = db.session.scalars(queries.accounts_in_reach()).unique().all()
    return render_template("accounts/listed.html", rows=rows, now=wiring().clock.now(), due=_due)


@accounts.route("/new", methods=["GET", "POST"])
@limiter.limit("60 per hour", methods=["POST"])
def new() -> Page:
    """Add an account, and show this one time with what its person sets a password."""
    form = NewAccountForm()
    form.offer()
    if form.validate_on_submit():
        try:
            made = invitations.invite(
                db.session,
                actor(),
                wiring().clock,
                login=form.login.data,
                display_name=form.display_name.data,
                role=form.role.data,
                station_id=form.station.data,
                volunteer_id=form.volunteer_id(),
            )
        except (ConflictError, InvalidInputError) as error:
            form.refuse(error)
        else:
            return _invitation(made)
    return render_template("accounts/new.html", form=form), 422 if form.errors else 200


@accounts.get("/<uuid:user_id>")
def page(user_id: UUID) -> str:
    """Show an account with what can be done about it."""
    return _page(_user(user_id))


@accounts.post("/<uuid:user_id>")
def change(user_id: UUID) -> Page:
    """Give an account another role or station."""
    user, form = _user(user_id), PlaceForm()
    form.offer()
    if not form.validate():
        return _page(user, form), 422
    try:
        care.change_place(
            db.session,
            actor(),
            wiring().clock,
            user_id,
            role=form.role.data,
            station_id=form.station.data,
            volunteer_id=form.volunteer_id(),
        )
    except (ConflictError, InvalidInputError) as error:
        form.refuse(error)
        return _page(user, form), 422
    return _done(user_id, _("The account is changed; its person has to sign in again."))


@accounts.post("/<uuid:user_id>/invite")
def invite_again(user_id: UUID) -> Page:
    """Let somebody set a new password, and show with what this one time."""
    return _invitation(invitations.invite_again(db.session, actor(), wiring().clock, user_id))


@accounts.post("/<uuid:user_id>/shut-out")
def shut_out(user_id: UUID) -> Response:
    """Let an account sign in no more."""
    care.shut_out(db.session, actor(), wiring().clock, user_id)
    return _done(user_id, _("The account is shut out; its sessions are over."))


@accounts.post("/<uuid:user_id>/let-in")
def let_in(user_id: UUID) -> Response:
    """Let an account sign in again."""
    care.let_in(db.session, actor(), wiring().clock, user_id)
    return _done(user_id, _("The account may sign in again."))


@accounts.post("/<uuid:user_id>/second-factor")
def reset_second_factor(user_id: UUID) -> Page:
    """Take an account's second proof back."""
    user, form = _user(user_id), LossForm()
    form.offer()
    if not form.validate():
        return _page(user, loss=form), 422
    care.reset_second_factor(db.session, actor(), wiring().clock, user_id, form.reason.data)
    return _done(user_id, _("Its person sets up a new proof at the next sign-in."))


def _user(user_id: UUID) -> User:
    user = db.session.get(User, user_id)
    if user is None:
        raise NotFoundError(Message("There is no such account."))
    return user


def _due(user: User) -> bool:
    """Tell whether the account's person has yet to set up a second proof."""
    return needs_second_factor(user.role) and not user.demo and not (user.totp_secret or user.passkeys)


def _page(user: User, form: PlaceForm | None = None, loss: LossForm | None = None) -> str:
    if form is None:
        form = PlaceForm(formdata=None, role=user.role, station=user.station_id)
        form.offer()
    if loss is None:
        loss = LossForm(formdata=None)
        loss.offer()
    mine = user.id == actor().user_id or user.role not in roles_given_by(actor().role)
    return render_template(
        "accounts/page.html", user=user, form=form, loss=loss, now=wiring().clock.now(), due=_due(user), closed=mine
    )


def _invitation(made: Invitation) -> str:
    address = f"{wiring().settings.base_url}{url_for('account.accept', secret=made.secret)}"
    return render_template("accounts/invitation.html", made=made, address=address, picture=picture_of(address))


def _done(user_id: UUID, told: str) -> Response:
    flash(told, "success")
    return redirect(url_for("accounts.page", user_id=user_id))
