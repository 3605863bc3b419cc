"""Inflating by isal, or where it has no wheel by the standard library, which is slower and gives the same."""

try:
    from isal import isal_zlib as zlib
except ImportError:
    import zlib  # type: ignore[no-redef]

__all__ = ["InflateError", "zlib"]

InflateError: type[Exception] = zlib.error  # type: ignore[assignment]  # which isal's stub calls an instance
