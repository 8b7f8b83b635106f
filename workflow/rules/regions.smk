rule check:
    input:
        model=files_of_models,
        code=code_of_model,
        # their number counts, and not their values
        controls=ancient(controls_of),
    output:
        info=result("info"),
    log:
        log_of("check"),
    benchmark:
        benchmark_of("check")
    conda:
        "../../envs/attribution.yaml"
    threads: 1
    resources:
        mem_mb=by_attempt(3000),
        runtime=by_attempt(20),
    params:
        models=models_of,
        loading=model_options,
        targets=lambda wildcards: ",".join(TARGETS[wildcards.sample].values()),
        controls=control_options,
        settings=as_options(SETTINGS, "references", "attribution", watched=True),
    shell:
        "deeplift-genomics check {params.models:q} {params.loading:q} --targets {params.targets:q}"
        " {params.controls:q} {params.settings:q} --output {output.info:q} > {log:q} 2>&1"


rule regions:
    input:
        regions=region_files,
        fasta=lambda wildcards: SAMPLES[wildcards.sample].fasta,
        controls=controls_of,
        info=rules.check.output.info,
    output:
        windows=result("windows"),
        dropped=result("dropped"),
    log:
        log_of("regions"),
    benchmark:
        benchmark_of("regions")
    conda:
        "../../envs/regions.yaml"
    threads: 1
    resources:
        mem_mb=by_attempt(4000),
        runtime=by_attempt(60),
    params:
        options=region_options,
    shell:
        "deeplift-genomics regions {params.options:q} --fasta {input.fasta:q}"
        " --model-info {input.info:q}"
        " --output {output.windows:q} --dropped {output.dropped:q} 2> {log:q}"
