# The step finds the files of the sample in its folder of results.
rule workbook:
    input:
        info=if_explained("info"),
        labels=rules.join.output.table,
        dropped=rules.regions.output.dropped,
        scores=of_targets(result("scores")),
        motifs=of_targets(result("motifs")),
        matches=of_targets(result("matches")),
        instances=of_targets(result("instances")),
        effects_table=if_explained("effects_table"),
    output:
        workbook=report(
            result("workbook"),
            category="Motifs",
            subcategory="{sample}",
            caption="../report/workbook.rst",
        ),
        meme=result("meme"),
    log:
        log_of("workbook"),
    benchmark:
        benchmark_of("workbook")
    conda:
        "../../envs/report.yaml"
    threads: 1
    resources:
        mem_mb=by_attempt(4000),
        runtime=by_attempt(60),
    params:
        configuration=lambda wildcards: configuration_of(wildcards.sample),
    shell:
        step(
            "workbook --configuration {params.configuration:q} --meme {output.meme:q}"
            " --output {output.workbook:q} 2> {log:q}"
        )
