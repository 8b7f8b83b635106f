"""What a user may ask for: each setting, name and file of results, defined once.

Imports `files` (to read text and to write the published schemas).
"""
