"""Validate a crate without a network: contexts are read from a file and from the lines below.

Run by the Python of `make supply`: validate_crate.py CRATE CONTEXT, where CONTEXT is the file of
RO-Crate's terms that the library rocrate carries.
"""

import json
import sys
from pathlib import Path
from types import SimpleNamespace

from rocrate_validator import services
from rocrate_validator.models import Severity, ValidationSettings
from rocrate_validator.utils.http import HttpRequester

PROFILE = "provenance-run-crate-0.5"


def main() -> None:
    """Print each requirement that the crate misses; fail if there is one."""
    crate, context = sys.argv[1:]
    terms = json.loads(Path(context).read_text())
    for name in ("ComputationalWorkflow", "FormalParameter"):  # in version 1.1, as the crate is
        terms["@context"][name] = f"https://bioschemas.org/{name}"
    known = {
        "https://w3id.org/ro/crate/1.1/context": terms,
        "https://w3id.org/ro/terms/workflow-run/context": {
            "@context": {"sha256": "https://w3id.org/ro/terms/workflow-run#sha256"}
        },
    }

    def get(self, url, **options):
        found = known.get(url)
        return SimpleNamespace(
            status_code=404 if found is None else 200,
            json=lambda: found,
            text=json.dumps(found),
            headers={"Content-Type": "application/ld+json"},
            url=url,
        )

    HttpRequester.get = get
    result = services.validate(
        ValidationSettings(
            rocrate_uri=crate,
            profile_identifier=PROFILE,
            requirement_severity=Severity.REQUIRED,
            skip_availability_check=True,
        )
    )
    for issue in result.get_issues():
        print(issue.check.identifier, issue.message)
    print(f"{len(result.executed_checks)} checks of {PROFILE}")
    sys.exit(not result.passed())


if __name__ == "__main__":
    main()
