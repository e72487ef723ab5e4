"""Makes up a hundred thousand users and a million, and measures the first page of lists and searches of them."""

import subprocess

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
]
TABLES = "users, user_identifiers, profiles, profile_index"
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


def sql(socket, script):
    subprocess.run(["mariadb", "--no-defaults", "--socket", str(socket), "--user", "root", "gatehouse"], input=script, text=True,
                   check=True, stdout=subprocess.DEVNULL)


def measure(socket, load, row):
    """`load(list)` measures one list; `row` takes a line of the table."""
    found = {}
    for count, first in ((100_000, 0), (1_000_000, 100_000)):
        fill(socket, first, count)
        for name, request in LISTS:
            found.setdefault(name, []).append(load(request))
    for name, (small, large) in found.items():
        ratio = large["p50_us"] / small["p50_us"]
        row(f"first page of users, {name} (ms at 1 M)", f"{large['p50_us'] / 1000:.1f}", "< 20, 1.5x that of 100,000",
            f"{ratio:.2f}x; p99 {large['p99_us'] / 1000:.1f} ms; {large['users']:.0f} users")
