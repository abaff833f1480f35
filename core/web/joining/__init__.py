"""Who may take part: what a child can join, and why not the rest."""
