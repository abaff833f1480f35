"""Encryption of fields, blind indexes, the audit chain and the one table of who may do what."""
