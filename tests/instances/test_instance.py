"""An instance has the fields that its files are written from."""

from deeplift_genomics.instances.instance import Instance


def test_fields_are_in_the_order_of_the_genome() -> None:
    place = ("chr1", 10, 14, "-", "pos_0", "CTCF", 3, 0.9, 0.5, 1.5, "ACGT")
    assert Instance(*place)._asdict() == {
        "chrom": "chr1", "start": 10, "end": 14, "strand": "-", "pattern": "pos_0",
        "motif": "CTCF", "row": 3, "match": 0.9, "similarity": 0.5, "contribution": 1.5,
        "sequence": "ACGT",
    }  # fmt: skip
    assert sorted([Instance(*place), Instance("chr1", 9, *place[2:])])[0].start == 9
