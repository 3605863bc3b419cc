"""The only code that talks to a network: what providers answer about credentials."""
