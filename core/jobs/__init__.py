"""Work that outlasts a request: one interface to have a run carried out, and the engines behind it."""
