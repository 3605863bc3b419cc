"""Tests of candidates to findings."""
