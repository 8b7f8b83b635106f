"""What is handed over: the workbook of a sample's motifs, and their matrices.

Imports from the rooms before it, for most of it from `report`: what people read in a workbook is in
the words and numbers of the page.
"""
