"""The field's dictionary: numbers, columns and sentences as data, and how they reach a reader."""
