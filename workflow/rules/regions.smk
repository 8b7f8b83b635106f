rule check:
    input:
        model=lambda wildcards: SAMPLES[wildcards.sample].model,
    output:
        info=f"{RESULTS}/{{sample}}/model.json",
    params:
        targets=lambda wildcards: ",".join(TARGETS[wildcards.sample].values()),
    log:
        f"{LOGS}/{{sample}}/check.log",
    benchmark:
        f"{BENCHMARKS}/{{sample}}/check.tsv"
    threads: 1
    resources:
        mem_mb=2000,
        runtime=10,
    conda:
        "../../envs/attribution.yaml"
    shell:
        "{CLI} check {input.model:q} --targets {params.targets:q} --output {output.info:q}"
        " > {log:q} 2>&1"


rule regions:
    input:
        regions=lambda wildcards: SAMPLES[wildcards.sample].regions,
        fasta=lambda wildcards: SAMPLES[wildcards.sample].fasta,
        info=rules.check.output.info,
    output:
        windows=f"{RESULTS}/{{sample}}/windows.h5",
        dropped=f"{RESULTS}/{{sample}}/dropped.tsv",
    params:
        max_unknown=CONFIG.regions.max_unknown,
    log:
        f"{LOGS}/{{sample}}/regions.log",
    benchmark:
        f"{BENCHMARKS}/{{sample}}/regions.tsv"
    threads: 1
    resources:
        mem_mb=4000,
        runtime=60,
    conda:
        "../../envs/regions.yaml"
    shell:
        "{CLI} regions --regions {input.regions:q} --fasta {input.fasta:q}"
        " --model-info {input.info:q} --max-unknown {params.max_unknown}"
        " --output {output.windows:q} --dropped {output.dropped:q} 2> {log:q}"
