"""What a run will be, before it runs: its windows, its paths, its time, memory and disk.

Without TensorFlow. Imports any room above.
"""
