"""What may be wrong with client data and authenticator data in both ceremonies, as bends of the authenticator.

Each is wrong in one thing alone, and signed as it is.
"""

import base64
import hashlib

from authenticator import decode, replaced, without


def other_spelling(challenge):
    """The same bytes, if bits were let through that no byte has."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    return challenge[:-1] + alphabet[alphabet.index(challenge[-1]) + 1]


def challenge(bend):
    return {"client": lambda right: {**right, "challenge": bend(right["challenge"])}}


def origin(bend):
    return {"client": lambda right: {**right, "origin": bend(right["origin"])}}


def hash_of(name):
    return {"data": replaced(rp_hash=hashlib.sha256(name.encode()).digest())}


def flags(bend):
    """Flags for which everything else stays as it is."""
    return {"data": lambda right: {**right, "flags": bytes([bend(right["flags"][0])])}}


CLIENT_DATA = {
    "a type in capitals": {"client": lambda right: {**right, "type": right["type"].upper()}},
    "a type of nothing": {"client": replaced(type="")},
    "no type": {"client": without("type")},
    "a type that is a number": {"client": replaced(type=1)},
    "another challenge": challenge(lambda right: "A" * len(right)),
    "an empty challenge": challenge(lambda right: ""),
    "no challenge": {"client": without("challenge")},
    "a challenge cut short": challenge(lambda right: right[:-1]),
    "a padded challenge": challenge(lambda right: right + "="),
    "a challenge in another spelling": challenge(other_spelling),
    "a challenge in capitals": challenge(str.upper),
    "a challenge that was decoded": challenge(lambda right: decode(right).hex()),
    "a challenge in the standard alphabet and padded":
        challenge(lambda right: base64.b64encode(decode(right)).decode()),
    "http": origin(lambda right: right.replace("https:", "http:")),
    "another port": origin(lambda right: right + ":8443"),
    "the port that is meant anyway": origin(lambda right: right + ":443"),
    "a part of the site": origin(lambda right: right.replace("//", "//www.")),
    "the parent domain": origin(lambda right: "https://example.org"),
    "an origin with a slash": origin(lambda right: right + "/"),
    "an origin in capitals": origin(str.upper),
    "an origin that begins like ours": origin(lambda right: right + ".evil"),
    "an origin with a letter that looks the same": origin(lambda right: right.replace("o", "\u043e")),
    "an origin of no site": {"client": replaced(origin="null")},
    "an app as origin": {"client": replaced(origin="android:apk-key-hash:" + "A" * 43)},
    "no origin": {"client": without("origin")},
    "a frame of another site": {"client": replaced(crossOrigin=True)},
    "a frame or not, in words": {"client": replaced(crossOrigin="false")},
    "a frame of another site, which is named":
        {"client": replaced(crossOrigin=True, topOrigin="https://evil.example")},
    "a site on top without a frame": {"client": lambda right: {**right, "topOrigin": right["origin"]}},
    "two challenges": {"client_bytes": lambda right: right[:-1] + b',"challenge":"AAAA"}'},
    "two types": {"client_bytes": lambda right: b'{"type":"x",' + right[1:]},
    "something after the object": {"client_bytes": lambda right: right + b"x"},
    "a second object": {"client_bytes": lambda right: right * 2},
    "an object cut short": {"client_bytes": lambda right: right[:-1]},
    "a list around the object": {"client_bytes": lambda right: b"[" + right + b"]"},
    "bytes that are no text": {"client_bytes": lambda right: right[:-1] + b',"x":"\xff"}'},
    "UTF-16": {"client_bytes": lambda right: right.decode().encode("utf-16")},
    "no client data": {"client_bytes": lambda right: b""},
    "5000 bytes of client data": {"client": replaced(extra="x" * 5000)},
    "a deep list in the client data":
        {"client_bytes": lambda right: right[:-1] + b',"x":' + b"[" * 900 + b"]" * 900 + b"}"},
}

AUTHENTICATOR_DATA = {
    "the hash of the origin": hash_of("https://login.example.org"),
    "the hash of the parent domain": hash_of("example.org"),
    "the hash of a part of the site": hash_of("www.login.example.org"),
    "a hash of zeros": {"data": replaced(rp_hash=bytes(32))},
    "nobody was there": flags(lambda right: right & ~0x01),
    "backed up, but not eligible for it": flags(lambda right: right & ~0x08 | 0x10),
    "extensions that are not there": flags(lambda right: right | 0x80),
    "extensions that are no map":
        {"data": lambda right: {**right, "flags": bytes([right["flags"][0] | 0x80]), "x": b"\x01"}},
    "extensions without their flag": {"data": replaced(extensions=b"\xa0")},
    "a byte too many": {"data_bytes": lambda right: right + b"\0"},
    "a byte too few": {"data_bytes": lambda right: right[:-1]},
    "36 bytes of authenticator data": {"data_bytes": lambda right: right[:36]},
    "no authenticator data": {"data_bytes": lambda right: b""},
}

#: What an honest browser or authenticator may well do.
TOLERATED = {
    "a byte order mark": {"client_bytes": lambda right: b"\xef\xbb\xbf" + right},
    "members that nobody knows": {"client": replaced(other_keys_can_be_added_here="do not", extraData={"a": [1]})},
    "nothing said of frames": {"client": without("crossOrigin")},
    "white space": {"client_bytes": lambda right: right.replace(b",", b" ,\n\t") + b"\n"},
    "the reserved flags": flags(lambda right: right | 0x22),
    "extensions that nobody asked for":
        {"data": lambda right: {**right, "flags": bytes([right["flags"][0] | 0x80]), "x": b"\xa1\x61x\x81\xf5"}},
}
