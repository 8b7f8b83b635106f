"""A real SLURM of one node on this machine, started and stopped by the tests; needs root."""

import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import psutil

DAEMONS = ("munged", "slurmctld", "slurmd")
# the only place where srun inside a job looks for its configuration
CONFIG_FOLDER = Path("/etc/slurm")
CONFIGS = ("slurm.conf", "gres.conf")
ASIDE = ".before-tests"
NODE = "node1"
CPUS, MEMORY = 4, 32000  # MB; the node claims this much, so that tests are alike on every machine

TEMPLATE = """
ClusterName=tests
SlurmctldHost={host}(127.0.0.1)
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
CryptoType=crypto/munge
AuthInfo=socket={folder}/munge/socket,cred_expire=5
SlurmctldPort={controller_port}
SlurmdPort={node_port}
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd.log
SlurmdParameters=config_overrides
SwitchType=switch/none
MpiDefault=none
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SchedulerType=sched/backfill
SchedulerParameters=sched_interval=2,bf_interval=2
SelectType=select/cons_tres
SelectTypeParameters=CR_Core_Memory
GresTypes=gpu
ReturnToService=2
SlurmdTimeout=20
BatchStartTimeout=2
KillWait=2
MinJobAge=43200
# memory is limited as address space, of which libraries take a lot: per cent of what was asked for
VSizeFactor=300
JobCompType=jobcomp/filetxt
JobCompLoc={folder}/ledger.txt
AccountingStorageType=accounting_storage/none
JobAcctGatherType=jobacct_gather/none
NodeName={node} NodeHostname={host} NodeAddr=127.0.0.1 CPUs={cpus} RealMemory={memory} Gres=gpu:1
PartitionName=main Nodes={node} Default=YES MaxTime=INFINITE State=UP
"""


def until(condition: Callable[[], object], what: str, seconds: float = 60) -> None:
    """Wait for a condition; if it does not come true in time, fail with the text `what`."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"{what}: not within {seconds:.0f} s"
        time.sleep(0.2)


def why_not() -> str | None:
    """Return the reason why no SLURM can be started here, or None."""
    if missing := [name for name in DAEMONS if not shutil.which(name)]:
        return f"no SLURM here: {', '.join(missing)} not found (Debian: slurm-wlm and munge)"
    if os.geteuid() != 0:
        return "only root can start SLURM"
    if (CONFIG_FOLDER / CONFIGS[0]).exists() and _answers():
        return f"a SLURM of this machine's own is running ({CONFIG_FOLDER}); it is left alone"
    return None


def _call(*command: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, check=check, timeout=60)


def _answers() -> bool:
    return _call("scontrol", "ping", check=False).returncode == 0


def _free_ports(number: int) -> list[int]:
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(number)]
    ports = [item.getsockname()[1] for item in sockets]
    for item in sockets:
        item.close()
    return ports


class Slurm:
    """A SLURM that starts on entering and stops on leaving, with the ends of its jobs."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    def __enter__(self) -> "Slurm":
        controller_port, node_port = _free_ports(2)
        host = socket.gethostname().split(".")[0]
        text = TEMPLATE.format(
            folder=self.folder, host=host, node=NODE, cpus=CPUS, memory=MEMORY,
            controller_port=controller_port, node_port=node_port,
        )  # fmt: skip
        for name in ("state", "spool"):
            (self.folder / name).mkdir()
        (self.folder / "slurm.conf").write_text(text)
        (self.folder / "gres.conf").write_text(f"NodeName={NODE} Name=gpu File=/dev/null\n")
        self._install_configs()
        try:
            self._start_munge()
            self._start("slurmctld", "-D")
            until(_answers, "slurmctld answers")
            self.start_node()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(Exception):
            _call("scancel", "--state=PENDING,RUNNING", "--user=root")
            until(lambda: not _call("squeue", "-h", "-t", "R,CG,PD").stdout.strip(), "jobs", 20)
        for name in reversed(DAEMONS):
            if process := self._running.get(name):
                process.terminate()
                try:
                    process.wait(timeout=20)
                except subprocess.TimeoutExpired:
                    process.kill()
        for pid in self._job_processes():
            with suppress(ProcessLookupError):
                os.kill(pid, 9)
        for name in CONFIGS:
            (CONFIG_FOLDER / name).unlink(missing_ok=True)
            with suppress(FileNotFoundError):
                (CONFIG_FOLDER / f"{name}{ASIDE}").rename(CONFIG_FOLDER / name)

    def _install_configs(self) -> None:
        CONFIG_FOLDER.mkdir(parents=True, exist_ok=True)
        for name in CONFIGS:
            path = CONFIG_FOLDER / name
            # a link is not the user's: killed tests left it
            if path.is_file() and not path.is_symlink():
                path.rename(CONFIG_FOLDER / f"{name}{ASIDE}")
            path.unlink(missing_ok=True)
            path.symlink_to(self.folder / name)

    def _start_munge(self) -> None:
        folder = self.folder / "munge"
        folder.mkdir(mode=0o700)
        key = folder / "key"
        key.write_bytes(os.urandom(1024))
        key.chmod(0o400)
        self._start(
            "munged", "--foreground", "--force", f"--key-file={key}",
            f"--socket={folder}/socket", f"--pid-file={folder}/pid",
            f"--log-file={folder}/log", f"--seed-file={folder}/seed",
        )  # fmt: skip
        until((folder / "socket").exists, "munged")

    def _start(self, name: str, *arguments: str) -> None:
        with (self.folder / f"{name}.out").open("ab") as output:
            self._running[name] = subprocess.Popen(
                # so that no daemon outlives killed tests
                ["setpriv", "--pdeathsig", "TERM", name, *arguments],
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    def start_node(self) -> None:
        self._start("slurmd", "-D", "-N", NODE)
        until(lambda: self.node_state() in ("idle", "mixed", "allocated"), "a node")

    def node_lost(self, job: str) -> bool:
        """Return whether SLURM knows that a job's node was lost; make it ask the node first."""
        _call("scontrol", "reconfigure")
        return "JobState=RUNNING" not in self.details(job)

    def kill_node(self) -> None:
        """Kill slurmd and all jobs at once, without a message, as a power failure does."""
        self._running["slurmd"].kill()
        self._running["slurmd"].wait()
        for pid in self._job_processes():
            with suppress(ProcessLookupError):
                os.kill(pid, 9)

    def _job_processes(self) -> list[int]:
        """Return the ids of the slurmstepd with a socket in our spool folder, and of children."""
        found = []
        for process in psutil.process_iter(["name"]):
            with suppress(psutil.Error):
                if process.info["name"] == "slurmstepd" and self._is_ours(process):
                    found += [process.pid, *(c.pid for c in process.children(recursive=True))]
        return found

    def _is_ours(self, process: psutil.Process) -> bool:
        spool = f"{self.folder}/spool/"
        return any(str(item.laddr).startswith(spool) for item in process.net_connections("unix"))

    def node_state(self) -> str:
        return _call("sinfo", "-h", "-o", "%T", check=False).stdout.strip().strip("*")

    def cancel(self, job: str) -> None:
        _call("scancel", job)
        until(lambda: "JobState=CANCELLED" in self.details(job), f"job {job} is cancelled")

    def details(self, job: str) -> str:
        """Return SLURM's description of a job."""
        return _call("scontrol", "show", "job", job).stdout

    def ledger(self) -> list[dict[str, str]]:
        """Return the request and the end of each job, in the order in which they ended.

        A job that was put back into the queue is listed each time that it ended.
        """
        lines = (self.folder / "ledger.txt").read_text().splitlines()
        return [dict(re.findall(r"(\w+)=(\S*)", line)) for line in lines]
