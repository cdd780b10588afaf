"""Attacks on what is to hold whatever happens (`make attack`); each counts its trials."""
