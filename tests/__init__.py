"""Tests, arranged like the package that they test."""
