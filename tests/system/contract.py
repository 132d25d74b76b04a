"""Holds answers against the daemon's own description: the route, the status, the content type, the body's schema."""

import json
import pathlib
import re

import jsonschema

FILE = pathlib.Path(__file__).resolve().parents[2] / "daemon/http/openapi.json"
DESCRIPTION = json.loads(FILE.read_text(encoding="utf-8"))


def _matches(pattern: str, path: str) -> bool:
    return re.fullmatch(re.sub(r"\{[^}]+\}", "[^/]+", pattern), path) is not None


def operation_of(method: str, path: str) -> dict:
    path = path.partition("?")[0]
    exact = [item for pattern, item in DESCRIPTION["paths"].items() if pattern == path]
    found = exact or [item for pattern, item in DESCRIPTION["paths"].items() if _matches(pattern, path)]
    assert len(found) == 1, f"{path}: {len(found)} operations"
    return found[0]["get" if method == "HEAD" else method.lower()]


def _resolved(node: dict) -> dict:
    while "$ref" in node:
        here = DESCRIPTION
        for step in node["$ref"][2:].split("/"):
            here = here[step]
        node = here
    return node


def check(answer):
    """A requests.Response; returns it."""
    method, path = answer.request.method, answer.request.path_url
    operation = operation_of(method, path)
    assert str(answer.status_code) in operation["responses"], f"{method} {path}: {answer.status_code} is not described"
    described = _resolved(operation["responses"][str(answer.status_code)])
    assert answer.headers["x-request-id"] and answer.headers["x-content-type-options"] == "nosniff"
    if "content" not in described or method == "HEAD":
        assert not answer.content
        return answer
    kind = answer.headers["content-type"].partition(";")[0]
    assert kind in described["content"], f"{method} {path}: {kind}"
    if kind.endswith("json"):
        schema = {**described["content"][kind]["schema"], "components": DESCRIPTION["components"]}
        jsonschema.Draft202012Validator(schema).validate(answer.json())
    return answer
