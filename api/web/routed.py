"""Routed: which route answers a request, told to what lies around Flask."""

from functools import cache

from flask import Flask, request

from api.metrics import ROUTE


def register(app: Flask) -> None:
    """Note the route before anything else is done; what finds no route has none."""
    app.before_request(note)


def note() -> None:
    """Put the route of this request where Always finds it."""
    if request.url_rule is not None:
        request.environ[ROUTE] = template(request.url_rule.rule)


@cache
def template(rule: str) -> str:
    """Return a route as the description writes it: with names in braces, and none of what they are made of."""
    return "/".join(f"{{{part[1:-1].rpartition(':')[2]}}}" if part[:1] == "<" else part for part in rule.split("/"))
