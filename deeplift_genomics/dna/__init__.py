"""Sequences, and the files that they and their coordinates come from.

Imports `files` and `settings`.
"""
