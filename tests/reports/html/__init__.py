"""Tests of leakscan/reports/html/: the page as text, and in a browser."""
