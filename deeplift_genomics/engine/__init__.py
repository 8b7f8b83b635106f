"""The walk over the graph: forward on windows and references, and back by a set of rules.

Imports `graph`. Knows no model file and no method by name.
"""
