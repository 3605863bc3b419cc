"""A repository's whole history: every object scanned, and for what was found when it came, went, and who can see it."""
