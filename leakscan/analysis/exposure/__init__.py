"""Who gets to see the place where a finding stands, and the chain of evidence for it in words."""
