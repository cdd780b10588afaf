"""Other engines for tests: a server of their own, and an engine that asks two and compares."""
