rule join:
    input:
        motifs=of_targets(rules.motifs.output.motifs),
        matches=of_targets(rules.annotate.output.matches),
    output:
        table=result("labels"),
    log:
        log_of("join"),
    benchmark:
        benchmark_of("join")
    conda:
        "../../envs/motifs.yaml"
    threads: 1
    resources:
        mem_mb=by_attempt(2000),
        runtime=by_attempt(30),
    params:
        settings=joining_options,
    shell:
        step(
            "join --sample {wildcards.sample:q} --motifs {input.motifs:q}"
            " --matches {input.matches:q} {params.settings:q}"
            " --threads {threads} --output {output.table:q} 2> {log:q}"
        )
