# The step finds the files of the samples in the results folder.
rule index:
    input:
        unique=rules.cluster.output.table,
        matrices=rules.cluster.output.meme,
        matrix=rules.cluster.output.matrix,
        windows=expand(result("windows"), sample=list(TARGETS)),
        dropped=expand(result("dropped"), sample=list(TARGETS)),
        scores=of_all_targets("scores"),
        motifs=of_all_targets("motifs"),
    output:
        html=report(
            result("index"),
            category="Reports",
            subcategory="all samples",
            caption="../report/index.rst",
        ),
    log:
        log_of("index"),
    benchmark:
        benchmark_of("index")
    conda:
        "../../envs/report.yaml"
    threads: 1
    resources:
        mem_mb=by_attempt(4000),
        runtime=by_attempt(60),
    params:
        samples=json.dumps(
            {name: shown_of(row) for name, row in PORTABLE.samples.items()}
        ),
        settings=as_options(SETTINGS, "report.letters"),
    shell:
        step(
            "index --samples {params.samples:q} {params.settings:q}"
            " --output {output.html:q} 2> {log:q}"
        )
