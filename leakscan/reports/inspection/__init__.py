"""Inspections as text and in files: what is said is put together once (sections.py), and each format lays it out."""
