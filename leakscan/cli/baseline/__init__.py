"""`leakscan baseline`: accept what is known, and audit it."""
