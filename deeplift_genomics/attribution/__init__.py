"""Attribution: the number of a model that is explained (targets), and the methods that explain it.

`methods` is the table of methods. This room imports `settings`, `graph`, `models` and `engine`.
"""
