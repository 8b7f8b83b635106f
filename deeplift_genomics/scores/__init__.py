"""Scores as files: written, merged, averaged over folds, laid along the genome.

Without TensorFlow. Imports `files`, `settings`, `dna` and `windows`.
"""
