"""Time, memory and disk of the steps that every region goes through, at the size of a genome.

``make scale`` simulates a genome of 300 Mb in 24 contigs and 300,000 regions, and takes them
through regions, attribution, merge and track with a tiny model and two references, so that what is
measured is what surrounds the engine. Writes docs/scale.md.
"""
