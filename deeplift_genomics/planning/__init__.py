"""The plan of a run: its number of windows, its paths, its time, memory and disk.

Without TensorFlow. Imports any room above.
"""
