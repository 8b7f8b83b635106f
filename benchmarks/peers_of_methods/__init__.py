"""The methods of attribution, held against other programs that compute them.

Run as ``make peers``, or ``python -m benchmarks.peers_of_methods``: it scores two windows of the
demo, and of a real model where the data are (``../shared/data``, or the folder that
`DEEPLIFT_GENOMICS_TEST_DATA` names), with this package, Xplique (TensorFlow), captum and zennit
(PyTorch), each in an environment of its own. The numbers go to ``results.json``, and the table in
docs/methods.md is made from them; ``--table`` prints them. It takes ten minutes or more, and some
GB for the environments.

Xplique runs the Keras model itself, except for Grad-CAM, which it has for images only: that gets a
twin whose convolutions have a second axis of length 1. The PyTorch programs run a twin with the
same weights, whose counts are compared with those of Keras first. All explain the log-counts,
summed over strands. Here and in PyTorch numbers are float64; Xplique has float32 only.

Other programs have no in-silico mutagenesis as such; captum replaces one base at a time by A, C, G
or T. None has randomized path integration, or attention in a form that these models fit.
"""
