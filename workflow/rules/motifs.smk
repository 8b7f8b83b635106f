rule motifs:
    input:
        scores=result("scores"),
    output:
        motifs=result("motifs"),
    log:
        log_of("motifs"),
    benchmark:
        benchmark_of("motifs")
    conda:
        "../../envs/motifs.yaml"
    threads: 2
    resources:
        mem_mb=memory_of_motifs,
        runtime=by_attempt(480),
    params:
        settings=as_options(SETTINGS, "motifs"),
    shell:
        step(
            "motifs --scores {input.scores:q} {params.settings:q}"
            " --threads {threads} --output {output.motifs:q} 2> {log:q}"
        )


rule logos:
    input:
        motifs=rules.motifs.output.motifs,
    output:
        logos=directory(result("logos")),
    log:
        log_of("logos"),
    benchmark:
        benchmark_of("logos")
    conda:
        "../../envs/report.yaml"
    threads: 2
    resources:
        mem_mb=by_attempt(2000),
        runtime=by_attempt(60),
    params:
        settings=as_options(SETTINGS, "report.letters"),
    shell:
        step(
            "logos --motifs {input.motifs:q} {params.settings:q}"
            " --threads {threads} --output {output.logos:q} 2> {log:q}"
        )


rule annotate:
    input:
        motifs=rules.motifs.output.motifs,
        known=known_motifs,
    output:
        matches=result("matches"),
    log:
        log_of("annotate"),
    benchmark:
        benchmark_of("annotate")
    conda:
        "../../envs/motifs.yaml"
    threads: 1
    resources:
        mem_mb=by_attempt(2000),
        runtime=by_attempt(60),
    params:
        settings=as_options(SETTINGS, "annotation"),
    shell:
        step(
            "annotate --motifs {input.motifs:q} {params.settings:q}"
            " --threads {threads} --output {output.matches:q} 2> {log:q}"
        )


rule seqlets:
    input:
        motifs=rules.motifs.output.motifs,
        scores=result("scores"),
    output:
        bed=report(
            result("seqlets"),
            category="Seqlets",
            subcategory="{sample}",
            caption="../report/seqlets.rst",
        ),
    log:
        log_of("seqlets"),
    benchmark:
        benchmark_of("seqlets")
    conda:
        "../../envs/motifs.yaml"
    threads: 1
    resources:
        mem_mb=by_attempt(2000),
        runtime=by_attempt(30),
    shell:
        step(
            "seqlets --motifs {input.motifs:q} --scores {input.scores:q}"
            " --output {output.bed:q} 2> {log:q}"
        )
