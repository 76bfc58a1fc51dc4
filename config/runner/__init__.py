"""What stands behind the Makefile: one parent for the demo, the tests and the benchmark.

Only the standard library is imported here, because this package runs before the virtual environment exists.
"""
