rule predict:
    input:
        model=files_of_models,
        code=code_of_model,
        sequences=fixed_sequences,
        windows=rules.regions.output.windows,
    output:
        predicted=temp(result("predicted")),
    log:
        log_of("predict"),
    benchmark:
        benchmark_of("predict")
    conda:
        "../../envs/attribution.yaml"
    threads: 1
    resources:
        mem_mb=with_weights(4000),
        runtime=by_attempt(240),
        gpu=0 if CONFIG.attribution.device == "cpu" else 1,
    params:
        models=models_of,
        loading=model_options,
        targets=lambda wildcards: ",".join(TARGETS[wildcards.sample].values()),
        settings=as_options(SETTINGS, "attribution.float64", "attribution.device"),
    shell:
        step(
            "predict {params.models:q} {params.loading:q} --targets {params.targets:q}"
            " --windows {input.windows:q} --shard {wildcards.shard} {params.settings:q}"
            " --output {output.predicted:q} 2> {log:q}"
        )


rule predictions:
    input:
        predicted=predicted_of,
        windows=rules.regions.output.windows,
        signal=signal_files,
    output:
        predictions=result("predictions"),
    log:
        log_of("predictions"),
    benchmark:
        benchmark_of("predictions")
    conda:
        "../../envs/regions.yaml"
    threads: 1
    resources:
        mem_mb=by_attempt(2000),
        runtime=by_attempt(240),
    params:
        predicted=pattern_of_predicted,
        signal=signal_options,
    shell:
        step(
            "predictions {params.predicted} --windows {input.windows:q} {params.signal:q}"
            " --output {output.predictions:q} 2> {log:q}"
        )
