rule effects:
    input:
        model=files_of_models,
        code=code_of_model,
        sequences=fixed_sequences,
        windows=rules.regions.output.windows,
        motifs=rules.motifs.output.motifs,
        labels=rules.join.output.table,
        instances=rules.instances.output.table,
    output:
        numbers=result("effects"),
        table=result("effects_table"),
    log:
        log_of("effects"),
    benchmark:
        benchmark_of("effects")
    conda:
        "../../envs/attribution.yaml"
    threads: 1
    resources:
        mem_mb=with_weights(4000),
        runtime=by_attempt(480),
        gpu=0 if CONFIG.attribution.device == "cpu" else 1,
    params:
        models=models_of,
        loading=model_options,
        settings=as_options(
            SETTINGS, "effects", "attribution.float64", "attribution.device"
        ),
    shell:
        step(
            "effects {params.models:q} {params.loading:q} --windows {input.windows:q}"
            " --motifs {input.motifs:q} --motif-table {input.labels:q}"
            " --instances {input.instances:q} {params.settings:q}"
            " --output {output.numbers:q} --table {output.table:q} 2> {log:q}"
        )


rule figures:
    input:
        effects=rules.effects.output.numbers,
    output:
        figures=directory(result("figures")),
    log:
        log_of("figures"),
    benchmark:
        benchmark_of("figures")
    conda:
        "../../envs/report.yaml"
    threads: 1
    resources:
        mem_mb=by_attempt(2000),
        runtime=by_attempt(60),
    shell:
        step(
            "figures --effects {input.effects:q} --output {output.figures:q} 2> {log:q}"
        )
