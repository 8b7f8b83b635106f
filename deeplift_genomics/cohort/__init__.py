"""What the samples of a run have in common: unique motifs, and what each is in which sample.

Imports nothing of TensorFlow and of the rooms below.
"""
