"""The wire contract's classes for Python, compiled from proto/ when they are first needed."""

import functools
import importlib
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
OUT = ROOT / "build/system/python"


@functools.cache
def _module(name: str):
    sources = sorted((ROOT / "proto/cellvigil/v1").glob("*.proto"))
    newest = max(source.stat().st_mtime for source in sources)
    made = OUT / "cellvigil/v1" / f"{name}_pb2.py"
    if not made.exists() or made.stat().st_mtime < newest:
        OUT.mkdir(parents=True, exist_ok=True)
        subprocess.run(["protoc", f"--proto_path={ROOT}/proto", f"--python_out={OUT}", *map(str, sources)], check=True)
    if str(OUT) not in sys.path:
        sys.path.insert(0, str(OUT))
    return importlib.import_module(f"cellvigil.v1.{name}_pb2")


def envelope(data: bytes = b""):
    message = _module("envelope").EventEnvelope()
    message.ParseFromString(data)
    return message


def alert(data: bytes = b""):
    message = _module("alert").Alert()
    message.ParseFromString(data)
    return message


def alert_state(name: str) -> int:
    return _module("alert").AlertState.Value(f"ALERT_STATE_{name}")
