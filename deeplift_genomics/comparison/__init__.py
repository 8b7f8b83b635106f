"""Several runs side by side: their settings, motifs and contributions.

Without TensorFlow. Imports all rooms before it that are without TensorFlow, `report` for its page.
"""
