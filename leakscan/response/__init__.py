"""Taking a leaked credential out of use: a plan, carried out step by step, written down on the way."""
