"""Time, memory and disk of the steps that every region passes, at the size of a genome.

``make scale`` simulates a genome of 300 Mb in 24 contigs and 300,000 regions, and runs the steps
`check`, `regions`, `attribute`, `merge` and `tracks` with a tiny model and two references, so that
it measures the code around the engine. It writes docs/scale.md.
"""
