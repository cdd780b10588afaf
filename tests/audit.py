"""The locked packages held against the advisories that are known: `python -m tests.audit`.

Says how many packages could not be judged, as where no advisory service can be reached.
"""

import json
import subprocess
import sys
from pathlib import Path

LOCK = Path(__file__).parents[1] / "requirements.lock"
AUDIT = ["uv", "tool", "run", "--from", "pip-audit>=2.9,<3", "pip-audit", "--format", "json"]


def main() -> int:
    """Print the outcome; 1 where a package has a known advisory, 2 where nothing came back."""
    asked = ["--requirement", str(LOCK), "--no-deps", "--disable-pip", "--progress-spinner", "off"]
    done = subprocess.run([sys.executable, "-m", *AUDIT, *asked], capture_output=True, text=True)
    if not done.stdout:
        print(done.stderr, file=sys.stderr)
        return 2
    packages = json.loads(done.stdout)["dependencies"]
    known = [(each, advisory) for each in packages for advisory in each.get("vulns", ())]
    for each, advisory in known:
        fixed = ", ".join(advisory["fix_versions"]) or "none"
        print(f"{each['name']} {each['version']}: {advisory['id']}, fixed in {fixed}")
    skipped = sum("skip_reason" in each for each in packages)
    print(f"{len(packages)} packages: {len(known)} known advisories, {skipped} packages could not be judged.")
    return int(bool(known))


if __name__ == "__main__":
    sys.exit(main())
