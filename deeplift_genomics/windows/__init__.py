"""Windows of one length, cut out of a genome around regions or side by side.

This room imports `files`, `settings` and `dna`.
"""
