"""The settings, names and result files of a run, each defined once.

Imports `files` (to read text and to write the published schemas).
"""
