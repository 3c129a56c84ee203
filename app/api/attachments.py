"""Files that come with a multipart request: all stored durably, or the request is refused."""

from __future__ import annotations

from typing import BinaryIO, cast

from flask import request

from app import files
from app.api.problems import FieldsRefused
from app.intake.intake import MOST_FILES


def kept() -> list[files.StoredFile]:
    """The files of the field ``files``, stored."""
    sent = [file for file in request.files.getlist("files") if file.filename]
    if len(sent) > MOST_FILES:
        raise FieldsRefused({"files": f"At most {MOST_FILES} files go into one request."})
    return [files.keep(cast(BinaryIO, file.stream), file.filename or "") for file in sent]
