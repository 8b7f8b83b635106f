rule check:
    input:
        model=files_of_models,
        code=code_of_model,
        sequences=fixed_sequences,
        # their number counts, and not their values
        controls=ancient(control_files),
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
        mem_mb=with_weights(3000),
        runtime=by_attempt(20),
        # resources and not parameters, because a change of them does not score again
        spacing=CONFIG.effects.spacing,
        insert_length=CONFIG.oligos.length,
        motif_window=motif_window,
        signal=lambda wildcards: len(SAMPLES[wildcards.sample].signal),
    params:
        models=models_of,
        loading=model_options,
        targets=lambda wildcards: ",".join(TARGETS[wildcards.sample].values()),
        controls=control_options,
        settings=checked_options,
    shell:
        step(
            "check {params.models:q} {params.loading:q} --targets {params.targets:q}"
            " {params.controls:q} {params.settings:q} --effects.spacing {resources.spacing}"
            " --oligos.length {resources.insert_length} --signal {resources.signal}"
            " {resources.motif_window} --output {output.info:q} > {log:q} 2>&1"
        )


rule regions:
    input:
        regions=region_files,
        fasta=genome_file,
        controls=control_files,
        length=source_of_length,
    output:
        windows=result("windows"),
        peaks=result("peaks"),
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
        # as `spacing`
        loci=loci_of,
    params:
        options=region_options,
        length=length_option,
        genome=lambda wildcards, input: ["--fasta", *input.fasta] if input.fasta else [],
    shell:
        step(
            "regions {params.options:q} {params.genome:q}"
            " {params.length:q} --loci {resources.loci:q}"
            " --output {output.windows:q} --peaks {output.peaks:q} --dropped {output.dropped:q}"
            " 2> {log:q}"
        )


if TAKEN_IN:

    # Rules of the other workflow may make the region file, whose lines give the number of shards.
    checkpoint counted:
        input:
            windows=rules.regions.output.windows,
        output:
            mark=touch(below_results("{sample}/logs/regions.counted")),
        localrule: True
