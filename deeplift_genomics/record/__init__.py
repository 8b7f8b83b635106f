"""The record of a run: its provenance, and the check of its results against it.

Without TensorFlow. Imports any room above.
"""
