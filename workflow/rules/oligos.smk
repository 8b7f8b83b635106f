rule oligos:
    input:
        model=files_of_models,
        code=code_of_model,
        sequences=fixed_sequences,
        windows=rules.regions.output.windows,
        labels=rules.join.output.table,
        motifs=of_targets(result("motifs")),
        instances=of_targets(result("instances")),
    output:
        workbook=report(
            result("oligos"),
            category="Oligos",
            subcategory="{sample}",
            caption="../report/oligos.rst",
        ),
        table=result("oligos_table"),
    log:
        log_of("oligos"),
    benchmark:
        benchmark_of("oligos")
    conda:
        "../../envs/attribution.yaml"
    threads: 1
    resources:
        mem_mb=with_weights(4000),
        runtime=by_attempt(60),
        gpu=0 if CONFIG.attribution.device == "cpu" else 1,
    params:
        models=models_of,
        loading=model_options,
        settings=as_options(
            SETTINGS,
            "oligos",
            "instances.match_p",
            "instances.weakest",
            "instances.worst",
            "attribution.float64",
            "attribution.device",
        ),
    shell:
        step(
            "oligos {params.models:q} {params.loading:q} --sample {wildcards.sample:q}"
            " --windows {input.windows:q} --motif-table {input.labels:q}"
            " --motifs {input.motifs:q} --instances {input.instances:q} {params.settings:q}"
            " --output {output.table:q} --workbook {output.workbook:q} 2> {log:q}"
        )
