# The step finds the files of the sample in its folder of results.
rule report:
    input:
        labels=rules.join.output.table,
        known=known_motifs,
        dropped=rules.regions.output.dropped,
        windows=rules.regions.output.windows,
        genes=files_of_page,
        seqlets=seqlets_of_page,
        scores=of_targets(result("scores")),
        motifs=of_targets(result("motifs")),
        matches=of_targets(result("matches")),
        instances=of_targets(result("instances")),
        effects=if_explained("effects"),
        effects_table=if_explained("effects_table"),
        oligos=if_explained("oligos_table"),
        predictions=if_explained("predictions"),
        maps=if_explained("outputs") if WITH_MAPS else [],
    output:
        html=report(
            result("report"),
            category="Reports",
            subcategory="{sample}",
            caption="../report/report.rst",
        ),
        methods=result("methods_text"),
        bibliography=result("bibliography"),
    log:
        log_of("report"),
    benchmark:
        benchmark_of("report")
    conda:
        "../../envs/report.yaml"
    threads: 1
    resources:
        mem_mb=by_attempt(4000),
        runtime=by_attempt(60),
    params:
        configuration=lambda wildcards: configuration_of(wildcards.sample),
        genes=options_of_page,
        known=known_motifs_option,
        loci=loci_of,
        maps=lambda wildcards, input: ["--maps", *input.maps] if input.maps else [],
    # Snakemake's version is no parameter: a new one does not write the page again.
    shell:
        step(
            "report --configuration {params.configuration:q} {params.genes:q} {params.known:q}"
            ' --snakemake="$DEEPLIFT_GENOMICS_SNAKEMAKE"'
            " {params.maps:q} --loci {params.loci:q} --output {output.html:q} 2> {log:q}"
        )
