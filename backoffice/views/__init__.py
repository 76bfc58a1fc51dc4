"""Pages of the back office that show no single model."""
