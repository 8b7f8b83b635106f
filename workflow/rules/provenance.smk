rule provenance:
    input:
        all_results(),
        samples=inputs(None, [CONFIG.samples]),
        inputs=all_inputs,
    output:
        record=result("record"),
    log:
        log_of("provenance"),
    benchmark:
        benchmark_of("provenance")
    conda:
        "../../envs/report.yaml"
    threads: 2
    resources:
        mem_mb=by_attempt(2000),
        runtime=by_attempt(120),
    params:
        config=json.dumps(SETTINGS),
    # Command and version are no parameters: a change, as by a dry run, does not write it again.
    shell:
        step(
            "provenance --config {params.config:q}"
            ' --command="$DEEPLIFT_GENOMICS_COMMAND" --snakemake="$DEEPLIFT_GENOMICS_SNAKEMAKE"'
            " --threads {threads} --output {output.record:q} 2> {log:q}"
        )


rule crate:
    input:
        record=rules.provenance.output.record,
    output:
        crate=result("crate"),
        repeat=directory(result("repeat")),
    log:
        log_of("crate"),
    benchmark:
        benchmark_of("crate")
    conda:
        "../../envs/report.yaml"
    threads: 1
    resources:
        mem_mb=by_attempt(2000),
        runtime=by_attempt(60),
    shell:
        step(
            "crate --record {input.record:q} --repeat {output.repeat:q}"
            " --output {output.crate:q} 2> {log:q}"
        )
