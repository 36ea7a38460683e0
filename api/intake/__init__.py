"""Intake: how a folder of fixtures becomes the record, and how the record is checked and exported."""
