# Notes that outlive a conversation: saved in the user's memory, found again by words or tags, and forgotten on request.
import hashlib
import json
from pathlib import Path

try:
    from agents.basic_agent import BasicAgent
    from utils.azure_file_storage import AzureFileStorageManager
except ImportError:  # Alone, without a host: the notes are one JSON file in the current folder.
    class BasicAgent:
        def __init__(self, name, metadata):
            self.name, self.metadata = name, metadata

    class AzureFileStorageManager:
        path = Path("remember.json")

        def read_json(self):
            return json.loads(self.path.read_text("utf-8")) if self.path.exists() else {}

        def write_json(self, data):
            self.path.write_text(json.dumps(data, indent=2), "utf-8")


class RememberAgent(BasicAgent):
    def __init__(self):
        self.name = "remember"
        self.metadata = {
            "name": "remember",
            "description": "Keeps notes for this user between conversations. Save what the user asks you to remember or will want "
            "to have known later; search before you answer from memory; forget by id. Saving the same text again keeps one note.",
            "parameters": {
                "type": "object",
                "properties": {
                    "action": {"type": "string", "enum": ["save", "list", "search", "forget"], "description": "What to do"},
                    "text": {"type": "string", "minLength": 1, "maxLength": 4000, "description": "save: the note, one fact in a whole sentence"},
                    "tags": {
                        "type": "array", "items": {"type": "string", "minLength": 1, "maxLength": 40}, "maxItems": 10, "uniqueItems": True,
                        "description": "save: labels of the note; list, search: only notes with all of these",
                    },
                    "query": {"type": "string", "minLength": 1, "description": "search: words that a note must contain, in any order or case"},
                    "id": {"type": "string", "pattern": "^[0-9a-f]{8}$", "description": "forget: the id that save, list or search gave"},
                    "limit": {"type": "integer", "minimum": 1, "maximum": 200, "default": 20, "description": "list, search: at most so many, newest first"},
                },
                "required": ["action"],
                "additionalProperties": False,
            },
            "returns": {
                "type": "object",
                "properties": {
                    "status": {"type": "string", "enum": ["saved", "found", "forgotten", "unknown"], "description": "unknown: no note has this id"},
                    "count": {"type": "integer", "minimum": 0, "description": "list, search: how many match, shown or not"},
                    "notes": {"type": "array", "items": {
                        "type": "object", "properties": {"id": {"type": "string"}, "text": {"type": "string"}, "tags": {"type": "array"}},
                    }},
                },
                "required": ["status", "notes"],
                "additionalProperties": False,
            },
            "examples": [
                {"args": {"action": "save", "text": "The spare key hangs behind the blue door", "tags": ["home"]},
                 "returns": {"status": "saved", "notes": [{"id": "6c0e1104", "text": "The spare key hangs behind the blue door", "tags": ["home"]}]}},
                {"args": {"action": "search", "query": "KEY spare", "tags": ["home"]}},
                {"args": {"action": "forget", "id": "6c0e1104"}},
                {"args": {"action": "forget", "id": "00000000"}, "returns": {"status": "unknown", "notes": []}},
            ],
        }
        super().__init__(self.name, self.metadata)

    def perform(self, action="", text="", tags=(), query="", id="", limit=20, **_):
        storage = AzureFileStorageManager()
        memory = storage.read_json() or {}
        notes = memory.get("remember", [])
        text, tags, words = text.strip(), sorted({tag.strip().lower() for tag in tags}), query.casefold().split()
        if action == "save" and text:
            note = {"id": hashlib.sha256(text.encode()).hexdigest()[:8], "text": text, "tags": tags}
            memory["remember"] = [other for other in notes if other["id"] != note["id"]] + [note]
            storage.write_json(memory)
            return {"status": "saved", "notes": [note]}
        if action == "forget" and id:
            gone = [note for note in notes if note["id"] == id]
            if gone:
                memory["remember"] = [note for note in notes if note["id"] != id]
                storage.write_json(memory)
            return {"status": "forgotten" if gone else "unknown", "notes": gone}
        if action == "list" or (action == "search" and words):
            found = [note for note in reversed(notes) if set(tags) <= set(note["tags"]) and _has(note, words)]
            return {"status": "found", "count": len(found), "notes": found[:limit]}
        raise ValueError('Use an "action" of save (with "text"), list, search (with "query") or forget (with "id")')


def _has(note, words):
    content = " ".join([note["text"], *note["tags"]]).casefold()
    return all(word in content for word in words)


if __name__ == "__main__":  # Alone: python3 remember_agent.py '{"action": "list"}', or --agent
    import sys
    arg, agent = sys.argv[1] if len(sys.argv) > 1 else "{}", RememberAgent()
    print(json.dumps(agent.metadata if arg == "--agent" else agent.perform(**json.loads(arg)), indent=2))
