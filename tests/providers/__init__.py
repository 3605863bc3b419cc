"""Tests of what providers are asked."""
