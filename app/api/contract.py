"""What an endpoint takes and answers: checked on the way in, described in openapi.json, both from one schema."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any, cast

from flask import request
from flask.typing import ResponseReturnValue
from marshmallow import Schema, ValidationError
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

from app.api.problems import FieldsRefused

View = Callable[..., ResponseReturnValue]
UNKNOWN = "Unknown field."  # marshmallow's words for it
_CONTRACT = "api_contract"


@dataclass(frozen=True)
class Contract:
    """``takes``: the body; ``asks``: the query string; ``answers``: what comes back, with ``status``."""

    summary: str
    takes: type[Schema] | None = None
    asks: type[Schema] | None = None
    answers: type[Schema] | None = None
    status: int = 200
    has_files: bool = False
    is_free: bool = False  # the body has rules of its own and reaches the view unread


def contract(summary: str, **terms: Any) -> Callable[[View], View]:
    """Check the request before the view runs; it gets the checked values as its last argument."""
    made = Contract(summary, **terms)

    def bind(view: View) -> View:
        @wraps(view)
        def checked(**named: Any) -> ResponseReturnValue:
            queried = _load(made.asks, request.args.to_dict()) if made.asks else _load(Schema, request.args.to_dict())
            if made.takes:
                return view(**named, given=_load(made.takes, _body(has_files=made.has_files)))
            return view(**named, given=queried) if made.asks else view(**named)

        setattr(checked, _CONTRACT, made)
        return checked

    return bind


def contract_of(view: object) -> Contract | None:
    return getattr(view, _CONTRACT, None)


def json_body() -> dict[str, Any]:
    """The body as a JSON object; 400 when it is no JSON, 415 when it says it is something else."""
    if not request.is_json:
        raise UnsupportedMediaType("Send the body as application/json.")
    try:
        value = request.get_json()
    except (BadRequest, RecursionError) as error:  # the latter: nested without end
        raise BadRequest("The body is not valid JSON.") from error
    if not isinstance(value, dict):
        raise FieldsRefused({"body": "The body must be one JSON object."})
    return value


def _body(*, has_files: bool) -> dict[str, Any]:
    if has_files and request.mimetype == "multipart/form-data":
        unknown = sorted(set(request.files) - {"files"})
        if unknown:
            raise FieldsRefused(dict.fromkeys(unknown, "Unknown field: files go into the field files."))
        return request.form.to_dict()
    if not request.get_data(cache=True):
        return {}
    return json_body()


def _load(schema: type[Schema], values: Mapping[str, Any]) -> dict[str, Any]:
    try:
        return cast(dict[str, Any], schema().load(values))
    except ValidationError as error:
        raise FieldsRefused(_sentences(error.messages_dict)) from error


def _sentences(messages: Mapping[str, Any], place: str = "") -> dict[str, str]:
    """Nested messages of marshmallow as one sentence a field: ``contract.number``, ``domains.0``."""
    flat: dict[str, str] = {}
    for name, found in messages.items():
        where = str(name).encode(errors="backslashreplace").decode()  # half a pair of UTF-16 cannot be written
        where = f"{place}.{where}" if place else where
        if isinstance(found, Mapping):
            flat.update(_sentences(found, where))
        else:
            words = " ".join(str(sentence) for sentence in found)
            flat[where] = f"There is no field {where!r} here." if words == UNKNOWN else words
    return flat
