"""Relevances by zennit, made once, and the small network that they are of."""
