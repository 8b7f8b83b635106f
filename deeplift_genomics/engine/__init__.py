"""The walk over the graph: forward on windows and references, and back by a set of rules.

This room imports `graph`. It knows no model file and no method by name.
"""
