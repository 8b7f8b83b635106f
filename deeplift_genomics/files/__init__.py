"""Files on disk: written whole, sealed, and looked at before they are trusted.

Knows nothing of genomics. Imports `errors` only.
"""
