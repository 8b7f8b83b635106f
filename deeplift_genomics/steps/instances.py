"""The step `instances`: shards of calls and names of motifs -> TARGET.instances.*."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from deeplift_genomics.settings.options import add_options as add_settings
from deeplift_genomics.settings.options import config_of

HELP = "list every instance of each motif"


def add_options(parser: ArgumentParser) -> None:
    """Add the options of this step."""
    parser.add_argument("shards", type=Path, nargs="+", help="all shards of the scan")
    parser.add_argument("--scores", type=Path, required=True, help="score file that was scanned")
    parser.add_argument("--motif-table", type=Path, help="SAMPLE/motifs.tsv, with names of motifs")
    add_settings(parser, "instances.max_overlap")
    parser.add_argument("--genes", type=Path, help="GTF or GFF3, for the nearest gene")
    parser.add_argument("--contig-aliases", type=Path, help="other names of contigs, for --genes")
    parser.add_argument("--output", type=Path, required=True, help="table of instances")
    parser.add_argument("--bed", type=Path, required=True, help="BED9, bgzipped")
    parser.add_argument("--index", type=Path, required=True, help="tabix index of --bed")
    parser.add_argument("--bigbed", type=Path, required=True, help="bigBed")


def run(options: Namespace) -> None:
    """Run this step."""
    from deeplift_genomics.instances.calls import call_instances
    from deeplift_genomics.instances.files import Annotation, Outputs, write_instances
    from deeplift_genomics.motifs.names import read_motif_table

    table, genes = options.motif_table, options.genes
    write_instances(
        call_instances(
            options.shards,
            options.scores,
            table,
            max_overlap=config_of(options).instances.max_overlap,
        ),
        Outputs(options.output, options.bed, options.index, options.bigbed),
        options.scores,
        labels=[label.motif for label in read_motif_table(table)] if table else [],
        annotation=Annotation(genes, options.contig_aliases) if genes else None,
    )
