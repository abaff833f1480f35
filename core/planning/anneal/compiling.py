"""How the functions of a walk are compiled: once for a machine, then read from a cache beside the sources."""

import hashlib
import os
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

import numba
import numpy as np
from numba import njit, types
from numpy.typing import NDArray

#: Whole numbers, flat, as the compiled functions take them.
Memory: TypeAlias = NDArray[np.int64]
#: For each distinct set of people, one row of 0 and 1 per person, flat.
Able: TypeAlias = NDArray[np.uint8]

_F = TypeVar("_F", bound=Callable[..., Any])


def _cache_directory() -> str:
    """Return where the compiled functions of just these sources are kept: beside them, or where we may write.

    Numba looks only at the file of a function itself; a change to the layout alone would leave the others as they were.
    """
    sources = sorted(Path(__file__).parent.glob("*.py"))
    digest = hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()[:16]
    beside = Path(__file__).parent / "__pycache__"
    if not os.access(beside if beside.exists() else beside.parent, os.W_OK):
        beside = Path(tempfile.gettempdir()) / f"weibao-{os.getuid()}"
    return str(beside / f"walk-{digest}")


numba.config.CACHE_DIR = _cache_directory()  # type: ignore[attr-defined]


def compiled(function: _F) -> _F:
    """Compile a function of whole numbers and flat arrays when it is first called; other threads run meanwhile.

    Left to itself, numba would compile it anew for each constant that another function passes to it, which takes
    minutes for all of them; here a constant is a number like any other.
    """
    unliteral: Callable[[types.Type], types.Type] = types.unliteral
    made: Any = njit(cache=True, nogil=True, error_model="numpy")(function)
    template = made.get_call_template

    def plain(arguments: Sequence[types.Type], named: Mapping[str, types.Type]) -> object:
        return template(tuple(unliteral(argument) for argument in arguments), named)

    made.get_call_template = plain
    found: _F = made
    return found
