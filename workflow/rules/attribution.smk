rule attribute:
    input:
        model=files_of_fold,
        code=code_of_model,
        windows=rules.regions.output.windows,
    output:
        shard=temp(f"{RESULTS}/{{sample}}/shards/fold-{{fold}}.{{shard}}.h5"),
    log:
        f"{RESULTS}/{{sample}}/logs/attribute.fold-{{fold}}.{{shard}}.log",
    benchmark:
        f"{RESULTS}/{{sample}}/benchmarks/attribute.fold-{{fold}}.{{shard}}.tsv"
    conda:
        "../../envs/attribution.yaml"
    threads: 1
    resources:
        mem_mb=by_attempt(4000),
        runtime=by_attempt(240),
        gpu=0 if CONFIG.attribution.device == "cpu" else 1,
        # a resource, not a parameter: a change of it is no reason to score again
        windows_per_batch=CONFIG.attribution.windows_per_batch,
    params:
        targets=lambda wildcards: ",".join(TARGETS[wildcards.sample].values()),
        references=SETTINGS["references"],
        rules=CONFIG.attribution.rules,
        tolerance=CONFIG.attribution.tolerance,
        precision=["--float64"] if CONFIG.attribution.float64 else [],
        score_type=CONFIG.attribution.score_type,
        device=CONFIG.attribution.device,
        model=model_of_fold,
        options=model_options,
    shell:
        "deeplift-genomics attribute --model {params.model:q} {params.options:q}"
        " --windows {input.windows:q} --targets {params.targets:q}"
        " --fold {wildcards.fold} --shard {wildcards.shard}"
        " --reference-kind {params.references[kind]}"
        " --references {params.references[number]} --seed {params.references[seed]}"
        " --rules {params.rules} --tolerance {params.tolerance} {params.precision}"
        " --score-type {params.score_type} --device {params.device}"
        " --windows-per-batch {resources.windows_per_batch}"
        " --output {output.shard:q} 2> {log:q}"


rule merge:
    input:
        shards=shards_of,
    output:
        scores=f"{RESULTS}/{{sample}}/{{target}}.scores.h5",
    log:
        f"{RESULTS}/{{sample}}/logs/merge.{{target}}.log",
    benchmark:
        f"{RESULTS}/{{sample}}/benchmarks/merge.{{target}}.tsv"
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
        "deeplift-genomics merge {params.shards} --target {params.target:q} --output {output.scores:q}"
        " 2> {log:q}"
