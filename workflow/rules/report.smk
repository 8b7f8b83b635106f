rule report:
    input:
        scores=rules.merge.output.scores,
        motifs=rules.motifs.output.motifs,
        logos=rules.logos.output.logos,
        dropped=rules.regions.output.dropped,
    output:
        html=report(
            result("report"),
            category="Reports",
            caption="../report/report.rst",
        ),
    log:
        log_of("report"),
    benchmark:
        benchmark_of("report")
    conda:
        "../../envs/report.yaml"
    threads: 1
    resources:
        mem_mb=by_attempt(2000),
        runtime=by_attempt(30),
    params:
        config=lambda wildcards: configuration_of(wildcards.sample),
    shell:
        step(
            "report --sample {wildcards.sample:q} --scores {input.scores:q}"
            " --motifs {input.motifs:q} --logos {input.logos:q} --dropped {input.dropped:q}"
            " --config {params.config:q} --output {output.html:q} 2> {log:q}"
        )
