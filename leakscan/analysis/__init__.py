"""Candidates to findings, once everything has been seen."""
