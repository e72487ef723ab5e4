"""Starting, stopping, configuring and administering, as an operator does it."""

import os
import re
import signal
import subprocess
import time

import requests

from rpc import Connection, user_pb2
from server import BINARY, Server, to_json
from test_restart import database_pids
from test_rpc_flow import fresh_address, sign_in


def test_a_second_server_on_the_same_directory_is_refused_in_one_sentence(server):
    second = subprocess.run([BINARY, "serve", "--data-directory", str(server.directory), "--site-listen-port", "0",
                             "--rpc-listen-port", "0"], capture_output=True, text=True, timeout=30)
    assert second.returncode != 0
    assert re.search(r"already running", second.stderr) and len(second.stderr.strip().splitlines()) == 1
    assert server.process.poll() is None


def test_bootstrap_works_once(server):
    again = server.command("bootstrap", "--data-directory", str(server.directory), check=False)
    assert again.returncode != 0 and "ght_" not in again.stdout and "already" in again.stderr


def test_the_commands_call_over_tls_with_the_development_certificate(server):
    for host in ("localhost", "127.0.0.1"):
        made = server.command("user", "list", "--address", f"{host}:{server.rpc_port}", "--ca-file",
                              str(server.rpc_certificate))
        assert not made.stderr
    refused = server.command("user", "list", "--address", f"localhost:{server.rpc_port}", "--ca-file",
                             "/etc/ssl/certs/ca-certificates.crt", check=False)
    assert refused.returncode != 0 and "CERTIFICATE_VERIFY_FAILED" in refused.stderr


def test_an_administrator_scripts_users(server):
    address = fresh_address()
    made = to_json(server.command("user", "create", "--email", address, "--json").stdout)["user"]
    assert address in server.command("user", "show", made["id"]).stdout
    assert made["id"] in server.command("user", "find", "--email", address).stdout
    assert made["id"] in server.command("user", "list").stdout
    assert "disabled" in server.command("user", "disable", made["id"], "--reason", "left us").stdout
    assert "active" in server.command("user", "enable", made["id"]).stdout
    server.command("user", "delete", made["id"], "--immediately")
    gone = server.command("user", "show", made["id"], check=False)
    assert gone.returncode != 0 and "not found" in gone.stderr.lower()


def test_an_administrator_sees_and_ends_sessions(server):
    with Connection(server) as connection:
        session = sign_in(server, connection, fresh_address()).session
    assert session.id in server.command("session", "list", session.user_id).stdout
    server.command("session", "revoke", session.id)
    assert session.id not in server.command("session", "list", session.user_id).stdout
    server.command("session", "revoke-all", session.user_id)


def test_service_accounts_are_made_rotated_and_removed(server):
    name = fresh_address()
    made = to_json(server.command("service-account", "create", name, "--scope", "users.read", "--json").stdout)
    account = made["serviceAccount"]["id"]
    first = re.search(r"ght_\S+", server.command("service-account", "create-token", account).stdout).group(0)
    second = re.search(r"ght_\S+", server.command("service-account", "create-token", account).stdout).group(0)
    third = server.command("service-account", "create-token", account, check=False)
    assert third.returncode != 0
    for token in (first, second):
        server.command("user", "list", token=token)
    shown = to_json(server.command("service-account", "show", account, "--json").stdout)["serviceAccount"]
    server.command("service-account", "revoke-token", account, shown["tokens"][0]["id"])
    assert server.command("user", "list", token=first, check=False).returncode != 0
    server.command("service-account", "update", account, "--scope", "sessions.read")
    assert server.command("user", "list", token=second, check=False).returncode != 0
    server.command("service-account", "delete", account)


def test_any_method_can_be_called_with_json(server):
    answer = server.command("call", "UserService/CreateUser",
                            '{"identifiers":[{"kind":"IDENTIFIER_KIND_EMAIL","value":"%s"}]}' % fresh_address()).stdout
    user = to_json(answer)["user"]
    shown = to_json(server.command("call", "gatehouse.v1.UserService/GetUser", '{"userId":"%s"}' % user["id"]).stdout)
    assert shown["user"] == user
    wrong = server.command("call", "UserService/GetUser", '{"user":"x"}', check=False)
    assert wrong.returncode != 0 and "user" in wrong.stderr
    assert "gatehouse.v1.UserService/GetUser" in server.command("methods").stdout


def test_health_readiness_and_metrics_are_on_their_own_address(server):
    assert requests.get(server.operations + "/healthz", timeout=10).status_code == 200
    assert requests.get(server.operations + "/readyz", timeout=10).status_code == 200
    metrics = requests.get(server.operations + "/metrics", timeout=10).text
    assert "# TYPE gatehouse_" in metrics
    for path in ("/healthz", "/readyz", "/metrics"):
        assert requests.get(server.site + path, timeout=10).status_code == 404


def test_a_wrong_configuration_names_every_problem(tmp_path):
    file = tmp_path / "gatehouse.yaml"
    file.write_text("site:\n  listen-prt: 80\nrpc:\n  listen-port: many\n")
    environment = dict(os.environ, GATEHOUSE_LOG_LEVLE="debug")
    result = subprocess.run([BINARY, "config", "check", "--config", str(file), "--policy-code-lifetime", "5"],
                            capture_output=True, text=True, env=environment, timeout=30)
    assert result.returncode != 0
    for word in ("site.listen-prt", "did you mean site.listen-port", "rpc.listen-port", "GATEHOUSE_LOG_LEVLE",
                 "policy.code-lifetime"):
        assert word in result.stderr, result.stderr
    good = subprocess.run([BINARY, "config", "check", "--site-name", "X"], capture_output=True, text=True, timeout=30)
    assert good.returncode == 0 and "valid" in good.stdout


def test_logs_hold_no_secret_and_no_address(server):
    address = fresh_address()
    with Connection(server) as connection:
        signed_in = sign_in(server, connection, address)
        connection.call("UserService/FindUser", user_pb2.FindUserRequest(email=address))
    requests.post(server.site + "/sign-in", data={"identifier": address}, timeout=10)
    log = server.log()
    for secret in (address, server.token, signed_in.session_token.decode(), server.code_for(address)):
        assert secret not in log and secret.replace("-", "") not in log


def test_files_are_their_owners_only(server):
    for name in ("keys", "rpc-private-key.pem"):
        assert (server.directory / name).stat().st_mode & 0o077 == 0, name
    for message in server.mailbox.glob("*.eml"):
        assert message.stat().st_mode & 0o077 == 0


def test_ctrl_c_stops_server_and_database():
    server = Server().start()
    server.process.send_signal(signal.SIGINT)
    assert server.process.wait(40) == 0
    deadline = time.monotonic() + 10
    while database_pids(server) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert database_pids(server) == []
