"""`leakscan respond`: a leaked credential taken out of use, step by step."""
