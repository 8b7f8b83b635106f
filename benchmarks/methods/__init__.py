"""What the methods of attribution cost, and how far they can be trusted.

Run as ``make methods``, or ``python -m benchmarks.methods``, on an otherwise idle machine. On the
demo and on a model of ZNF143 with peaks of chromosome 22, which ../shared/data holds, the workflow
evaluates all methods that these models allow; on the latter, all methods are also timed side by
side. The numbers are stored in ``results/methods.json``, and the table of docs/methods.md that
tells which method to choose is made from them.
"""
