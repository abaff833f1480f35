"""Duties and people's own word about them: asked, answered, swapped, taken; and what is done when nobody answers.

Whatever puts somebody into a duty here goes by `fitness`, holding the rows of session and person: who comes second
finds the place taken.
"""
