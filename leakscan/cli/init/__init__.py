"""`leakscan init`: configuration, git hooks, and a job for the CI."""
