"""Tests of the scan of a whole history."""
