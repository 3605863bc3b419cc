"""Errors that a user can mend, and the exit codes that tell a run's outcome.

LeakscanError
├── UsageError        what was asked for cannot be done: a missing path, a bad option value
├── ConfigError       a configuration, ignore or baseline file is invalid
├── RuleError         a rule file is invalid
└── ReportError       a report could not be written, or a saved one not read
"""

from enum import IntEnum


class ExitCode(IntEnum):
    """What a run's exit status means; documented in the README and stable."""

    CLEAN = 0
    FOUND = 1
    ERROR = 2
    INCOMPLETE = 3
    INTERRUPTED = 130


class LeakscanError(Exception):
    """A failure to be told in one sentence that names the cause and the fix."""


class UsageError(LeakscanError):
    """What was asked for cannot be done."""


class ConfigError(LeakscanError):
    """A configuration, ignore or baseline file is invalid; the message names file and key."""


class RuleError(LeakscanError):
    """A rule file is invalid; the message names file and rule."""


class ReportError(LeakscanError):
    """A report could not be written, or a saved one not read; the message names the file."""
