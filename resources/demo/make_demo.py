"""Make every file of the bundled demo: python make_demo.py OUTDIR [--no-training].

Needs pyjaspar, which is among the development requirements, and for training TensorFlow. The files
are described in README.md.
"""

import argparse
import gzip
import json
from pathlib import Path

from matrices import fetch_motifs, write_meme
from peaks import call_peaks, choose_regions, write_narrowpeak
from simulate import Simulation, simulate

from deeplift_genomics.dna.sequence import decode
from deeplift_genomics.files.atomic import atomic_path

SEED = 20
REGIONS = 350
MARGIN = 250  # bp to both sides of a summit that the model sees
LINE = 60  # bases per line of the FASTA


def write_genome(path: Path, simulation: Simulation) -> None:
    """Write the contigs as gzipped FASTA, without the time of day in its header."""
    lines = []
    for chrom, codes in simulation.sequences.items():
        sequence = decode(codes)
        lines.append(f">{chrom}")
        lines += [sequence[start : start + LINE] for start in range(0, len(sequence), LINE)]
    text = "\n".join(lines) + "\n"
    with atomic_path(path) as temporary:
        temporary.write_bytes(gzip.compress(text.encode("ascii"), 9, mtime=0))


def write_truth(path: Path, simulation: Simulation) -> None:
    """Write the planted sites as BED6; the score is that of the site, 1000 for the consensus."""
    lines = [
        "\t".join(
            map(
                str,
                (site.chrom, site.start, site.end, site.factor, round(1000 * site.score))
                + (site.strand,),
            )
        )
        for site in simulation.sites
    ]
    with atomic_path(path) as temporary:
        temporary.write_text("\n".join(lines) + "\n", encoding="ascii")


def make_demo(folder: Path, seed: int, training: bool) -> None:
    """Write the demo's files into `folder`."""
    motifs = fetch_motifs()
    simulation = simulate(motifs, seed)
    peaks = call_peaks(simulation.reads)
    regions = choose_regions(peaks, simulation.sequences, REGIONS, MARGIN, seed)
    write_meme(folder / "motifs.meme", motifs)
    write_genome(folder / "genome.fa.gz", simulation)
    write_truth(folder / "truth.bed", simulation)
    write_narrowpeak(folder / "regions.narrowPeak", regions)
    if not training:
        return
    from train import evaluate, save_model, train

    model = train(simulation, peaks, seed)
    save_model(model, folder / "model.keras")
    performance = json.dumps(evaluate(model, simulation, peaks), indent=2)
    with atomic_path(folder / "performance.json") as temporary:
        temporary.write_text(performance + "\n", encoding="ascii")
    print(performance)


def main() -> None:
    """Read the arguments and make the demo."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path, metavar="OUTDIR", help="where to write the files")
    parser.add_argument("--seed", type=int, default=SEED, help="default %(default)s")
    parser.add_argument(
        "--no-training", action="store_true", help="leave out model.keras and performance.json"
    )
    arguments = parser.parse_args()
    make_demo(arguments.folder, arguments.seed, not arguments.no_training)


if __name__ == "__main__":
    main()
