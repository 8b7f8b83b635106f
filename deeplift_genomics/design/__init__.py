"""Oligos that test each motif in the laboratory: wild type, ablated and scrambled.

It writes files only. TensorFlow when run. Imports `files`, `settings`, `dna`, `windows`, `models`,
`attribution`, `scores`, `motifs`, `instances` and `effects`; `table` loads no TensorFlow.
"""
