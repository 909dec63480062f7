"""The only cryptography: keys wrapped under a password or code, content sealed, packets signed.

Keys are wrapped by Argon2id (RFC 9106) and ChaCha20-Poly1305 (RFC 8439); content is sealed in the
age v1 format to X25519 recipients; packets are signed by Ed25519 (RFC 8032) in OpenSSH's SSHSIG.
"""

from union_desk.crypto.codes import (
    check_digits,
    enrol_tag,
    new_enrol_code,
    new_recovery_code,
    read_check_digits,
    read_enrol_code,
    read_recovery_code,
)
from union_desk.crypto.sealing import (
    AgeIdentity,
    check_age_header,
    check_recipient,
    new_age_identity,
    open_file,
    open_sealed,
    recipient_of,
    seal,
    seal_file,
)
from union_desk.crypto.signing import (
    PACKET,
    SIGNATURE_LENGTH,
    SigningKey,
    allowed_signers,
    fingerprint,
    new_signing_key,
    public_bytes,
    sign,
    signed_by,
    verify,
)
from union_desk.crypto.trouble import Damaged, Forged, WrongKey
from union_desk.crypto.wrapping import (
    MAX_MEMORY_KIB,
    MAX_PASSES,
    Cost,
    new_key,
    unwrap_key,
    wrap_key,
)

__all__ = [
    "MAX_MEMORY_KIB",
    "MAX_PASSES",
    "PACKET",
    "SIGNATURE_LENGTH",
    "AgeIdentity",
    "Cost",
    "Damaged",
    "Forged",
    "SigningKey",
    "WrongKey",
    "allowed_signers",
    "check_age_header",
    "check_digits",
    "check_recipient",
    "enrol_tag",
    "fingerprint",
    "new_age_identity",
    "new_enrol_code",
    "new_key",
    "new_recovery_code",
    "new_signing_key",
    "open_file",
    "open_sealed",
    "public_bytes",
    "read_check_digits",
    "read_enrol_code",
    "read_recovery_code",
    "recipient_of",
    "seal",
    "seal_file",
    "sign",
    "signed_by",
    "unwrap_key",
    "verify",
    "wrap_key",
]
