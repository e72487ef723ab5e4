"""Makes up a hundred thousand users and a million, and measures the first page of lists and searches of them."""

import subprocess
import time

# What each row is made of follows from its number, so that every run has the same people.
GIVEN = "ELT(1 + n * 7 % 20, 'Ada','Adam','Alan','Barbara','Claude','Donald','Edsger','Frances','Grace','Hedy','Ivan','Jean'," \
        "'Katherine','Leslie','Margaret','Niklaus','Ole','Peter','Radia','Sophie')"
FAMILY = "CONCAT(ELT(1 + n * 11 % 16, 'Lovelace','Turing','Liskov','Shannon','Knuth','Dijkstra','Allen','Hopper','Lamarr'," \
         "'Sutherland','Bartik','Johnson','Lamport','Hamilton','Wirth','Perlman'), ' ', n * 7919 % 50021)"
ID = "UNHEX(CONCAT('0199', LPAD(HEX(n), 28, '0')))"
MADE = "'2026-01-01' + INTERVAL n SECOND"
FILLING = [
    f"""INSERT INTO users (id, state, external_id, revision, created_at, updated_at)
        SELECT {ID}, IF(n % 100 = 0, 2, 1), CONCAT('hr-', n * 7919 % 10000019), 1, {MADE}, {MADE} FROM numbers""",
    f"""INSERT INTO user_identifiers (id, user_id, kind, value, canonical, is_primary, created_at)
        SELECT {ID}, {ID}, 1, CONCAT('person', n * 7919 % 10000019, '@example.com'),
            CONCAT('person', n * 7919 % 10000019, '@example.com'), TRUE, {MADE} FROM numbers""",
    f"""INSERT INTO profiles (user_id, document, revision, updated_at)
        SELECT {ID}, JSON_OBJECT('given_name', {GIVEN}, 'family_name', {FAMILY}), 1, {MADE} FROM numbers""",
] + [
    # The attributes of a new installation: name 1, given_name 2, family_name 3.
    f"""INSERT INTO profile_index (user_id, attribute, position, sort_key)
        SELECT {ID}, {attribute}, 0, LOWER({text}) FROM numbers"""
    for attribute, text in ((1, f"CONCAT({GIVEN}, ' ', {FAMILY})"), (2, GIVEN), (3, FAMILY))
] + [
    f"INSERT INTO text_changes (owner_id, change_id) SELECT {ID}, {ID} FROM numbers",
    # One in a hundred has a role himself, one in ten is in the group at the bottom.
    f"""INSERT INTO user_roles (user_id, role_id, may_grant, assigned_at, assigned_by_kind)
        SELECT {ID}, REPEAT('r', 16), FALSE, {MADE}, 3 FROM numbers WHERE n % 100 = 0""",
    f"""INSERT INTO group_members (user_id, group_id, may_grant, assigned_at, assigned_by_kind)
        SELECT {ID}, LPAD(20, 16, 'g'), FALSE, {MADE}, 3 FROM numbers WHERE n % 10 = 0""",
]
TABLES = "users, user_identifiers, profiles, profile_index, user_roles, group_members"
NAMED = "name, canonical_name, assurance_demand, revision, created_at, updated_at"
# Twenty groups in each other, of which the outermost gives a role.
MEMBERSHIP = [
    f"INSERT INTO roles (id, {NAMED}) VALUES (REPEAT('r', 16), 'reader', 'reader', 0, 1, NOW(6), NOW(6)), "
    "(REPEAT('d', 16), 'deep', 'deep', 0, 1, NOW(6), NOW(6))",
    f"""INSERT INTO user_groups (id, {NAMED}) SELECT LPAD(seq, 16, 'g'), CONCAT('level ', seq), CONCAT('level ', seq), 0, 1,
        NOW(6), NOW(6) FROM seq_1_to_20""",
    """INSERT INTO group_edges (parent_id, child_id, assigned_at, assigned_by_kind)
        SELECT LPAD(seq, 16, 'g'), LPAD(seq + 1, 16, 'g'), NOW(6), 3 FROM seq_1_to_19""",
    """INSERT INTO group_closure (ancestor_id, descendant_id, paths)
        SELECT LPAD(a.seq, 16, 'g'), LPAD(d.seq, 16, 'g'), 1 FROM seq_1_to_20 a JOIN seq_1_to_20 d ON a.seq <= d.seq""",
    """INSERT INTO group_roles (group_id, role_id, may_grant, assigned_at, assigned_by_kind)
        VALUES (LPAD(1, 16, 'g'), REPEAT('d', 16), FALSE, NOW(6), 3)""",
]
CHUNK = 20_000

LISTS = [
    ("all", {}),
    ("disabled", {"state": "2"}),
    ("`FindUsers` \"lovelace 7\"", {"query": "lovelace 7"}),
    ("by `family_name`", {"sort": "family_name"}),
    ("by `create_time desc`", {"sort": "create_time desc"}),
    ("`email eq`", {"filter": 'email eq "person7919@example.com"'}),
    ("`email sw`", {"filter": 'email sw "person12"'}),
    ("`external_id gt`", {"filter": 'external_id gt "hr-5"'}),
    ("`given_name eq`", {"filter": 'given_name eq "Ada"'}),
    ("`family_name sw`", {"filter": 'family_name sw "lovelace 1"'}),
    ("`create_time` between", {"filter": 'create_time ge "2026-01-01T12:00:00Z" and create_time lt "2026-01-01T18:00:00Z"'}),
    ("`state eq \"disabled\"`", {"filter": 'state eq "disabled"'}),
    ("`given_name eq` and `family_name co`", {"filter": 'given_name eq "Ada" and family_name co "love"'}),
    ("`given_name eq` and not `family_name ew`", {"filter": 'given_name eq "Ada" and not (family_name ew "7")'}),
    ("`family_name co`, one in sixteen", {"filter": 'family_name co "velac"'}),
    ("`name co`, one in a thousand", {"filter": 'name co "ace 123"'}),
    ("`email co`, one in all", {"filter": 'email co "person7919@ex"'}),
    ("`email co`, what nobody has", {"filter": 'email co "zzz"'}),
    ("`family_name ew`", {"filter": 'family_name ew "77"'}),
    ("`roles.direct eq`", {"filter": 'roles.direct eq "reader"'}),
    ("`roles eq`, through 20 groups", {"filter": 'roles eq "deep"'}),
    ("`groups eq`, the outermost of 20", {"filter": 'groups eq "level 1"'}),
    ("`roles eq` and `name co`", {"filter": 'roles eq "deep" and name co "lovelace"'}),
    ("two prefixes with `or`", {"filter": 'family_name sw "knuth 12" or email sw "person12"'}),
    ("`given_name pr` and what nobody has", {"filter": 'given_name pr and family_name co "zzz"'}),
    ("`given_name eq` by `family_name`", {"filter": 'given_name eq "Ada" and family_name pr', "sort": "family_name"}),
]


def fill(socket, first, last):
    """Users from the one number up to the other, by SQL alone: only what lists read."""
    for start in range(first, last, CHUNK):
        numbers = f"CREATE OR REPLACE TEMPORARY TABLE numbers (n BIGINT PRIMARY KEY) " \
                  f"SELECT seq AS n FROM seq_{start + 1}_to_{min(start + CHUNK, last)};"
        script = numbers + "".join(f"{statement};" for statement in FILLING)
        sql(socket, script)
    sql(socket, f"ANALYZE TABLE {TABLES}")
    began = time.monotonic()
    while int(sql(socket, "SELECT COUNT(*) FROM text_changes")):
        if time.monotonic() - began > 1200:
            raise SystemExit("the texts are not packed")
        time.sleep(1)
    return time.monotonic() - began


def sql(socket, script):
    return subprocess.run(["mariadb", "--no-defaults", "--batch", "--skip-column-names", "--socket", str(socket), "--user", "root",
                           "gatehouse"], input=script, text=True, check=True, stdout=subprocess.PIPE).stdout


def measure(socket, load, hold, row):
    """`load(list)` measures one list, `hold(user, role)` a check of a role; `row` takes a line of the table."""
    found = {}
    for statement in MEMBERSHIP:
        sql(socket, statement)
    for count, first in ((100_000, 0), (1_000_000, 100_000)):
        packed = fill(socket, first, count)
        row(f"packing the texts of {count - first} users (users/s)", f"{(count - first) / packed:.0f}")
        for name, request in LISTS:
            found.setdefault(name, []).append(load(request))
    deep = "-".join(("64" * 16)[start:end] for start, end in ((0, 8), (8, 12), (12, 16), (16, 20), (20, 32)))
    member = f"01990000-0000-0000-0000-{10:012x}"
    held = hold(member, deep)
    row("effective role through 20 groups (ms, whole call)", f"{held['p50_us'] / 1000:.2f}", "< 1", f"p99 {held['p99_us'] / 1000:.2f} ms")
    for name, (small, large) in found.items():
        ratio = large["p50_us"] / small["p50_us"]
        row(f"first page of users, {name} (ms at 1 M)", f"{large['p50_us'] / 1000:.1f}", "< 20, 1.5x that of 100,000",
            f"{ratio:.2f}x; p99 {large['p99_us'] / 1000:.1f} ms; {large['users']:.0f} users")
