"""The build of the wheel, which has the files of the project that runs need inside the package, and
of the sdist, which has all that git has.

`pyproject.toml` says all else. In a checkout and in an editable install those files stay where they
are; `deeplift_genomics/places.py` says where that is.
"""

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py
from setuptools.command.sdist import sdist

# below deeplift_genomics/project in the wheel, in the folders of the checkout; without the scripts
# that made the demo
CARRIED = (
    "README.md",
    "config/*",
    "docs/*.md",
    "docs/howto/*.md",
    "envs/*.yaml",
    "envs/*.sh",
    "profiles/*/*",
    "resources/demo/**/*",
    "workflow/**/*",
)


class BuildWithProject(build_py):
    """A build that adds the files of the project to the package."""

    def run(self) -> None:
        super().run()
        if self.editable_mode:
            return
        inside = Path(self.build_lib, "deeplift_genomics", "project")
        shutil.rmtree(inside, ignore_errors=True)  # of an earlier build
        for pattern in CARRIED:
            for path in Path().glob(pattern):
                if path.is_dir() or path.suffix in (".py", ".pyc"):
                    continue
                (inside / path).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, inside / path)


class SourceWithLinks(sdist):
    """An sdist in which the links of the checkout are links."""

    def make_release_tree(self, base_dir: str, files: list[str]) -> None:
        super().make_release_tree(base_dir, files)
        for link in Path(".test").glob("*/resources"):
            Path(base_dir, link.parent).mkdir(parents=True, exist_ok=True)
            Path(base_dir, link).symlink_to(link.readlink())


setup(cmdclass={"build_py": BuildWithProject, "sdist": SourceWithLinks})
