"""Archives opened in memory, within bounds; imported when the first one is met."""
