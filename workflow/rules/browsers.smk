# Both steps find the files of the samples in the results folder.
rule session:
    input:
        scores=of_targets(result("scores")),
        tracks=of_targets(result("track")),
        instances=of_targets(result("instances")),
        places=of_targets(result("places")),
        peaks=rules.regions.output.peaks,
        shown=shown_files,
        genome=genome_file,
    output:
        session=result("session"),
    log:
        log_of("session"),
    benchmark:
        benchmark_of("session")
    conda:
        "../../envs/browsers.yaml"
    threads: 1
    resources:
        mem_mb=by_attempt(2000),
        runtime=by_attempt(30),
    params:
        sample=lambda wildcards: json.dumps(browser_row(wildcards.sample)),
    shell:
        step(
            "session --sample {params.sample:q} --output {output.session:q} 2> {log:q}"
        )


rule hub:
    input:
        scores=of_browsed("scores"),
        tracks=of_browsed("track"),
        instances=of_browsed("instances"),
        bigbeds=of_browsed("bigbed"),
        shown=all_shown_files,
    output:
        hub=directory(result("hub")),
    log:
        log_of("hub"),
    benchmark:
        benchmark_of("hub")
    conda:
        "../../envs/browsers.yaml"
    threads: 1
    resources:
        mem_mb=by_attempt(2000),
        runtime=by_attempt(30),
    params:
        samples=json.dumps({name: browser_row(name) for name in IN_BROWSERS}),
        settings=as_options(SETTINGS, "hub"),
    shell:
        step(
            "hub --samples {params.samples:q} {params.settings:q} --output {output.hub:q}"
            " 2> {log:q}"
        )
