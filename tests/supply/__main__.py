"""`make sbom`: writes the bill of materials of an environment that holds the service and nothing beside it."""

import sys
from pathlib import Path

from tests.supply.bill import written

environment, bill = map(Path, sys.argv[1:])
print(f"{bill}: {written(environment, bill)} components, as CycloneDX's schema has them")
