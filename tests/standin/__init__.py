"""A stand-in for the providers' APIs on loopback, with accounts and keys of its own that requests read and change."""
