"""The sections of the page: each module returns the variables of its template for a run.

Without TensorFlow. Imports `report.run`, `report.words` and `report.images`, and the same rooms as
`report`.
"""
