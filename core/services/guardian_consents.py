"""Consents as one guardian sees and changes them: their own, and papers on which nobody noted whose they are."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from core.db.models import Consent, ConsentText
from core.db.queries import consents as queries
from core.domain.actor import SYSTEM
from core.domain.clock import Clock
from core.domain.errors import ConflictError, Message
from core.domain.vocabulary import ConsentHow, ConsentPurpose, GuardianAccess
from core.services import consent_texts, consents
from core.services.guardian_links import Visit


class TextRenewedError(ConflictError):
    """The text to which somebody agrees isn't the one in force: they have to read that one first."""

    code = "text_renewed"


@dataclass(frozen=True)
class Standing:
    """How it stands with one purpose for one guardian, and the text in force with which they are asked."""

    purpose: ConsentPurpose
    text: ConsentText
    #: What counts today and is theirs to withdraw.
    given: tuple[Consent, ...]

    @property
    def holds(self) -> bool:
        """Tell whether there is something to withdraw."""
        return bool(self.given)

    @property
    def to_be_asked(self) -> bool:
        """Tell whether the guardian's own agreement to the text in force is missing."""
        return not any(row.text_version == self.text.version for row in self._own)

    @property
    def renewed(self) -> bool:
        """Tell whether what the guardian agreed to is another text than the one in force."""
        return bool(self._own) and self.to_be_asked

    @property
    def unnoted(self) -> bool:
        """Tell whether all there is are papers of which nobody has noted whose they are."""
        return self.holds and not self._own

    @property
    def _own(self) -> tuple[Consent, ...]:
        return tuple(row for row in self.given if row.guardian_id is not None)


def standing_of(session: Session, found: Visit, purpose: ConsentPurpose, today: date) -> Standing:
    """Return how it stands with a purpose; NotFoundError where there is no text yet to ask with."""
    text = consent_texts.text_in_force(session, purpose, today)
    return Standing(purpose, text, tuple(row for row in _given(session, found, today) if row.purpose is purpose))


def standings(session: Session, found: Visit, today: date) -> tuple[Standing, ...]:
    """Return how it stands with each purpose."""
    given = _given(session, found, today)
    texts = consent_texts.texts_in_force(session, today)
    return tuple(
        Standing(purpose, text, tuple(row for row in given if row.purpose is purpose))
        for purpose, text in texts.items()
    )


def agree(session: Session, clock: Clock, found: Visit, purpose: ConsentPurpose, version: str, *, today: date) -> None:
    """Note that the guardian agrees to the text that was shown to them; to agree once more changes nothing.

    Raises TextRenewedError, and notes nothing, unless `version` is that of the text in force.
    """
    standing = standing_of(session, found, purpose, today)
    if version != str(standing.text.version):
        raise TextRenewedError(Message("The text was renewed meanwhile. Nothing is noted: read it first."))
    if standing.to_be_asked:
        given = consents.Given(purpose, today, guardian_id=found.guardian.id, how=ConsentHow.LINK)
        consents.give_consent(session, SYSTEM, clock, found.child, given, today=today)


def withdraw(session: Session, clock: Clock, found: Visit, purpose: ConsentPurpose, *, today: date) -> bool:
    """Withdraw a purpose of which the guardian sees a consent; return whether there was any.

    With full access that ends what other guardians have agreed to as well. Who sees none changes nothing and is told
    nothing of others.
    """
    if not any(row.purpose is purpose for row in _given(session, found, today)):
        return False
    withdrawal = consents.Withdrawal(purpose, found.guardian.id, ConsentHow.LINK)
    consents.withdraw_consents(session, SYSTEM, clock, found.child, withdrawal, today=today)
    return True


def _given(session: Session, found: Visit, today: date) -> tuple[Consent, ...]:
    query = queries.of_guardian(found.guardian, today, unnoted=_sees_unnoted(found))
    return tuple(session.scalars(query.order_by(Consent.given_on, Consent.id)))


def _sees_unnoted(found: Visit) -> bool:
    # A paper without a name may be another guardian's: who has restricted access learns nothing of it.
    return found.access is GuardianAccess.FULL
