"""Signing: the key that belongs to a database, by which all who serve it sign alike."""

from api.store.models import Signing


def signing_key() -> str:
    """Return the key that was made with the database; whoever has no key of its own signs by it."""
    key: str = Signing.select().get().key
    return key
