rule motifs:
    input:
        scores=rules.merge.output.scores,
    output:
        motifs=f"{RESULTS}/{{sample}}/{{target}}.modisco.h5",
    log:
        f"{RESULTS}/{{sample}}/logs/motifs.{{target}}.log",
    benchmark:
        f"{RESULTS}/{{sample}}/benchmarks/motifs.{{target}}.tsv"
    conda:
        "../../envs/motifs.yaml"
    threads: 2
    resources:
        mem_mb=memory_of_motifs,
        runtime=by_attempt(480),
    params:
        motifs=SETTINGS["motifs"],
    shell:
        "deeplift-genomics motifs --scores {input.scores:q} --window {params.motifs[window]}"
        " --max-seqlets {params.motifs[max_seqlets]} --seqlet-fdr {params.motifs[seqlet_fdr]}"
        " --n-leiden {params.motifs[n_leiden]} --min-seqlets {params.motifs[min_seqlets]}"
        " --seed {params.motifs[seed]} --threads {threads} --output {output.motifs:q} 2> {log:q}"


rule logos:
    input:
        motifs=rules.motifs.output.motifs,
    output:
        logos=directory(f"{RESULTS}/{{sample}}/{{target}}.logos"),
    log:
        f"{RESULTS}/{{sample}}/logs/logos.{{target}}.log",
    benchmark:
        f"{RESULTS}/{{sample}}/benchmarks/logos.{{target}}.tsv"
    conda:
        "../../envs/report.yaml"
    threads: 1
    resources:
        mem_mb=by_attempt(2000),
        runtime=by_attempt(60),
    shell:
        "deeplift-genomics logos --motifs {input.motifs:q} --output {output.logos:q} 2> {log:q}"


rule instances:
    input:
        motifs=rules.motifs.output.motifs,
        scores=rules.merge.output.scores,
    output:
        bed=report(
            f"{RESULTS}/{{sample}}/{{target}}.instances.bed",
            category="Instances",
            caption="../report/instances.rst",
        ),
    log:
        f"{RESULTS}/{{sample}}/logs/instances.{{target}}.log",
    benchmark:
        f"{RESULTS}/{{sample}}/benchmarks/instances.{{target}}.tsv"
    conda:
        "../../envs/motifs.yaml"
    threads: 1
    resources:
        mem_mb=by_attempt(2000),
        runtime=by_attempt(30),
    shell:
        "deeplift-genomics instances --motifs {input.motifs:q} --scores {input.scores:q}"
        " --output {output.bed:q} 2> {log:q}"
