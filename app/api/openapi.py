"""The API described by itself: OpenAPI 3.1, made from the schemas that check the requests."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import Any

from flask import current_app
from flask.typing import ResponseReturnValue
from marshmallow import Schema
from werkzeug.routing import Rule

from app.api.blueprint import bp
from app.api.contract import Contract, contract, contract_of
from app.api.problems import PROBLEM
from app.config import settings

_CONVERTER = re.compile(r"<(?:int:)?(\w+)>")
_REFUSALS = {
    "400": "Not understood: the body is no JSON.",
    "401": "No valid token.",
    "403": "The role of this token does not allow that.",
    "404": "There is no such thing.",
    "409": "The present state does not allow that, or a colleague was faster.",
    "413": "Larger than this desk takes.",
    "415": "The body has another type than application/json.",
    "422": "Fields are missing, unknown or wrong; errors names each.",
}


@bp.get("/openapi.json")
@contract("This document.")
def describe() -> ResponseReturnValue:
    from apispec import APISpec  # here, because no other request needs it
    from apispec.ext.marshmallow import MarshmallowPlugin

    spec = APISpec(
        title="HelpDesk",
        version="1",
        openapi_version="3.1.0",
        plugins=[MarshmallowPlugin(schema_name_resolver=_name)],
        info={"description": "A request is a promise. Moments are UTC ISO 8601, durations are like 8h30m."},
        servers=[{"url": settings().public_url}],
        security=[{"token": []}],
    )
    spec.components.security_scheme("token", {"type": "http", "scheme": "bearer"})
    spec.components.schema("Problem", _problem())
    for rule in sorted(current_app.url_map.iter_rules(), key=lambda rule: rule.rule):
        made = contract_of(current_app.view_functions[rule.endpoint]) if rule.endpoint.startswith("api.") else None
        if made:
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                path = _CONVERTER.sub(r"{\1}", rule.rule)
                spec.path(path, operations={method.lower(): _operation(rule, made)})
    return spec.to_dict()


def _operation(rule: Rule, made: Contract) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": rule.endpoint.removeprefix("api."),
        "summary": made.summary,
        "parameters": [_path_parameter(rule, name) for name in sorted(rule.arguments)],
        "responses": {str(made.status): _answer(made), **_problems()},
    }
    if made.asks:
        operation["parameters"].append({"in": "query", "schema": made.asks})
    if made.takes:
        kinds = ["application/json", *(["multipart/form-data"] if made.has_files else [])]
        operation["requestBody"] = {"required": True, "content": {kind: {"schema": made.takes} for kind in kinds}}
    elif made.is_free:
        operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": {"type": "object"}}}}
    return operation


def _path_parameter(rule: Rule, name: str) -> dict[str, Any]:
    kind = "integer" if f"<int:{name}>" in rule.rule else "string"
    return {"in": "path", "name": name, "required": True, "schema": {"type": kind}}


def _answer(made: Contract) -> dict[str, Any]:
    phrase = HTTPStatus(made.status).phrase
    schema: Any = made.answers or {"type": "object"}
    return {"description": phrase, "content": {"application/json": {"schema": schema}}}


def _problems() -> dict[str, Any]:
    content = {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {code: {"description": words, "content": content} for code, words in _REFUSALS.items()}


def _problem() -> dict[str, Any]:
    text = {"type": "string"}
    fields = {"type": text, "title": text, "status": {"type": "integer"}, "detail": text}
    errors = {"type": "object", "additionalProperties": text}
    return {"type": "object", "properties": {**fields, "errors": errors}, "required": list(fields)}


def _name(schema: Any) -> str:
    """Schemas of requests and of answers may share a noun; their modules tell them apart."""
    kind = schema if isinstance(schema, type) else type(schema)
    assert issubclass(kind, Schema)
    return kind.__name__ + ("Body" if kind.__module__.endswith("schemas") else "")
