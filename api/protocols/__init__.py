"""Protocols: how tools that others made ask, and what they are answered."""
