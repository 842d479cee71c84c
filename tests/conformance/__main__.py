"""``python -m tests.conformance`` writes docs/conformance.md; exit code 1 when there are failures whose cause is not known."""

from __future__ import annotations

import sys

from .manifest import SUITE
from .report import CAUSES, PAGE, page
from .runner import folder, run, server


def main() -> int:
    """Run everything."""
    if not SUITE.is_dir():
        print(f"{SUITE}: the W3C's tests are not here")
        return 2
    with folder() as store, server(store) as client:
        outcomes = run(client)
    PAGE.write_text(page(outcomes), encoding="utf-8")
    unknown = [o for o in outcomes if o.fault and o.test.id not in CAUSES]
    for outcome in unknown:
        print(f"{outcome.test.id}: {outcome.fault}")
    print(f"{PAGE}: {sum(not o.fault for o in outcomes)} of {len(outcomes)} pass")
    return 1 if unknown else 0


sys.exit(main())
