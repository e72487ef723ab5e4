"""Passwords over RPC and by command, with a real server, its real costs of a hash, and nothing of ours."""

import base64
import hashlib
import subprocess

import pytest

from password_person import PASSWORD, PasswordPerson, begin, steps, try_password
from rpc import Connection, RpcError, password_pb2, server_pb2, session_pb2, sign_in_pb2
from server import BINARY, Server
from test_races import outcomes

NEXT = "gravel umpire 41 lantern"


@pytest.fixture(scope="module")
def server():
    server = Server(options=["--passwords-enabled", "true"]).start()
    server.bootstrap()
    yield server
    assert server.stop() == 0


@pytest.fixture
def person(server, connection):
    return PasswordPerson(server, connection)


def refused(action):
    with pytest.raises(RpcError) as error:
        action()
    return error.value


# -- choosing one ------------------------------------------------------------------------------------------------------


def test_a_password_is_set_after_a_code_and_signs_in_alone(server, connection, person):
    assert not person.status.HasField("password")
    person.set_password(PASSWORD)
    assert person.status.password.HasField("change_time")
    signed_in = person.try_password(PASSWORD).signed_in
    assert signed_in.session.user_id == person.user_id and list(signed_in.session.authentication_methods) == ["pwd"]
    assert person.record.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    server.wait_for_subject(person.address, "A password was set")


def test_the_salts_and_records_of_equal_passwords_differ(server, connection):
    people = [PasswordPerson(server, connection, PASSWORD) for _ in range(3)]
    assert len({person.record for person in people}) == 3
    salts = [person.record.split("$")[4] for person in people]
    assert len(set(salts)) == 3 and all(len(base64.b64decode(salt + "==")) >= 16 for salt in salts)


def test_a_change_needs_the_current_password_and_ends_the_other_sessions(server, connection, person):
    person.set_password(PASSWORD)
    # Five tries in ten seconds are all there are.
    other, own = person.session, person.try_password(PASSWORD).signed_in.session_token
    missing = refused(lambda: person.set_password(NEXT, session=own))
    assert [(v.field, v.reason) for v in missing.violations] == [("current_password", "field.required")]
    wrong = refused(lambda: person.set_password(NEXT, "not it", session=own))
    assert [(v.field, v.reason) for v in wrong.violations] == [("current_password", "passwords.wrong")]
    person.set_password(NEXT, PASSWORD, session=own)

    def validate(token):
        return connection.call("SessionService/ValidateSession",
                               session_pb2.ValidateSessionRequest(session_token=token))

    assert refused(lambda: validate(other)).code == "UNAUTHENTICATED"
    assert validate(own).session.user_id == person.user_id
    assert refused(lambda: person.try_password(PASSWORD)).code == "UNAUTHENTICATED"
    assert person.try_password(NEXT).signed_in.session.user_id == person.user_id


@pytest.mark.parametrize("letter", ["z", "\u00e9", "\u4e2d", "\U0001f600"])
def test_fifteen_code_points_are_enough_and_fourteen_are_not(person, letter):
    text = "yxwvutsrqponmlkjihgfed"
    short = refused(lambda: person.set_password(letter + text[:13]))
    assert [v.reason for v in short.violations] == ["passwords.too_short"]
    person.set_password(letter + text[:14])


def test_code_points_count_and_not_what_looks_like_one_character(person):
    family = "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466"
    person.set_password(family + "kx" + family)
    assert person.try_password(family + "kx" + family).HasField("signed_in")


def test_all_problems_of_a_password_are_named_at_once_and_nothing_of_it_is_repeated(person):
    error = refused(lambda: person.set_password("localhost"))
    assert {v.reason for v in error.violations} == {"passwords.too_short", "passwords.context_word"}
    assert {v.field for v in error.violations} == {"new_password"}
    common = refused(lambda: person.set_password("PassWord"))
    assert {v.reason for v in common.violations} == {"passwords.too_short", "passwords.blocklisted"}
    assert "PassWord" not in str(common.status)


@pytest.mark.parametrize("password", [b"\xff\xfe violet tandem 93", b"violet\x00tandem 93 kettle", "x" * 257])
def test_what_is_no_password_is_refused(person, password):
    error = refused(lambda: person.set_password(password))
    assert error.code == "INVALID_ARGUMENT" and {v.field for v in error.violations} == {"new_password"}


def test_the_longest_password_is_taken_whole(person):
    longest = "".join(chr(0x4E00 + 7 * number) for number in range(256))
    person.set_password(longest)
    assert refused(lambda: person.try_password(longest[:-1] + "x")).code == "UNAUTHENTICATED"
    assert person.try_password(longest).HasField("signed_in")


def test_composed_and_decomposed_letters_do_not_differ_and_wide_ones_and_spaces_do(person):
    person.set_password("caf\u00e9 violet tandem 93")
    assert person.try_password("cafe\u0301 violet tandem 93").HasField("signed_in")
    for other in ["caf\u00e9 violet tandem 93 ", "\uff43af\u00e9 violet tandem 93", "CAF\u00c9 violet tandem 93"]:
        assert refused(lambda: person.try_password(other)).code == "UNAUTHENTICATED"


# -- signing in --------------------------------------------------------------------------------------------------------


def test_no_code_is_sent_unasked_and_one_that_is_asked_for_signs_in(server, connection, person):
    person.set_password(PASSWORD)
    before = len(server.codes_to(person.address))
    started = begin(connection, person.address)
    assert steps(started.flow) == ["password", "send_code", "passkey"]
    person.try_password(PASSWORD)
    assert len(server.codes_to(person.address)) == before


def test_answers_to_wrong_passwords_are_the_same_bytes_for_known_and_unknown(server, connection, person):
    person.set_password(PASSWORD)
    without = PasswordPerson(server, connection)
    shapes = set()
    for name in [person.address, without.address, "nobody@example.com", "nobody", "+441632960011"]:
        error = refused(lambda: try_password(connection, name, "wrong " + PASSWORD))
        shapes.add((error.code, error.reason, error.status.message, len(error.status.details)))
    assert len(shapes) == 1


def test_fifty_right_passwords_at_once_in_one_flow_give_one_session(server, connection, person):
    person.set_password(PASSWORD)
    flow = begin(connection, person.address).flow_token
    request = sign_in_pb2.SubmitSignInPasswordRequest(flow_token=flow, password=PASSWORD.encode())
    results = outcomes(server, [request] * 50, "gatehouse.v1.SignInService/SubmitSignInPassword")
    won = [result for result in results if not isinstance(result, RpcError)]
    assert len(won) == 1
    assert sign_in_pb2.SubmitSignInPasswordResponse.FromString(won[0]).signed_in.session.user_id == person.user_id


def test_of_two_hundred_guesses_at_once_few_are_hashed_and_the_right_one_has_to_wait(server, connection, person):
    person.set_password(PASSWORD)
    flows = [begin(connection, person.address).flow_token for _ in range(20)]
    requests = [sign_in_pb2.SubmitSignInPasswordRequest(flow_token=flows[number % 20], password=b"guess %d" % number)
                for number in range(200)]
    results = outcomes(server, requests, "gatehouse.v1.SignInService/SubmitSignInPassword")
    codes = [result.code for result in results]
    assert set(codes) == {"UNAUTHENTICATED", "RESOURCE_EXHAUSTED"}
    assert codes.count("UNAUTHENTICATED") <= 5
    assert refused(lambda: person.try_password(PASSWORD)).code == "RESOURCE_EXHAUSTED"


def test_a_flood_of_passwords_takes_no_more_memory_than_the_threads_hash_in(server, connection):
    """SECURITY PW-11: names that nobody has cost a hash each, and are counted apart."""
    pid = server.process.pid
    flows = [begin(connection, f"flood{number}@example.com").flow_token for number in range(300)]
    requests = [sign_in_pb2.SubmitSignInPasswordRequest(flow_token=flow, password=b"wrong") for flow in flows]
    outcomes(server, requests[:20], "gatehouse.v1.SignInService/SubmitSignInPassword")
    before = resident_mebibytes(pid)
    results = outcomes(server, requests[20:], "gatehouse.v1.SignInService/SubmitSignInPassword")
    assert {result.code for result in results} <= {"UNAUTHENTICATED", "RESOURCE_EXHAUSTED"}
    # Twenty hashes at a time would be 380 MiB.
    assert peak_mebibytes(pid) - before < 150
    connection.call("ServerService/CheckHealth", server_pb2.CheckHealthRequest())


def resident_mebibytes(pid):
    return status_mebibytes(pid, "VmRSS")


def peak_mebibytes(pid):
    return status_mebibytes(pid, "VmHWM")


def status_mebibytes(pid, name):
    with open(f"/proc/{pid}/status") as file:
        return next(int(line.split()[1]) // 1024 for line in file if line.startswith(name + ":"))


# -- administrators ----------------------------------------------------------------------------------------------------


def test_an_administrator_voids_a_password_and_never_chooses_one(server, connection, person):
    person.set_password(PASSWORD)
    assert "lets its owner in" in server.command("password", "show", person.user_id).stdout
    answer = server.command("password", "require-reset", person.user_id).stdout
    assert answer == "Void. The user's sessions have ended, and the user is told by mail.\n"
    assert "to be set anew" in server.command("password", "show", person.user_id).stdout
    assert refused(lambda: person.try_password(PASSWORD)).code == "UNAUTHENTICATED"
    server.wait_for_subject(person.address, "Your password must be set anew")
    methods = [field for message in password_pb2.DESCRIPTOR.message_types_by_name.values() for field in message.fields
               if field.name.endswith("password") and field.type == field.TYPE_BYTES]
    assert {field.containing_type.name for field in methods} == {"SetPasswordRequest"}
    assert not any(field.name == "user_id" for field in password_pb2.SetPasswordRequest.DESCRIPTOR.fields)
    # Only a person in a session sets one, and only their own.
    request = password_pb2.SetPasswordRequest(new_password=NEXT.encode())
    assert refused(lambda: connection.call("PasswordService/SetPassword", request)).code == "PERMISSION_DENIED"


def test_a_password_is_removed_and_its_owner_told(server, connection, person):
    person.set_password(PASSWORD)
    assert server.command("password", "remove", person.user_id).stdout == "Removed.\n"
    assert server.command("password", "show", person.user_id).stdout == "No password.\n"
    again = server.command("password", "remove", person.user_id, check=False)
    assert again.returncode != 0 and "Not found." in again.stderr
    server.wait_for_subject(person.address, "Your password was removed")


# -- lists -------------------------------------------------------------------------------------------------------------


def test_a_built_blocklist_keeps_its_passwords_out(server, tmp_path):
    words = tmp_path / "words"
    words.write_text("gravel umpire 41 lantern\n")
    hashes = tmp_path / "hashes"
    hashes.write_text(hashlib.sha1(b"violet tandem 93 kettle").hexdigest().upper() + ":12\n")
    output = tmp_path / "breached"
    built = server.command("blocklist", "build", "--words", str(words), "--hashes", str(hashes), str(output))
    assert "holds 2 passwords" in built.stdout
    listed = server.command("blocklist", "check", str(output), stdin="Gravel UMPIRE 41 lantern\n", check=False)
    assert (listed.returncode, listed.stdout) == (3, "It is on the list.\n")
    other = Server(options=["--passwords-enabled", "true", "--passwords-blocklist-files", str(output)]).start()
    try:
        other.bootstrap()
        with Connection(other) as connection:
            person = PasswordPerson(other, connection)
            for password in ["gravel umpire 41 LANTERN", "violet tandem 93 kettle"]:
                error = refused(lambda: person.set_password(password))
                assert [v.reason for v in error.violations] == ["passwords.blocklisted"]
            person.set_password("gravel umpire 42 lantern")
    finally:
        assert other.stop() == 0


def test_what_is_wrong_with_a_list_is_told_by_file_and_line_and_nothing_is_written(server, tmp_path):
    hashes, output = tmp_path / "hashes", tmp_path / "breached"
    hashes.write_text(hashlib.sha1(b"one").hexdigest() + ":3\n" + "no hash\n")
    failed = server.command("blocklist", "build", "--hashes", str(hashes), str(output), check=False)
    assert failed.returncode != 0 and f"line 2 of {hashes} is no SHA-1 hash" in failed.stderr
    missing = server.command("blocklist", "build", "--words", str(tmp_path / "none"), str(output), check=False)
    assert missing.returncode != 0 and str(tmp_path / "none") in missing.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["hashes"]
    assert server.command("blocklist", "show", str(hashes), check=False).returncode != 0
    server.command("blocklist", "build", "--words", str(hashes), str(output))
    assert server.command("blocklist", "show", str(output)).stdout == f"{output} is whole and holds 2 passwords.\n"
    output.write_bytes(output.read_bytes()[:-1])
    assert server.command("blocklist", "show", str(output), check=False).returncode != 0


def test_a_list_that_cannot_be_used_stops_the_start_as_the_check_foretells(tmp_path):
    damaged = tmp_path / "damaged"
    damaged.write_text("no list")
    options = ["--data-directory", str(tmp_path / "data"), "--passwords-enabled", "true",
               "--passwords-blocklist-files", f"{tmp_path / 'none'},{damaged}"]
    for command in [["config", "check"], ["serve"]]:
        done = subprocess.run([BINARY, *command, *options], capture_output=True, text=True, timeout=30)
        assert done.returncode != 0
        for sentence in ["passwords.blocklist-files: file 1 cannot be read",
                         "passwords.blocklist-files: file 2 was not made by `gatehouse blocklist build`"]:
            assert sentence in done.stdout + done.stderr
    assert not (tmp_path / "data").exists()
