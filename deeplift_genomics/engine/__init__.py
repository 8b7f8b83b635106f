"""DeepLIFT on the frozen TensorFlow graph."""
