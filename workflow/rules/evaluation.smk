rule evaluate:
    input:
        model=files_of_models,
        code=code_of_model,
        sequences=fixed_sequences,
        windows=rules.regions.output.windows,
        truth=known_sites,
    output:
        evaluated=temp(result("evaluated")),
    log:
        log_of("evaluate"),
    benchmark:
        benchmark_of("evaluate")
    conda:
        "../../envs/attribution.yaml"
    threads: 1
    resources:
        mem_mb=with_weights(6000),
        runtime=by_attempt(480),
        gpu=0 if CONFIG.attribution.device == "cpu" else 1,
        # as of `attribute`
        windows_per_batch=CONFIG.attribution.windows_per_batch,
    params:
        models=models_of,
        loading=model_options,
        targets=lambda wildcards: ",".join(TARGETS[wildcards.sample].values()),
        truth=lambda wildcards, input: ["--truth", *input.truth] if input.truth else [],
        settings=as_options(
            for_evaluation(SETTINGS),
            "evaluation",
            "references",
            "attribution",
            "motifs.window",
            watched=True,
        ),
    shell:
        step(
            "evaluate {params.models:q} {params.loading:q} --targets {params.targets:q}"
            " --windows {input.windows:q} {params.truth:q} --shard {wildcards.shard}"
            " {params.settings:q}"
            " --attribution.windows_per_batch {resources.windows_per_batch}"
            " --output {output.evaluated:q} 2> {log:q}"
        )


rule assess:
    input:
        evaluated=evaluated_of,
        known=known_motifs,
    output:
        numbers=result("evaluation"),
        table=result("evaluation_table"),
    log:
        log_of("assess"),
    benchmark:
        benchmark_of("assess")
    conda:
        "../../envs/motifs.yaml"
    threads: 1
    resources:
        mem_mb=by_attempt(4000),
        runtime=by_attempt(120),
    params:
        evaluated=pattern_of_evaluated,
        settings=as_options(SETTINGS, "motifs", "annotation"),
    shell:
        step(
            "assess {params.evaluated} {params.settings:q} --output {output.numbers:q}"
            " --table {output.table:q} 2> {log:q}"
        )


rule trust:
    input:
        numbers=rules.assess.output.numbers,
    output:
        html=report(
            result("evaluation_page"),
            category="Reports",
            subcategory="{sample}",
            caption="../report/evaluation.rst",
        ),
    log:
        log_of("trust"),
    benchmark:
        benchmark_of("trust")
    conda:
        "../../envs/report.yaml"
    threads: 1
    resources:
        mem_mb=by_attempt(2000),
        runtime=by_attempt(30),
    params:
        title=lambda wildcards: SAMPLES[wildcards.sample].title or wildcards.sample,
        settings=as_options(SETTINGS, "report.letters"),
    shell:
        step(
            "trust --evaluation {input.numbers:q} --title={params.title:q} {params.settings:q}"
            " --output {output.html:q} 2> {log:q}"
        )
