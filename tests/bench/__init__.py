"""How long and how much memory, beside what a user would write by hand: `make bench`. Never a test."""
