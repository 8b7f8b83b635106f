"""Results for genome browsers: an IGV session for each sample, and one UCSC track hub for all.

Without TensorFlow. Imports `files`, `settings`, `dna`, `scores`, `motifs` and `instances`.
"""
