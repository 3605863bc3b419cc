"""How a repository uses Twilio, and where it uses a credential: texts of source files -> lines that say so."""
