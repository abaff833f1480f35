"""Programs as their activities know them."""

from sqlalchemy import Select, func, select

from core.db.models import Activity


def activities_by_type() -> Select[str, int]:
    """How many activities in reach there are of each type, by its key."""
    return select(Activity.type_key, func.count()).group_by(Activity.type_key)
