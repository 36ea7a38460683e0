"""Forms: answers as tables, sheets, lines, linked data, provenance, annotations and feeds."""
