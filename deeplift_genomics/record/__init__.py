"""What a run was: its provenance, and whether its results are still as recorded.

Without TensorFlow. Imports any room above.
"""
