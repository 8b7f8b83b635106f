"""From regions, or from a whole genome, to windows of one length; or the reason why not.

Imports `files`, `settings` and `dna`.
"""
