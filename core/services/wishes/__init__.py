"""Wishes of families: how a term takes them, each child's ranked list, the draw of lots; places are given elsewhere."""
