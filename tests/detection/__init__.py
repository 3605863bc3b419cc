"""Tests of content to candidates."""
