rule scan:
    input:
        scores=result("scores"),
        motifs=rules.motifs.output.motifs,
    output:
        calls=temp(result("calls")),
    log:
        log_of("scan"),
    benchmark:
        benchmark_of("scan")
    conda:
        "../../envs/motifs.yaml"
    threads: 1
    resources:
        mem_mb=by_attempt(2000),
        runtime=by_attempt(60),
    params:
        settings=as_options(SETTINGS, "instances", without="instances.max_overlap"),
    shell:
        step(
            "scan --scores {input.scores:q} --motifs {input.motifs:q}"
            " --shard {wildcards.shard} {params.settings:q} --threads {threads}"
            " --output {output.calls:q} 2> {log:q}"
        )


rule instances:
    input:
        calls=calls_of,
        scores=result("scores"),
        labels=rules.join.output.table,
        genes=gene_files,
    output:
        table=report(
            result("instances"),
            category="Instances",
            subcategory="{sample}",
            caption="../report/instances.rst",
        ),
        bed=result("places"),
        index=result("places_index"),
        bigbed=result("bigbed"),
    log:
        log_of("instances"),
    benchmark:
        benchmark_of("instances")
    conda:
        "../../envs/instances.yaml"
    threads: 1
    resources:
        mem_mb=by_attempt(2000),
        runtime=by_attempt(120),
    params:
        calls=pattern_of_calls,
        genes=gene_options,
        settings=as_options(SETTINGS, "instances.max_overlap"),
    shell:
        step(
            "instances {params.calls} --scores {input.scores:q} --motif-table {input.labels:q}"
            " {params.settings:q} {params.genes:q} --output {output.table:q} --bed {output.bed:q}"
            " --index {output.index:q} --bigbed {output.bigbed:q} 2> {log:q}"
        )
