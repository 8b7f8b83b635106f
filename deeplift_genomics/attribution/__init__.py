"""Which number of a model is explained, and by which method.

`methods` is the table of methods. Imports `settings`, `graph`, `models` and `engine`.
"""
