"""A model as a frozen TensorFlow graph: started, rewritten into an equal graph, placed on a device.

The first room with TensorFlow. Imports `errors` and `settings`.
"""
