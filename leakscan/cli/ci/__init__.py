"""`leakscan ci`: which commits are new in a run of a CI, and what is written there."""
