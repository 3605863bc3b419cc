"""A Report in words and in files, one module a format."""
