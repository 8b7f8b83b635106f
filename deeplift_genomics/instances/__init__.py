"""Instances: every place of each motif in the windows of a run, called and written.

Without TensorFlow. Imports `files`, `settings`, `dna`, `scores` and `motifs`.
"""
