"""A model as a frozen TensorFlow graph: rewritten into an equal graph, and placed on a device.

This is the first room with TensorFlow. It imports `errors` and `settings`.
"""
