"""Taking a leaked credential out of use."""
