rule check:
    input:
        model=files_of_models,
        code=code_of_model,
    output:
        info=f"{RESULTS}/{{sample}}/model.json",
    log:
        f"{RESULTS}/{{sample}}/logs/check.log",
    benchmark:
        f"{RESULTS}/{{sample}}/benchmarks/check.tsv"
    conda:
        "../../envs/attribution.yaml"
    threads: 1
    resources:
        mem_mb=by_attempt(3000),
        runtime=by_attempt(20),
    params:
        models=models_of,
        options=model_options,
        targets=lambda wildcards: ",".join(TARGETS[wildcards.sample].values()),
    shell:
        "deeplift-genomics check {params.models:q} {params.options:q} --targets {params.targets:q}"
        " --output {output.info:q} > {log:q} 2>&1"


rule regions:
    input:
        regions=region_files,
        fasta=lambda wildcards: SAMPLES[wildcards.sample].fasta,
        controls=lambda wildcards: SAMPLES[wildcards.sample].controls,
        info=rules.check.output.info,
    output:
        windows=f"{RESULTS}/{{sample}}/windows.h5",
        dropped=f"{RESULTS}/{{sample}}/dropped.tsv",
    log:
        f"{RESULTS}/{{sample}}/logs/regions.log",
    benchmark:
        f"{RESULTS}/{{sample}}/benchmarks/regions.tsv"
    conda:
        "../../envs/regions.yaml"
    threads: 1
    resources:
        mem_mb=by_attempt(4000),
        runtime=by_attempt(60),
    params:
        max_unknown=CONFIG.regions.max_unknown,
        regions=region_options,
        controls=control_options,
    shell:
        "deeplift-genomics regions {params.regions:q} --fasta {input.fasta:q}"
        " --model-info {input.info:q} --max-unknown {params.max_unknown} {params.controls:q}"
        " --output {output.windows:q} --dropped {output.dropped:q} 2> {log:q}"
