# The workflow itself is workflow/Snakefile. A file that only includes it would have no default
# rule: Snakemake takes the first rule written here, and with none says "Nothing to be done".
include: "workflow/Snakefile"


rule default:
    default_target: True
    input:
        rules.all.input,
