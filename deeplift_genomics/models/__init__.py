"""Model files of any format, read into a frozen graph with a sequence input, controls and heads.

This room imports `files`, `settings` and `graph`. Its modules `files` and `info` do not import
TensorFlow.
"""
