"""Previews: an entity at a glance, as a small page that another site may show in a frame."""

import base64
import hashlib

from flask import Response, render_template_string
from markupsafe import Markup

from api.protocols import reconciliation
from api.review.previewing import Glance

STYLE = (
    "body{font:.85rem/1.4 system-ui,sans-serif;margin:.75rem;color:#1a1a1a;background:#fff}h1{font-size:1rem;margin:0}"
    "p{margin:.25rem 0}dl{display:grid;grid-template-columns:auto 1fr;gap:.1rem .75rem;margin:.5rem 0}dt{color:#555}"
    "dd{margin:0}a{color:#0b4f9e}"
)

PAGE = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>{{ shown.entity.name }}</title><style>{{ style }}</style></head>
<body>
<h1>{{ shown.entity.name }}</h1>
<p>{{ shown.type }}{% if shown.entity.description %} · {{ shown.entity.description }}{% endif %}</p>
{% for sentence in shown.sentences %}<p>{{ sentence }}</p>
{% endfor %}<dl>
{% for label, text in shown.attributes %}<dt>{{ label }}</dt><dd>{{ text }}</dd>
{% endfor %}</dl>
<p><a href="{{ path }}" target="_blank" rel="noopener">{{ path }}</a></p>
</body>
</html>
"""

POLICY = (
    f"default-src 'none'; style-src 'sha256-{base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()}'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors *"
)
"""The page's own style and nothing else; any site may frame it, as that is what it is for."""


def page(shown: Glance) -> Response:
    """Write the page."""
    style = Markup(STYLE)  # noqa: S704 — a constant of ours
    text = render_template_string(PAGE, shown=shown, style=style, path=reconciliation.path(shown.entity))
    response = Response(text, content_type="text/html; charset=utf-8")
    response.headers["Content-Security-Policy"] = POLICY
    return response
