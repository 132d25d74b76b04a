"""Messages that no site should send: valid ones mutated, framed wrongly, under wrong keys, and plain random bytes."""

import random

from google.protobuf.descriptor import FieldDescriptor

import wire

EXTREMES = {
    FieldDescriptor.CPPTYPE_DOUBLE: [float("nan"), float("inf"), -float("inf"), 1e308, -1e-308, 5e-324],
    FieldDescriptor.CPPTYPE_INT32: [-2**31, 2**31 - 1, 0],
    FieldDescriptor.CPPTYPE_INT64: [-2**63, 2**63 - 1, 0],
    FieldDescriptor.CPPTYPE_UINT32: [2**32 - 1, 0],
    FieldDescriptor.CPPTYPE_UINT64: [2**64 - 1, 0],
    FieldDescriptor.CPPTYPE_ENUM: [99, -1, 0],
    FieldDescriptor.CPPTYPE_BOOL: [True, False],
    FieldDescriptor.CPPTYPE_STRING: ["", "x" * 5000, "\u0000", "\u202e\U0001f489", "../../etc", "'; DROP TABLE--", " "],
}


def noise(messages, count: int, seed: int):
    """`count` messages (key, value, headers) made from valid (key, value, headers) ones; the same for the same seed."""
    chance = random.Random(seed)
    made = []
    for _ in range(count):
        key, value, headers = chance.choice(messages)
        mutate = chance.choices(MUTATIONS, WEIGHTS)[0]
        made.append(mutate(chance, key, value or b"", list(headers), made))
    return made


def _flipped(chance, key, value, headers, _):
    data = bytearray(value or b"\0")
    for _ in range(chance.randint(1, 8)):
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    return key, bytes(data), headers


def _cut(chance, key, value, headers, _):
    return key, value[:chance.randrange(len(value) + 1)], headers


def _grown(chance, key, value, headers, _):
    at = chance.randrange(len(value) + 1)
    return key, value[:at] + chance.randbytes(chance.randint(1, 200)) + value[at:], headers


def _random(chance, key, _value, headers, _):
    return key, chance.randbytes(chance.randint(0, 2000)), headers


def _framed(chance, key, value, headers, _):
    index = chance.choice([b"\x00", b"\x02\x00", b"\x02\x02", b"\x04\x00\x02", b"\xff" * 10, b""])
    return key, b"\x00" + chance.randbytes(4) + index + value, headers


def _extreme(chance, key, value, headers, _):
    """One scalar somewhere in the message set to a value at the edge of its type, or to no valid value at all."""
    message = wire.envelope(value)
    target = message
    while True:
        inner = [field for field, _ in target.ListFields()
                 if field.cpp_type == FieldDescriptor.CPPTYPE_MESSAGE and field.label != FieldDescriptor.LABEL_REPEATED]
        if not inner or chance.random() < 0.3:
            break
        target = getattr(target, chance.choice(inner).name)
    fields = [field for field in target.DESCRIPTOR.fields
              if field.cpp_type in EXTREMES and field.label != FieldDescriptor.LABEL_REPEATED]
    if fields:
        field = chance.choice(fields)
        setattr(target, field.name, chance.choice(EXTREMES[field.cpp_type]))
    return key, message.SerializeToString(), headers


def _rekeyed(chance, key, value, headers, _):
    return chance.choice([b"", b"\xff\xfe", b"/", key + b"x", b"other/" + key, chance.randbytes(20)]), value, headers


def _enveloped(chance, key, value, headers, _):
    kind = chance.choice([b"application/cloudevents+json", b"application/cloudevents+protobuf", b"application/json", b"text/plain"])
    more = [("content-type", kind), ("ce_specversion", b"1.0"), ("ce_id", chance.choice([b"", b"other"]))]
    return key, chance.choice([value, b"{}", b'{"specversion":"1.0","data_base64":"!!"}', chance.randbytes(50)]), headers + more


def _repeated(chance, key, value, headers, made):
    return chance.choice(made) if made else (key, value, headers)


def _valid(_chance, key, value, headers, _):
    return key, value, headers


def _huge(chance, key, value, headers, _):
    return key, value + b"\x00" * (1 << 20) + chance.randbytes(1), headers


MUTATIONS = [_flipped, _cut, _grown, _random, _framed, _extreme, _rekeyed, _enveloped, _repeated, _valid, _huge]
WEIGHTS = [20, 10, 8, 8, 6, 25, 6, 5, 6, 5.8, 0.2]
