"""A password costs a hash, whoever it is tried on (SECURITY PW-12).

The answers decide, and times only where one probe would tell; the times are in the report at the end of the run.
"""

import base64
import itertools
import random
import statistics
import time

import pytest

from password_person import PASSWORD, begin, sources, submit_password
from probes import shape_of_status
from rank_test import rank_test
from rpc import Connection, RpcError
from server import Server
from test_enumeration_timing import ONE_PROBE_TELLS, known_addresses, similar_address

SAMPLES = 60


@pytest.fixture(scope="module")
def server():
    server = Server(options=["--passwords-enabled", "true", "--policy-self-registration", "invited"]).start()
    server.bootstrap()
    yield server
    assert server.stop() == 0


def people(server, connection):
    """Addresses by kind: with a password, without one, disabled with one, with one of
    another system, and nobody's."""
    kinds = {kind: known_addresses(connection, SAMPLES) for kind in ("with", "without", "disabled", "imported")}
    present = "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$" + "A" * 43
    # A thousand rounds of SHA-1, which cost next to nothing.
    aspnet = base64.b64encode(bytes(49)).decode()
    for kind, record in [("with", present), ("disabled", present), ("imported", aspnet)]:
        names = ", ".join(f"'{address}'" for address in kinds[kind])
        server.query(f"""
            UPDATE user_identifiers SET verified_at = UTC_TIMESTAMP(6) WHERE canonical IN ({names});
            INSERT INTO passwords (user_id, record, pepper_key_id, normalization, is_long, changed_at)
                SELECT user_id, '{record}', 1, 1, TRUE, UTC_TIMESTAMP(6) FROM user_identifiers
                WHERE canonical IN ({names})""")
    names = ", ".join(f"'{address}'" for address in kinds["disabled"])
    server.query(f"""UPDATE users SET state = 2 WHERE id IN
                         (SELECT user_id FROM user_identifiers WHERE canonical IN ({names}))""")
    return kinds | {"nobody": [similar_address() for _ in range(SAMPLES)]}


def one_round(server):
    """Milliseconds and shapes by kind, tried in random order."""
    times, shapes = {}, set()
    with Connection(server) as connection:
        subjects = [(kind, address) for kind, addresses in people(server, connection).items() for address in addresses]
        random.shuffle(subjects)
        for kind, address in subjects:
            flow = begin(connection, address, next(sources)).flow_token
            started = time.perf_counter()
            with pytest.raises(RpcError) as refused:
                submit_password(connection, flow, "wrong " + PASSWORD)
            times.setdefault(kind, []).append(1000 * (time.perf_counter() - started))
            shapes.add(shape_of_status(refused.value.status))
    assert len(shapes) == 1
    return times


def report(title, times):
    lines = [f"{title}: a wrong password, {SAMPLES} of each kind in random order, milliseconds",
             f"{'':12}{'median':>9}{'95th percentile':>18}{'against nobody, p':>20}{'slower':>9}"]
    for kind, values in times.items():
        told = rank_test(times["nobody"], values)
        lines.append(f"{kind:12}{statistics.median(values):9.2f}{statistics.quantiles(values, n=20)[-1]:18.2f}"
                     f"{told.p_value:20.3f}{told.effect:9.1%}")
    return "\n".join(lines)


def oracles(times):
    """Pairs of kinds that one probe tells apart."""
    found = set()
    for first, second in itertools.combinations(sorted(times), 2):
        effect = rank_test(times[first], times[second]).effect
        if not 1 - ONE_PROBE_TELLS <= effect <= ONE_PROBE_TELLS:
            found.add((first, second, effect > 0.5))
    return found


def test_no_probe_alone_tells_by_its_time_who_has_a_password(server, record_property):
    found = None
    for title in ("Passwords", "Passwords, once more"):
        times = one_round(server)
        record_property("timing report", report(title, times))
        found = oracles(times) if found is None else found & oracles(times)
        if not found:
            break
    assert not found, f"one probe tells: {sorted(found)}"
