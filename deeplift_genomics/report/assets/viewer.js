// The viewer of loci. A link `#locus=WHAT` anywhere in the page opens it there; WHAT is what its field
// "Jump to" takes, percent-encoded: `chr22:17398490-17398511` (from 1, both ends included), a position, the
// name of a region or of a motif. `run.loci.of_motif(NAME)` gives a motif's example loci, `.anchor` their
// links. Without script, the link leads to the locus' row in the table.
