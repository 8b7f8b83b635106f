rule outputs:
    input:
        model=files_of_models,
        code=code_of_model,
        sequences=fixed_sequences,
        windows=rules.regions.output.windows,
        aliases=aliases_of,
    output:
        maps=result("outputs"),
    log:
        log_of("outputs"),
    benchmark:
        benchmark_of("outputs")
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
        targets=lambda wildcards: ",".join(TARGETS[wildcards.sample].values()),
        loci=json.dumps(CONFIG.report.loci),
        aliases=lambda wildcards, input: (
            ["--contig-aliases", *input.aliases] if input.aliases else []
        ),
        settings=as_options(SETTINGS, *SETTINGS_OF_MAPS, "report.output_positions"),
    shell:
        step(
            "outputs {params.models:q} {params.loading:q} --targets {params.targets:q}"
            " --windows {input.windows:q} --loci {params.loci:q} {params.aliases:q}"
            " {params.settings:q} --output {output.maps:q} 2> {log:q}"
        )
