"""Crosscheck: an API that says which claims about an event conflict, why, and on whose word."""
