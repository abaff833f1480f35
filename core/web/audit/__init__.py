"""The audit log as the head and the auditor read it, and whether it is whole."""
