"""The page of variants: both alleles above each other, and what they change.

Without TensorFlow. Imports all rooms before it that are without TensorFlow, `report` for its page.
"""
