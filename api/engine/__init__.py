"""The engine: plain Python that compares claims and says what can responsibly be said."""
