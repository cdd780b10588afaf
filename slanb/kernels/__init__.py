"""Warm kernels: one process loads slanb's libraries once, and forks a kernel for each notebook."""
