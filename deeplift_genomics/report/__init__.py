"""The report page: its sections, numbers and words.

Without TensorFlow. Imports `files`, `settings`, `dna`, `windows`, `models` (their descriptions),
`scores`, `motifs`, `instances` and `record`.
"""
