"""Patterns in the scores: found by TF-MoDISco, placed in the genome, drawn.

Without TensorFlow. Imports `files`, `settings`, `dna` and `scores`.
"""
