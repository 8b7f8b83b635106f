"""A folder of one's own: configuration, sheet, Snakefile and profiles, and the demo's data.

Without TensorFlow. Imports any room above.
"""
