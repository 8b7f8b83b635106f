"""DNA sequences, and the files of sequences, regions and tracks.

This room imports `files` and `settings`.
"""
