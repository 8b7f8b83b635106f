"""The page that ranks the methods of attribution by the evaluation of a sample.

Without TensorFlow. Imports all rooms before it that are without TensorFlow, `report` for its page.
"""
