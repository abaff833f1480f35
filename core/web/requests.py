"""Requests whose uploads stay in memory: a workbook names children, and no temporary file may."""

from io import BytesIO
from typing import IO

from flask import Request


class InMemoryRequest(Request):
    """A request that spools no upload to a disk; `MAX_CONTENT_LENGTH` bounds what it holds."""

    def _get_file_stream(
        self,
        total_content_length: int | None,  # noqa: ARG002
        content_type: str | None,  # noqa: ARG002
        filename: str | None = None,  # noqa: ARG002
        content_length: int | None = None,  # noqa: ARG002
    ) -> IO[bytes]:
        return BytesIO()
