"""Money leaves and enters through one of these; each speaks the one interface of `base.Gateway`."""
