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
        mem_mb=with_weights(4000, CONFIG.attribution.second_path),
        runtime=by_attempt(240),
        gpu=0 if CONFIG.attribution.device == "cpu" else 1,
        # resources and not parameters, because a change of them does not score again
        windows_per_batch=CONFIG.attribution.windows_per_batch,
        second_path=CONFIG.attribution.second_path,
        second_path_bound=str(CONFIG.attribution.second_path_bound),
    params:
        targets=lambda wildcards: ",".join(TARGETS[wildcards.sample].values()),
        model=model_of_fold,
        loading=model_options,
        settings=scoring_options,
    shell:
        step(
            "attribute --model {params.model:q} {params.loading:q}"
            " --windows {input.windows:q} --targets {params.targets:q}"
            " --fold {wildcards.fold} --shard {wildcards.shard} {params.settings:q}"
            " --attribution.windows_per_batch {resources.windows_per_batch}"
            " --attribution.second_path {resources.second_path}"
            " --attribution.second_path_bound {resources.second_path_bound}"
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
    wildcard_constraints:
        sample=any_of(EXPLAINED),
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


# In place of these, for samples whose scores are given.
rule convert:
    input:
        scores=given_file,
        windows=rules.regions.output.windows,
        dropped=rules.regions.output.dropped,
        regions=region_files,
    output:
        scores=result("scores"),
    log:
        log_of("convert"),
    benchmark:
        benchmark_of("convert")
    wildcard_constraints:
        sample=any_of(GIVEN),
    conda:
        "../../envs/regions.yaml"
    threads: 1
    resources:
        mem_mb=by_attempt(2000),
        runtime=by_attempt(60),
    params:
        target=lambda wildcards: TARGETS[wildcards.sample][wildcards.target],
        regions=scored_regions,
    shell:
        step(
            "convert {input.scores:q} --target {params.target:q} {params.regions:q}"
            " --windows {input.windows:q} --dropped {input.dropped:q}"
            " --output {output.scores:q} 2> {log:q}"
        )


# The same for each further method of attribution.
use rule check as check_by_method with:
    output:
        info=temp(result("method_info")),
    log:
        log_of("check", of_method=True),
    benchmark:
        benchmark_of("check", of_method=True)


use rule attribute as attribute_by_method with:
    input:
        model=files_of_fold,
        code=code_of_model,
        sequences=fixed_sequences,
        windows=rules.regions.output.windows,
        info=rules.check_by_method.output.info,
    output:
        shard=temp(result("method_shard")),
    log:
        log_of("attribute", of_method=True),
    benchmark:
        benchmark_of("attribute", of_method=True)


use rule merge as merge_by_method with:
    output:
        scores=result("method_scores"),
    log:
        log_of("merge", of_method=True),
    benchmark:
        benchmark_of("merge", of_method=True)
