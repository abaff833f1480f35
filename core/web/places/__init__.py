"""Pages for giving a term's places by wishes: the draw, runs side by side, a result with its reasons, publishing."""
