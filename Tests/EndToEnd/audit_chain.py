"""The digest of the audit trail, computed from the documentation alone and with nothing of ours."""

import datetime
import hashlib
import uuid

LABEL = b"gatehouse audit v1\0"
EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)


def number(value):
    return value.to_bytes(8, "big", signed=value < 0)


def optional(value):
    return b"\0" if not value else b"\1" + number(len(value)) + value


def canonical(sequence, sealed_at, occurred_at, outcome, actor_kind, ids, texts):
    return (number(sequence) + number(sealed_at) + number(occurred_at) + bytes([outcome, actor_kind])
            + b"".join(optional(value) for value in ids) + b"".join(optional(text.encode()) for text in texts))


def digest(previous, *fields):
    return hashlib.sha256(LABEL + previous + canonical(*fields)).digest()


def microseconds(timestamp):
    return timestamp.seconds * 1_000_000 + timestamp.nanos // 1000


def digest_of(event, previous):
    """Of one AuditEvent message."""
    ids = [uuid.UUID(text).bytes if text else b"" for text in (
        event.event_id, event.actor_id, event.via_service_account_id, event.subject_user_id, event.subject_id,
        event.session_id)]
    texts = [event.kind, event.reason, event.source_address, event.request_id, event.details]
    return digest(previous, event.sequence, microseconds(event.seal_time), microseconds(event.occur_time),
                  event.outcome, event.actor_kind, ids, texts)
