"""``python -m deeplift_genomics`` is the command ``deeplift-genomics``."""

from deeplift_genomics.cli import main

if __name__ == "__main__":
    main()
