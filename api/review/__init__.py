"""Review: the only bridge between what the store remembers and what the engine thinks."""
