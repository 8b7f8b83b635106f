# What a run says when it ends: `deeplift-genomics summary`, on the screen and in summary.txt.
import subprocess

from deeplift_genomics.record.failed import FailureWatch, drop_command_errors, lines_of

WATCH = FailureWatch()
# as seen from here: a module's `prefix` moves it
RESULTS_FOLDER = os.path.dirname(
    str(workflow.modifier.modify_path(below_results("provenance.json")))
)
if workflow.is_main_process:
    logger.addHandler(WATCH)
    logger.addFilter(drop_command_errors)


# With --sdm conda the Python that runs Snakemake may lack the libraries that read results.
def python_of_environments():
    if CONDA:
        for environment in workflow.dag.conda_envs.values():
            python = Path(environment.address or "", "bin", "python")
            if python.exists():
                return str(python)
    return sys.executable


def say_summary(failed):
    ended = {"config": SETTINGS, "results": RESULTS_FOLDER, "failed": failed}
    try:
        done = subprocess.run(
            [python_of_environments(), "-m", "deeplift_genomics", "summary", "-"],
            input=json.dumps(ended),
            capture_output=True,
            text=True,
            env=os.environ | {"PYTHONPATH": PACKAGE_PATH},
        )
        problem = done.stderr.strip() if done.returncode else ""
    except OSError as error:
        problem = str(error)
    if problem:
        lines = lines_of(failed) if failed else ()
        said = "\n".join([f"There is no summary: {problem}", *lines])
    else:
        said = f"\n{done.stdout}"
    print(said, file=sys.stderr, flush=True)


onsuccess:
    say_summary([])


onerror:
    say_summary(WATCH.failed())


# Snakemake runs these two only for the main workflow. One that takes this one in as a module gets them
# in addition to its own, whether these come before the module statement or after it.
def after(own, failed):
    def at_end(log):
        own(log)
        say_summary(failed())

    return at_end


def with_summary(register, failed):
    def registered(own):
        main = workflow.modifier.is_main_snakefile()
        register(after(own, failed) if main else own)

    return registered


if not workflow.modifier.is_main_snakefile() and hasattr(workflow, "_onsuccess"):
    workflow._onsuccess = after(workflow._onsuccess, list)
    workflow._onerror = after(workflow._onerror, WATCH.failed)
    workflow.onsuccess = with_summary(workflow.onsuccess, list)
    workflow.onerror = with_summary(workflow.onerror, WATCH.failed)
