"""The sections of the report: what each says of a run, one module for each.

Without TensorFlow. Imports the other modules of `report`, and the same rooms as they do, but no
other section.
"""
