"""The sections of the page, one a module: each turns a run into what its template shows.

Without TensorFlow. Imports `report.run`, `report.words` and `report.images`, and the same rooms as
`report`.
"""
