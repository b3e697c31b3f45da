"""`python -m supply`: the three audits one after the other; 1 when any of them finds something."""

import sys

from supply import findings, licences, vulnerabilities


def main() -> int:
    wrong = [*_told("licences", licences.check()), *_told("our own code", findings.check())]
    return 1 if [*wrong, *_vulnerabilities()] else 0


def _vulnerabilities() -> list[str]:
    try:
        report = vulnerabilities.check()
    except vulnerabilities.Skipped as skipped:
        print(f"SKIPPED  vulnerabilities: {skipped}")
        return []
    for name in report.unknown:
        print(f"SKIPPED  vulnerabilities of {name}: the database does not know it")
    return _told("vulnerabilities", list(report.vulnerable))


def _told(what: str, wrong: list[str]) -> list[str]:
    print(f"{'FAILED ' if wrong else 'ok     '}  {what}")
    for line in wrong:
        print(f"         {line}")
    return wrong


if __name__ == "__main__":
    sys.exit(main())
