"""What scans and proofs may be: judged by their content, never by their name."""
