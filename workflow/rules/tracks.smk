rule tracks:
    input:
        scores=rules.merge.output.scores,
    output:
        track=f"{RESULTS}/{{sample}}/{{target}}.contributions.bw",
    log:
        f"{RESULTS}/{{sample}}/logs/tracks.{{target}}.log",
    benchmark:
        f"{RESULTS}/{{sample}}/benchmarks/tracks.{{target}}.tsv"
    conda:
        "../../envs/regions.yaml"
    threads: 1
    resources:
        mem_mb=by_attempt(2000),
        runtime=by_attempt(120),
    params:
        overlap=CONFIG.tracks.overlap,
    shell:
        "deeplift-genomics tracks --scores {input.scores:q} --overlap {params.overlap}"
        " --output {output.track:q} 2> {log:q}"
