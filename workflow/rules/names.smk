# The user's names of a sample's motifs: a change of another sample's joins nothing again.
def joining_options(wildcards):
    names = names_for(SETTINGS["motif_names"], wildcards.sample)
    return as_options(
        {**SETTINGS, "motif_names": names}, "clusters.within_sample", "motif_names"
    )


rule join:
    input:
        motifs=of_targets(rules.motifs.output.motifs),
        matches=of_targets(rules.annotate.output.matches),
    output:
        table=result("labels"),
    log:
        log_of("join"),
    benchmark:
        benchmark_of("join")
    conda:
        "../../envs/motifs.yaml"
    threads: 1
    resources:
        mem_mb=by_attempt(2000),
        runtime=by_attempt(30),
    params:
        settings=joining_options,
    shell:
        step(
            "join --sample {wildcards.sample:q} --motifs {input.motifs:q}"
            " --matches {input.matches:q} {params.settings:q}"
            " --threads {threads} --output {output.table:q} 2> {log:q}"
        )
