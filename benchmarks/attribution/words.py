"""The page's sentences about models and measurements."""

import textwrap


def fill(text: str) -> str:
    """Return a text in lines, without breaking words."""
    return textwrap.fill(" ".join(text.split()), 100, break_on_hyphens=False)


def paragraphs(*texts: str) -> str:
    """Return paragraphs in lines."""
    return "\n\n".join(fill(text) for text in texts)


HOW = (
    """All programs explain the same numbers against the same references. For a BPNet these are two:
    the log-counts, and the sum of centred logits weighted by the mean of the softmax of window and
    reference, held fixed ([methods](methods.md), target `profile`). The other models have one
    output, or the first of several. Random weights are the same in Keras and in PyTorch, and the
    outputs of both are compared first. A peer computes the whole network for each head. Agreement
    with ours is measured on hypothetical contributions; for shap, which has none, on
    contributions.""",
    """`Explainer` is the object that `attribute()` makes. Here it is made once, outside the timed
    part, as in a run of thousands of windows, and explains ten windows in memory in turn. The
    subcommand is the whole process: it starts, loads and compiles, reads windows, shuffles
    references and writes the scores. Peers are loaded and warmed up before, get ready-made
    references, and write nothing. BPReveal is its own explainer on the Keras model itself; it takes
    one window at a time, and here some of its references at once. BPReveal and tangermeme run with
    the batch size whose best run was fastest. Every process is bound to as many cores as it has
    threads.""",
)

HEADINGS = {
    "bpnet64": "A BPNet of 64 filters",
    "bpnet512": "A BPNet of ChromBPNet's size",
    "chrombpnet": "A whole ChromBPNet",
    "basset": "A classifier with max pooling",
    "attention": "A model with attention",
    "znf143": "A real BPNet",
    "tn5bias": "A real bias model",
}

ABOUT = {
    "bpnet64": (
        """The first convolution is 21 wide with 64 filters; eight residual layers follow, 3 wide,
        with dilation 2 to 256; padding is valid, with cropping. The profile head is 75 wide and
        predicts 1,000 positions; a second head predicts counts.""",
    ),
    "bpnet512": (
        """The same with 512 filters, as most trained models of accessibility have. So that the
        slowest program takes a bearable time, there are 4 references for each window instead of
        20, for all programs. That is not to our advantage: the window itself is computed once
        beside its references by ours, and with each reference by the others.""",
    ),
    "chrombpnet": (
        """The model of 512 filters with a bias model of 128 filters and four dilated layers beside
        it. Profile logits are added; counts are the logarithm of the sum of both exponentials.
        There are 4 references. tangermeme explains exponential and logarithm as modules with its
        own rule, as its manual asks. BPReveal has no exact rule for this sum and says nothing
        ([coverage](coverage.md)); with random weights the counts hardly vary, so that its error
        does not show here. captum and shap have none in PyTorch either, and are left out.""",
    ),
    "basset": (
        """Three convolutions (300 filters of 19, 200 of 11, 200 of 7) with max pooling by 3, 4 and
        4, two dense layers of 1,000 and 164 outputs, the first of which is explained. captum is
        left out: its scores of max pooling after ReLU are wrong (their correlation with those of
        all others was 0.59).""",
    ),
    "attention": (
        """One transformer block: a convolution of 64 filters of 15, max pooling by 8, and, on 128
        positions, layer normalisation, self-attention of four heads, and two dense layers, each
        with a residual sum. Of the peers, only tangermeme explains it, with its products written as
        its own modules (`BilinearOp`), as its manual asks. BPReveal and shap on Keras stop at the
        products of attention; shap on PyTorch raises an exception because the sum is wrong; captum
        is wrong without a sign ([coverage](coverage.md)).""",
    ),
    "znf143": (
        """A BPNet of ZNF143 (64 filters, nine layers, two strands, `same` padding) on CTCF peaks of
        hg19 chr22. It is not part of this repository.""",
    ),
    "tn5bias": (
        """A ChromBPNet model of Tn5 bias (128 filters, five layers) on the same peaks. It is not
        part of this repository either.""",
    ),
}

FLOOR = """"Share of direct convolution" compares our time with that of the multiply-adds that
    DeepLIFT needs for a window, done one by one: the window and each reference forward to all
    heads, and one walk back for each reference and head, at the rate of a oneDNN convolution in
    TensorFlow (3 wide, dilation 16, as many channels as the model's dilated layers), measured right
    before each run of ours. It is above 1 where convolutions take fewer multiplications."""

# goal -> its obstacle, for the page while it is not reached
OBSTACLES = {
    "tangermeme64": """Convolutions take two thirds of the time, at nine tenths of what the core can
        multiply; between them, multipliers are added, scaled and padded, at the speed of memory.
        Minimal filtering, which halves the multiplications of models of 256 and more channels, is
        no gain here: its transforms move as much memory as the products that they save take time.
        A window took 1.5 times as long with compiled transforms and TensorFlow's products between
        them (at 128 channels 1.1 times; at 256, 0.76), and a forward pass 1.7 times as long with
        transforms and products compiled as one piece; tiles of 6 outputs in place of 4 round twice
        as much and gain nothing even at 512 channels. The transposed convolution by TensorFlow's
        own operation, by explicit padding, or by a padding before it takes the same time.
        References four at a time (9% less time) and several results in one pass (2%) helped; other
        chunk sizes, allocators, huge pages, and one walk for both heads did not.""",
    "bpreveal64": "The same; and BPReveal runs on the same TensorFlow convolutions as ours.",
    "tangermeme512": """Products by minimal filtering run at the core's full speed and take six
        tenths of the time. The rest are its transforms, which XLA compiles into three passes over
        memory in place of one, and what direct convolutions need as well. Products and transforms
        compiled as one piece were slower, since XLA's products are; so were several references at
        once; tiles of 6 outputs took as long, and round twice as much.""",
    "share64": "What is between convolutions moves at the speed of memory, as above.",
    "share512": "The same.",
    "znf143": """Windows are short, so more of the time is outside of convolutions. References in
        chunks of half or twice as many, and two windows at once, took as long; minimal filtering,
        with 64 channels, 1.3 to 1.5 times as long.""",
    "tn5bias": """Convolutions take three quarters of the time, and minimal filtering saves none of
        it with 128 channels, as above.""",
    "again": "Checks of the arrays, and what joins the results, come on top of the engine.",
    "subcommand": """Starting takes 7 s, stage by stage as in `docs/performance.md`, and the second
        path 6 s of CPU time: together a tenth of 500 windows of this model. With larger models, or
        in longer shards, their share is smaller. For the second path, three windows at once took as
        long, a rewritten graph in double precision 9 s, and single precision 2 s, which would not
        show what rounding does. `attribution.second_path: 0` takes that half away.""",
    "copies": "Graphs hold weights as constants, and TensorFlow copies them when it optimises.",
    "tasks": "Most of it is the compilation of one walk, which all outputs share.",
    "position": """One compiled walk serves all positions, and is cropped to those that reach it: a
        whole walk takes 0.10 s. Of the cropped one, convolutions take 0.03 to 0.04 s; slices,
        slopes and residual sums between them, at the speed of memory, take the rest. Slices within
        the compiled parts gained nothing; 20 references at once in place of 4 a quarter.""",
    "memory64": """Until its last window a job takes 0.87 GB; the windows that it then explains
        again in double precision add the rest.""",
    "memory512": "Layers of 512 channels for several references are held at once.",
}
