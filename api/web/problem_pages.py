"""Problem pages: what each `type` of a problem means and what to do about it, for people and for programs."""

import base64
import hashlib
from typing import Any

from flask import Blueprint, Response, jsonify, render_template, request
from flask_smorest import abort
from markupsafe import Markup

from api.errors import not_found
from schemas.problems import NAMED, PAGES, PROBLEMS, ProblemType

STYLE = (
    "body{font:1rem/1.5 system-ui,sans-serif;max-width:42rem;margin:3rem auto;padding:0 1rem;color:#1a1a1a;"
    "background:#fff}code{font-size:.95em}dt{font-weight:600;margin-top:1rem}dd{margin:0}a{color:#0b4f9e}"
    "@media(prefers-color-scheme:dark){body{color:#e6e6e6;background:#161616}a{color:#8ab8ff}}"
)

POLICY = (
    f"default-src 'none'; style-src 'sha256-{base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()}'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""The pages' own style and nothing else."""

HTML, JSON = "text/html", "application/json"

blueprint = Blueprint("problem_pages", __name__, url_prefix=PAGES, template_folder="templates")


@blueprint.get("")
def list_problems() -> Response:
    """List every type of problem."""
    if _wanted() == JSON:
        return _varied(jsonify(items=[_fields(problem) for problem in PROBLEMS], next=None))
    return _page("problems.html", problems=PROBLEMS)


@blueprint.get("/<name>")
def get_problem(name: str) -> Response:
    """Get one type of problem."""
    problem = NAMED.get(name) or not_found("type of problem", name, NAMED)
    return _varied(jsonify(_fields(problem))) if _wanted() == JSON else _page("problem.html", problem=problem)


def _wanted() -> str:
    """Return the media type to answer in: HTML where a client takes both alike."""
    if not request.accept_mimetypes:
        return HTML
    best: str | None = request.accept_mimetypes.best_match([HTML, JSON])
    return best or abort(406, message=f"This can be had as {HTML}, {JSON}.")


def _fields(problem: ProblemType) -> dict[str, Any]:
    return {
        "type": problem.address,
        "title": problem.title,
        "status": problem.status,
        "meaning": problem.meaning,
        "remedy": problem.remedy,
    }


def _page(template: str, **content: Any) -> Response:
    page = render_template(template, style=Markup(STYLE), **content)  # noqa: S704 — a constant of ours
    response = Response(page, content_type=f"{HTML}; charset=utf-8")
    response.headers["Content-Security-Policy"] = POLICY
    return _varied(response)


def _varied(response: Response) -> Response:
    response.headers["Vary"] = "Accept"
    return response
