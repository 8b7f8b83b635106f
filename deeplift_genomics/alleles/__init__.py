"""Variants: both alleles explained side by side, the change of each head, motifs made and broken.

It writes files only. TensorFlow when run. Imports `files`, `settings`, `dna`, `windows`, `models`,
`attribution`, `scores`, `motifs`, `instances`, `effects` and `design`.
"""
