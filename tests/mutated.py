"""What mutation testing asks of pytest, as a plugin that `[tool.mutmut]` loads; without a change under test it rests.

Each change is tested in a fork of one process, in which all tests ran once.
"""

import os
from collections.abc import Iterator
from multiprocessing import get_context
from typing import Any

import pytest
import typst

#: Where what makes databases lies; a change elsewhere makes the same empty database as no change.
_DATABASES = "core.db."


def changed_database() -> str:
    """Return the name of the change under test if it may change how a database is made, else an empty text."""
    name = os.environ.get("MUTANT_UNDER_TEST", "")
    return name if name.startswith(_DATABASES) else ""


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Ask a server of PostgreSQL about changes of the database alone, and last: to start one takes seconds."""
    if "__mutmut_" not in os.environ.get("MUTANT_UNDER_TEST", ""):
        return
    served = [item for item in items if item.get_closest_marker("postgresql")]
    others = [item for item in items if item not in served]
    items[:] = [*others, *served] if changed_database() else others
    if not changed_database():
        config.hook.pytest_deselected(items=served)


@pytest.fixture(scope="session", autouse=True)
def printed_apart() -> Iterator[None]:
    """Print in processes of their own: threads that Typst once started are missing in a fork, which waits for them."""
    compile_here = typst.compile

    def printing(send: Any, *args: Any, **kwargs: Any) -> None:
        send.send_bytes(compile_here(*args, **kwargs))

    def compile_apart(*args: Any, **kwargs: Any) -> bytes:
        context = get_context("fork")
        receive, send = context.Pipe(duplex=False)
        process = context.Process(target=printing, args=(send, *args), kwargs=kwargs)
        process.start()
        send.close()
        try:
            return bytes(receive.recv_bytes())
        finally:
            process.join()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(typst, "compile", compile_apart)
        yield
