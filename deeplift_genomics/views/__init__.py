"""What scores and patterns look like: rows by name or place, tables, logos and figures.

Without TensorFlow. Imports `files`, `settings`, `dna` and `windows`.
"""
