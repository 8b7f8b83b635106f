# `snakemake --archive` packs the conda environment of every rule, and fails on one that was never made.
# Without `--sdm conda` there are none: the archive then holds the workflow and its inputs.
if not CONDA and "--archive" in [argument.partition("=")[0] for argument in sys.argv]:
    for made in workflow.rules:
        if str(made.conda_env).startswith("../../envs/"):
            made.conda_env = None
