"""`leakscan hook`: what git is about to commit, to push, or to take in."""
