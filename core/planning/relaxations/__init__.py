"""Small changes to a problem that might cure a shortage, as values to apply, tell and store; none is tried here."""

from core.planning.relaxations.base import Relaxation
from core.planning.relaxations.cure import Cure, Move, Takeover
from core.planning.relaxations.kinds import KINDS, relaxation

__all__ = ["KINDS", "Cure", "Move", "Relaxation", "Takeover", "relaxation"]
