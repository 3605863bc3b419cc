"""Archives opened in memory."""
