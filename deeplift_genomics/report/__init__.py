"""The report page: its sections, numbers and words.

Without TensorFlow. Imports `files`, `settings`, `dna`, `windows`, `scores`, `motifs` and `instances`.
"""
