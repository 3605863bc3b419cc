"""Speed and accuracy against other scanners, for anyone to repeat. README.md says how."""
