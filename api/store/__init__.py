"""The store: the database, its models, its queries."""
