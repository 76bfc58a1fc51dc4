"""How dates and numbers read in the house."""
