rule attribute:
    input:
        model=files_of_fold,
        code=code_of_model,
        sequences=fixed_sequences,
        windows=rules.regions.output.windows,
    output:
        shard=temp(result("shard")),
    log:
        log_of("attribute"),
    benchmark:
        benchmark_of("attribute")
    conda:
        "../../envs/attribution.yaml"
    threads: 1
    resources:
        mem_mb=by_attempt(4000),
        runtime=by_attempt(240),
        gpu=0 if CONFIG.attribution.device == "cpu" else 1,
        # a resource and not a parameter, because a change of it does not score again
        windows_per_batch=CONFIG.attribution.windows_per_batch,
    params:
        targets=lambda wildcards: ",".join(TARGETS[wildcards.sample].values()),
        model=model_of_fold,
        loading=model_options,
        settings=as_options(SETTINGS, "references", "attribution", watched=True),
    shell:
        step(
            "attribute --model {params.model:q} {params.loading:q}"
            " --windows {input.windows:q} --targets {params.targets:q}"
            " --fold {wildcards.fold} --shard {wildcards.shard} {params.settings:q}"
            " --attribution.windows_per_batch {resources.windows_per_batch}"
            " --output {output.shard:q} 2> {log:q}"
        )


rule merge:
    input:
        shards=shards_of,
    output:
        scores=result("scores"),
    log:
        log_of("merge"),
    benchmark:
        benchmark_of("merge")
    conda:
        "../../envs/regions.yaml"
    threads: 1
    resources:
        mem_mb=by_attempt(2000),
        runtime=by_attempt(60),
    params:
        target=lambda wildcards: TARGETS[wildcards.sample][wildcards.target],
        shards=pattern_of_shards,
    shell:
        step(
            "merge {params.shards} --target {params.target:q} --output {output.scores:q}"
            " 2> {log:q}"
        )
