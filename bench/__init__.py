"""The figures of docs/performance.md. `make bench` starts a stack of its own and runs these against it."""
