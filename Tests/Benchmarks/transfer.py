"""Imports made-up users from a file, imports them again, and exports them."""

import json
import os
import subprocess
import time

COUNT = 50_000


def line(number):
    return json.dumps({
        "externalId": f"bench-{number}", "createTime": "2019-01-01T00:00:00Z",
        "identifiers": [{"kind": "IDENTIFIER_KIND_EMAIL", "value": f"bench{number}@example.com",
                         "verifyTime": "2020-01-01T00:00:00Z"},
                        {"kind": "IDENTIFIER_KIND_USERNAME", "value": f"bench{number}"}],
        "profile": {"name": f"Bench {number}", "given_name": "Bench", "family_name": f"Nr {number}"}})


def measure(server, binary, token, work, row):
    """The whole command, with reading and checking the file."""
    source, target = work / "users.jsonl", work / "export.jsonl"
    source.write_text("".join(line(number) + "\n" for number in range(COUNT)))
    environment = dict(os.environ, GATEHOUSE_TOKEN=token, GATEHOUSE_DATA_DIRECTORY=str(server.directory))

    def timed(*arguments):
        own, database = server.processes
        ticks = [cpu(own), cpu(database)]
        began = time.monotonic()
        result = subprocess.run([binary, *arguments], env=environment, capture_output=True, text=True)
        seconds = time.monotonic() - began
        if result.returncode:
            raise SystemExit(f"{' '.join(arguments)} failed:\n{result.stdout}{result.stderr}")
        spent = [(cpu(pid) - before) / COUNT * 1e6 for pid, before in zip((own, database), ticks)]
        return COUNT / seconds, f"CPU a user: {spent[0]:.0f} us server, {spent[1]:.0f} us MariaDB"

    for what, reach, arguments in [
        ("import of users with profiles, no hashing (users/s)", ">= 5000", ("import", str(source))),
        ("the same import again (rows/s)", "", ("import", str(source))),
        ("export (users/s)", "", ("export", str(target))),
    ]:
        rate, note = timed(*arguments)
        row(what, f"{rate:.0f}", reach, note)


def cpu(pid):
    """Seconds on a processor, of all threads."""
    return time.clock_gettime(~pid << 3 | 2)
