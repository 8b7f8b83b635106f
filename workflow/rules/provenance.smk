rule provenance:
    input:
        per_sample(PER_SAMPLE),
        per_target(PER_TARGET),
        samples=CONFIG.samples,
    output:
        record=f"{RESULTS}/provenance.json",
    log:
        f"{RESULTS}/logs/provenance.log",
    benchmark:
        f"{RESULTS}/benchmarks/provenance.tsv"
    conda:
        "../../envs/report.yaml"
    threads: 2
    resources:
        mem_mb=by_attempt(2000),
        runtime=by_attempt(120),
    params:
        config=json.dumps(SETTINGS),
        per_sample=",".join(PER_SAMPLE),
        per_target=",".join(PER_TARGET),
    # command and version are no parameters: others, as of a dry run, are no reason to write again
    shell:
        "deeplift-genomics provenance --config {params.config:q}"
        " --per-sample {params.per_sample} --per-target {params.per_target}"
        ' --command="$DEEPLIFT_GENOMICS_COMMAND" --snakemake="$DEEPLIFT_GENOMICS_SNAKEMAKE"'
        " --threads {threads} --output {output.record:q} 2> {log:q}"
