rule alleles:
    input:
        model=files_of_models,
        code=code_of_model,
        sequences=fixed_sequences,
        fasta=genome_file,
        variants=variant_files,
        controls=control_files,
        motifs=of_targets(result("motifs")),
        labels=rules.join.output.table,
    output:
        numbers=result("alleles"),
        table=result("alleles_table"),
        motifs=result("alleles_motifs"),
        html=report(
            result("alleles_page"),
            category="Variants",
            subcategory="{sample}",
            caption="../report/alleles.rst",
        ),
    log:
        log_of("alleles"),
    benchmark:
        benchmark_of("alleles")
    conda:
        "../../envs/alleles.yaml"
    threads: 1
    resources:
        mem_mb=with_weights(5000),
        runtime=by_attempt(480),
        gpu=0 if CONFIG.attribution.device == "cpu" else 1,
        # as of `attribute`
        windows_per_batch=CONFIG.attribution.windows_per_batch,
    params:
        models=models_of,
        loading=model_options,
        targets=lambda wildcards: ",".join(TARGETS[wildcards.sample].values()),
        options=allele_options,
        title=lambda wildcards: SAMPLES[wildcards.sample].title or wildcards.sample,
        settings=lambda wildcards: [
            *scoring_options(wildcards),
            *as_options(
                SETTINGS,
                "alleles",
                "instances",
                "regions.max_unknown",
                "report.letters",
            ),
        ],
    shell:
        step(
            "alleles --model {params.models:q} {params.loading:q} --targets {params.targets:q}"
            " --fasta {input.fasta:q} --vcf {input.variants[0]:q} {params.options:q}"
            " --motifs {input.motifs:q} --motif-table {input.labels:q} --title={params.title:q}"
            " {params.settings:q} --attribution.windows_per_batch {resources.windows_per_batch}"
            ' --output "$(dirname {output.html:q})" 2> {log:q}'
        )
