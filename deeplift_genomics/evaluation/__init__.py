"""How far methods of attribution can be trusted: faithfulness, truth, sanity, stability, cost.

TensorFlow when run. Imports `files`, `settings`, `dna`, `windows`, `graph`, `models`, `engine`,
`attribution`, `scores`, `motifs` and `effects`.
"""
