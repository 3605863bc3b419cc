"""Content to candidates: which contents deserve a look, what fits a rule's shape there, and what speaks for it."""
