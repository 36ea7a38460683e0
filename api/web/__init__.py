"""Web: pages for people; so far the documentation of the API."""
