"""What must hold when many ask at once."""

from concurrent.futures import ThreadPoolExecutor

from rpc import Connection, RpcError, session_pb2, sign_in_pb2, user_pb2
from server import wrong_code
from test_rpc_flow import begin, fresh_address


def outcomes(server, requests, method="gatehouse.v1.SignInService/SubmitSignInCode"):
    """Sends all requests over a few connections before it waits for any answer."""
    connections = [Connection(server) for _ in range(8)]
    waits = [connections[i % 8].start(method, request, timeout_milliseconds=60000) for i, request in enumerate(requests)]

    def outcome(wait):
        try:
            return wait(60)
        except RpcError as error:
            return error

    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(outcome, waits))
    for connection in connections:
        connection.close()
    return results


def test_fifty_right_codes_at_once_give_one_session(server, connection):
    address = fresh_address()
    started = begin(connection, address)
    code = server.code_for(address).encode()
    request = sign_in_pb2.SubmitSignInCodeRequest(flow_token=started.flow_token, code=code)
    results = outcomes(server, [request] * 50)
    won = [r for r in results if not isinstance(r, RpcError)]
    assert len(won) == 1
    signed_in = sign_in_pb2.SubmitSignInCodeResponse.FromString(won[0]).signed_in
    sessions = connection.call("SessionService/ListSessions",
                               session_pb2.ListSessionsRequest(user_id=signed_in.session.user_id)).sessions
    assert len(sessions) == 1


def test_five_hundred_wrong_codes_at_once_reach_the_comparison_at_most_four_times(server, connection):
    address = fresh_address()
    started = begin(connection, address)
    code = server.code_for(address)
    compared = comparisons(server)
    wrong = sign_in_pb2.SubmitSignInCodeRequest(flow_token=started.flow_token, code=wrong_code(code).encode())
    results = outcomes(server, [wrong] * 500)
    assert all(isinstance(r, RpcError) for r in results)
    assert comparisons(server) - compared <= 4
    right = sign_in_pb2.SubmitSignInCodeRequest(flow_token=started.flow_token, code=code.encode())
    assert isinstance(outcomes(server, [right])[0], RpcError)


def comparisons(server):
    """How often the server has compared a code, from its metrics."""
    import re
    import requests

    text = requests.get(server.operations + "/metrics", timeout=10).text
    return sum(float(v) for v in re.findall(r"^gatehouse_code_comparisons_total(?:\{[^}]*\})? (\S+)$", text, re.MULTILINE))


def test_one_name_goes_to_one_of_fifty(server, connection):
    request = user_pb2.CreateUserRequest(identifiers=[
        user_pb2.NewIdentifier(kind=user_pb2.IDENTIFIER_KIND_EMAIL, value=fresh_address())])
    results = outcomes(server, [request] * 50, method="gatehouse.v1.UserService/CreateUser")
    assert sum(not isinstance(r, RpcError) for r in results) == 1
    assert {r.code for r in results if isinstance(r, RpcError)} == {"ALREADY_EXISTS"}
