"""Files on disk: written whole, sealed, and checked before they are trusted.

This room knows nothing of genomics. It imports `errors` only.
"""
