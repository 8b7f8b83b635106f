# The step finds the files of the samples in the results folder: for hundreds of samples, their names
# are too long for a command.
rule cluster:
    input:
        tables=expand(result("labels"), sample=list(TARGETS)),
        motifs=of_all_targets("motifs"),
        instances=of_all_targets("instances"),
        effects=of_all_targets("effects_table"),
    output:
        table=result("unique"),
        meme=result("unique_matrices"),
        matrix=report(
            result("matrix"),
            category="Motifs",
            subcategory="all samples",
            caption="../report/matrix.rst",
        ),
    log:
        log_of("cluster"),
    benchmark:
        benchmark_of("cluster")
    conda:
        "../../envs/motifs.yaml"
    threads: 1
    resources:
        mem_mb=by_attempt(4000),
        runtime=by_attempt(60),
    params:
        samples=json.dumps({name: clustered(row) for name, row in ROWS.items()}),
        settings=as_options(SETTINGS, "clusters.across_samples", "motif_names"),
    shell:
        step(
            "cluster --samples {params.samples:q} {params.settings:q} --threads {threads}"
            " --output {output.table:q} --meme {output.meme:q} --matrix {output.matrix:q}"
            " 2> {log:q}"
        )
