rule tracks:
    input:
        scores=result("scores"),
    output:
        track=result("track"),
    log:
        log_of("tracks"),
    benchmark:
        benchmark_of("tracks")
    conda:
        "../../envs/regions.yaml"
    threads: 1
    resources:
        mem_mb=memory_of_tracks,
        runtime=minutes_of_tracks,
    params:
        settings=as_options(SETTINGS, "tracks"),
    shell:
        step(
            "tracks --scores {input.scores:q} {params.settings:q}"
            " --output {output.track:q} 2> {log:q}"
        )
