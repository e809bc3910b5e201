"""Packs: what a bundle holds, which files are agents, what is kept of all that. Everything lives in memory."""

import base64
import binascii
import hashlib
import threading
import time
import uuid
from dataclasses import dataclass

from calls import Refused, read_agents

MOST_FILE = 2 * 1024 * 1024
INSPECT_S = 10


@dataclass(frozen=True)
class Pack:
    """One version of a pack; an update is another object, with the memories and the lock of the one before."""

    guid: str
    manifest: dict
    file_count: int
    agents: dict
    quarantined: list
    shadowed: list
    memories: dict
    lock: object


class Packs:
    """Every pack, by its guid. An update is one assignment: calls see the version before it or the one after it."""

    def __init__(self):
        self.all = {}
        self.lock = threading.Lock()

    def get(self, guid):
        pack = self.all.get(to_guid(guid) or "")
        if pack is None:
            raise Refused(404, "unknown pack")
        return pack

    def deploy(self, bundle):
        """The new version, and the files that were skipped. Raises Refused, and then nothing has changed."""
        if bundle.get("schema") not in ("pack/1.0", "rapp-swarm/1.0"):
            raise Refused(400, 'The bundle has another schema than "pack/1.0"')
        if not isinstance(bundle.get("agents"), list):
            raise Refused(400, 'The bundle has no list "agents"')
        files, skipped = read_files(bundle["agents"])
        agents, quarantined, shadowed = open_files(files)
        guid = to_guid(bundle.get("pack_guid", bundle.get("swarm_guid"))) or str(uuid.uuid4())
        manifest = {key: value for key, value in bundle.items() if key != "agents"}
        manifest.setdefault("created_at", time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()))
        with self.lock:
            before = self.all.get(guid)
            memories, lock = (before.memories, before.lock) if before else ({}, threading.Lock())
            pack = Pack(guid, manifest, len(files), agents, quarantined, shadowed, memories, lock)
            self.all = {**self.all, guid: pack}
        return pack, skipped

    def remove(self, guid):
        with self.lock:
            pack = self.get(guid)
            self.all = {key: value for key, value in self.all.items() if key != pack.guid}
        return pack.guid


def to_guid(value):
    """A UUID in its one spelling, or None."""
    text = value.strip().lower() if isinstance(value, str) else ""
    try:
        return text if str(uuid.UUID(text)) == text else None
    except ValueError:
        return None


def read_files(entries):
    """Files by name, and what was skipped. Raises Refused on a wrong digest, on what is no base64, on a large file."""
    files, skipped = {}, []
    for entry in entries:
        if not isinstance(entry, dict):
            raise Refused(400, 'Each of "agents" is an object')
        asked = entry.get("filename")
        filename = asked.replace("\\", "/").rsplit("/", 1)[-1] if isinstance(asked, str) else ""
        source = bytes_of(entry)
        reason = reason_to_skip(filename, source, files)
        if reason is not None:
            skipped.append({"filename": asked, "reason": reason})
            continue
        if len(source) > MOST_FILE:
            raise Refused(413, f'The file "{filename}" has more than {MOST_FILE} bytes')
        digest = entry.get("sha256")
        if digest is not None and hashlib.sha256(source).hexdigest() != str(digest).lower():
            raise Refused(400, f'The file "{filename}" has another digest than the bundle says')
        files[filename] = source.decode("utf-8", "replace")
    return files, skipped


def bytes_of(entry):
    if isinstance(entry.get("source"), str):
        return entry["source"].encode("utf-8", "surrogatepass")
    if isinstance(entry.get("source_base64"), str):
        try:
            return base64.b64decode("".join(entry["source_base64"].split()), validate=True)
        except binascii.Error:
            raise Refused(400, "source_base64 is no base64") from None
    return b""


def reason_to_skip(filename, source, files):
    if filename == "" or filename.startswith(".") or not filename.isprintable() or len(filename) > 200:
        return "The name is blank or unsafe"
    if not filename.endswith(".py"):
        return "This endpoint runs Python alone"
    if source.strip() == b"":
        return "There is nothing in it"
    if filename in files:
        return "An earlier file of the bundle has the same name"
    return None


def open_files(files):
    """Agents by name, broken files with their errors, and agents that another one hides."""
    agents, quarantined, shadowed = {}, [], []
    for filename in sorted(files):
        if filename.startswith("_") or filename == "basic_agent.py":
            continue
        try:
            for agent in read_agents(filename, files[filename], INSPECT_S):
                if agent.name in agents:
                    shadowed.append({"name": agent.name, "filename": agents[agent.name].filename, "by": filename})
                agents[agent.name] = agent
        except ValueError as error:
            quarantined.append({"filename": filename, "error": str(error)})
    return agents, quarantined, shadowed
