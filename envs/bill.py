"""The bill of materials of the pins: what is installed says of itself, and the digests of the pins.

cyclonedx-py writes one bill of an environment, with licences and dependencies but without digests,
and one of a requirements file, with digests alone. This joins them:

    python envs/bill.py VERSION INSTALLED.json PINS.json OUTPUT.json
"""

import json
import sys
from pathlib import Path
from typing import Any

from packaging.utils import canonicalize_name


def joined(version: str, installed: dict[str, Any], pins: dict[str, Any]) -> dict[str, Any]:
    """Return the bill of what is pinned, as it is installed, with the digests of the pins."""
    found = {canonicalize_name(part["name"]): part for part in installed["components"]}
    parts = []
    for pin in pins["components"]:
        part = found.get(canonicalize_name(pin["name"]), {})
        if part.get("version") != pin["version"]:
            sys.exit(
                f"{pin['name']} is pinned as {pin['version']}, and .venv has "
                f"{part.get('version', 'none')}. Set it up again: rm -r .venv && make sbom"
            )
        sources = [*part.get("externalReferences", []), *pin["externalReferences"]]
        parts.append(part | {"externalReferences": sources})
    root = installed["metadata"]["component"]
    root |= {"version": version, "purl": f"pkg:pypi/{root['name']}@{version}"}
    named = {part["bom-ref"] for part in [root, *parts]}
    links = [
        link | {"dependsOn": [name for name in link.get("dependsOn", []) if name in named]}
        for link in installed["dependencies"]
        if link["ref"] in named
    ]
    return installed | {"components": parts, "dependencies": links}


def main(version: str, installed: str, pins: str, output: str) -> None:
    bill = joined(version, *(json.loads(Path(name).read_text()) for name in (installed, pins)))
    Path(output).write_text(json.dumps(bill, indent=2) + "\n")
    parts = bill["components"]
    silent = [part["name"] for part in parts if not part.get("licenses")]
    print(
        f"{output} lists the {len(parts)} pinned packages with versions, digests and dependencies, "
        f"and the licences that {len(parts) - len(silent)} of them declare by a known name or a "
        f"classifier. Look up those of {', '.join(silent) or 'none'}."
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
