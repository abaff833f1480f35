"""Telling people what concerns them: the outbox, what a notice says, and the ways by which it goes."""
