"""Tests of leakscan/reports/: formats, masking, wording, report files."""
