"""Addresses: where this API is to be reached from outside, for answers that leave it."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import current_app, request


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked for: under which address everything lies, at which address this does, and as of when."""

    base: str
    here: str
    as_of: str | None = None


def base() -> str:
    """Return the address all others begin with: the one configured, else the one that was asked."""
    configured: str = current_app.config["PUBLIC_URL"]
    return configured or beginning(request.host_url)


def beginning(url: str) -> str:
    """Return what addresses begin with at the URL of a host; nothing, so that they are relative, where that is none."""
    found = url.rstrip("/")
    return found if "//" in found else ""


def here() -> str:
    """Return the address that was asked, without its parameters."""
    return f"{base()}{request.path}"


def site() -> str:
    """Return the name of the host alone, without `www`."""
    return (urlsplit(base()).hostname or "").removeprefix("www.")


def asked(as_of: str | None) -> Asked:
    """Return what is asked for now."""
    return Asked(base(), f"{base()}{request.full_path.rstrip('?')}", as_of)
