"""The steps of the pipeline: one file each, with its options and its one call.

Imports any room, TensorFlow only when a step that needs it runs.
"""
