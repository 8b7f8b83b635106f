"""What a motif does to the prediction: insertion, footprint, ablation, spacing.

TensorFlow when run. Imports `files`, `settings`, `dna`, `windows`, `models`, `attribution`,
`scores`, `motifs` and `instances`.
"""
