"""Model files of any format, read into a frozen graph with a sequence input, controls and heads.

Imports `files`, `settings` and `graph`. `files` and `info` in here are without TensorFlow.
"""
