"""The registration pages together: each module adds its own to the one blueprint."""

from core.web.registration import deciding, groups, leaving, lists
from core.web.registration.desk import registration

__all__ = ["deciding", "groups", "leaving", "lists", "registration"]
