"""The rules of the engine, one file a family."""
