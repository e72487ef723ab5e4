"""Records that other systems wrote: whoever knows the password gets in, and the record becomes ours."""

import base64
import ctypes
import hashlib
import os
import struct

import pytest
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from password_person import PASSWORD, MigratedPerson, PasswordPerson, begin, steps, submit_asked_code, submit_password
from server import Server
from test_passwords import refused


@pytest.fixture(scope="module")
def server():
    server = Server(options=["--passwords-enabled", "true"]).start()
    server.bootstrap()
    yield server
    assert server.stop() == 0


@pytest.fixture
def person(server, connection):
    return PasswordPerson(server, connection)


def aspnet_2(password):
    salt = os.urandom(16)
    return base64.b64encode(b"\0" + salt + hashlib.pbkdf2_hmac("sha1", password.encode(), salt, 1000, 32)).decode()


def aspnet_3(name, identifier, iterations):
    def record(password):
        salt = os.urandom(16)
        head = b"\1" + struct.pack(">III", identifier, iterations, 16)
        key = hashlib.pbkdf2_hmac(name, password.encode(), salt, iterations, 32)
        return base64.b64encode(head + salt + key).decode()
    return record


def passlib_base64(data):
    return base64.b64encode(data).decode().rstrip("=").replace("+", ".")


def passlib_pbkdf2(password):
    salt = os.urandom(16)
    key = hashlib.pbkdf2_hmac("sha256", password.encode(), salt, 29000)
    return f"$pbkdf2-sha256$29000${passlib_base64(salt)}${passlib_base64(key)}"


def django_pbkdf2(password):
    key = hashlib.pbkdf2_hmac("sha256", password.encode(), b"aHXKEkGn4wQ1", 26000)
    return "pbkdf2_sha256$26000$aHXKEkGn4wQ1$" + base64.b64encode(key).decode()


def phc_base64(data):
    return base64.b64encode(data).decode().rstrip("=")


def phc_scrypt(password):
    salt = os.urandom(16)
    key = hashlib.scrypt(password.encode(), salt=salt, n=1 << 14, r=8, p=1, dklen=32)
    return f"$scrypt$ln=14,r=8,p=1${phc_base64(salt)}${phc_base64(key)}"


def phc_argon2id(password):
    salt = os.urandom(16)
    key = Argon2id(salt=salt, length=32, iterations=3, lanes=1, memory_cost=8192).derive(password.encode())
    return f"$argon2id$v=19$m=8192,t=3,p=1${phc_base64(salt)}${phc_base64(key)}"


def crypt(setting):
    """What the C library's crypt(3) writes, with a salt of its letters after the setting."""
    library = ctypes.CDLL("libcrypt.so.1")
    library.crypt.restype = ctypes.c_char_p
    library.crypt.argtypes = [ctypes.c_char_p, ctypes.c_char_p]

    def record(password):
        # The last letter of 22 is one whose spare bits are zero, as bcrypt writes it back.
        salt = os.urandom(8).hex() + ("CCCCC." if setting.startswith("$2") else "")
        return library.crypt(password.encode(), f"{setting}{salt}".encode()).decode()
    return record


RECORDS = {
    "ASP.NET v2": aspnet_2,
    "ASP.NET v3 SHA-1": aspnet_3("sha1", 0, 10000),
    "ASP.NET v3 SHA-256": aspnet_3("sha256", 1, 10000),
    "ASP.NET v3 SHA-512": aspnet_3("sha512", 2, 100000),
    "passlib PBKDF2": passlib_pbkdf2,
    "Django PBKDF2": django_pbkdf2,
    "scrypt": phc_scrypt,
    "Argon2id of less": phc_argon2id,
    "bcrypt 2a": crypt("$2a$10$"),
    "bcrypt 2b": crypt("$2b$10$"),
    "bcrypt 2y": crypt("$2y$10$"),
    "SHA-256-crypt": crypt("$5$rounds=20000$"),
    "SHA-512-crypt": crypt("$6$"),
}


@pytest.mark.parametrize("make", RECORDS.values(), ids=RECORDS.keys())
def test_a_record_of_another_system_lets_its_owner_in_and_is_hashed_anew(server, connection, make):
    record = make(PASSWORD)
    person = MigratedPerson(server, connection, record)
    assert refused(lambda: person.try_password("wrong " + PASSWORD)).code == "UNAUTHENTICATED"
    assert person.record == record
    assert person.try_password(PASSWORD).signed_in.session.user_id == person.user_id
    assert person.record.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert person.try_password(PASSWORD).HasField("signed_in")


def test_what_bcrypt_would_cut_off_is_no_password(server, connection):
    """SECURITY PW-17: two passwords that only differ after 72 bytes have the same hash by bcrypt."""
    longest = "seven copper lanterns drift under 4 quiet bridges toward the far harbour"
    assert len(longest) == 72
    record = crypt("$2b$10$")(longest)
    person = MigratedPerson(server, connection, record)
    for more in ["!", "?"]:
        assert refused(lambda: person.try_password(longest + more)).code == "UNAUTHENTICATED"
    assert person.record == record
    assert person.try_password(longest).signed_in.session.user_id == person.user_id
    assert person.record.startswith("$argon2id$")
    assert refused(lambda: person.try_password(longest + "!")).code == "UNAUTHENTICATED"


def test_an_imported_password_that_is_common_is_void_and_its_owner_is_told(server, connection):
    person = MigratedPerson(server, connection, aspnet_2("password"))
    assert refused(lambda: person.try_password("password")).code == "UNAUTHENTICATED"
    server.wait_for_subject(person.address, "Your password must be set anew")
    flow = begin(connection, person.address).flow_token
    assert submit_asked_code(server, connection, flow, person.address).HasField("signed_in")


def test_a_short_imported_password_needs_a_code_beside_it(server, connection):
    person = MigratedPerson(server, connection, aspnet_2("tk4vq9xm"))
    flow = begin(connection, person.address).flow_token
    answer = submit_password(connection, flow, "tk4vq9xm")
    assert steps(answer.flow) == ["send_code"]
    assert submit_asked_code(server, connection, flow, person.address).HasField("signed_in")


@pytest.mark.parametrize("record", [
    "hello", "$argon2id$v=19$m=4294967295,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEg", "AQAAAAEAACcQ/////wABAgM=",
    "$pbkdf2-sha256$2147483648$abcd$abcd", "$2b$31$abcdefghijklmnopqrstuu", "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$",
])
def test_what_is_no_record_or_would_cost_too_much_is_refused_in_one_sentence(server, person, record):
    failed = server.command("password", "import", person.user_id, stdin=record + "\n", check=False)
    assert failed.returncode != 0 and failed.stderr.startswith("Error: Refused: ") and record not in failed.stderr
    assert not person.status.HasField("password")


def test_whoever_removes_a_password_imports_no_other_one(server, connection, person):
    """SECURITY PW-15, ADM-09: two rights together would choose a password."""
    person.set_password(PASSWORD)
    server.command("password", "remove", person.user_id)
    failed = server.command("password", "import", person.user_id, stdin=aspnet_2("chosen by another") + "\n", check=False)
    assert failed.returncode != 0 and failed.stderr.startswith("Error: Refused: ")
    assert not person.status.HasField("password")
    assert refused(lambda: person.try_password("chosen by another")).code == "UNAUTHENTICATED"
