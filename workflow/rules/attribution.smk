rule attribute:
    input:
        model=lambda wildcards: SAMPLES[wildcards.sample].model,
        windows=rules.regions.output.windows,
    output:
        shard=temp(f"{RESULTS}/{{sample}}/shards/{{shard}}.h5"),
    log:
        f"{RESULTS}/{{sample}}/logs/attribute.{{shard}}.log",
    benchmark:
        f"{RESULTS}/{{sample}}/benchmarks/attribute.{{shard}}.tsv"
    conda:
        "../../envs/attribution.yaml"
    threads: CONFIG.attribution.threads
    resources:
        mem_mb=4000,
        runtime=240,
        # a resource, not a parameter: a change of it is no reason to score again
        windows_per_batch=CONFIG.attribution.windows_per_batch,
    params:
        targets=lambda wildcards: ",".join(TARGETS[wildcards.sample].values()),
        references=SETTINGS["references"],
        rules=CONFIG.attribution.rules,
        tolerance=CONFIG.attribution.tolerance,
    shell:
        "deeplift-genomics attribute --model {input.model:q} --windows {input.windows:q}"
        " --targets {params.targets:q} --shard {wildcards.shard}"
        " --reference-kind {params.references[kind]}"
        " --references {params.references[number]} --seed {params.references[seed]}"
        " --rules {params.rules} --tolerance {params.tolerance}"
        " --windows-per-batch {resources.windows_per_batch}"
        " --threads {threads} --output {output.shard:q} 2> {log:q}"


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
        mem_mb=2000,
        runtime=60,
    params:
        target=lambda wildcards: TARGETS[wildcards.sample][wildcards.target],
    shell:
        "deeplift-genomics merge {input.shards:q} --target {params.target:q} --output {output.scores:q}"
        " 2> {log:q}"
