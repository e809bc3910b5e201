# BasicAgent: the base class that real agent files derive from.


class BasicAgent:
    """Takes (name, metadata) by position, by keyword, or finds them where a subclass has set them before."""

    def __init__(self, name=None, metadata=None):
        if name is None:
            name = getattr(self, "name", None)
        if metadata is None:
            metadata = getattr(self, "metadata", None)
        if name is None:
            name = metadata.get("name") if isinstance(metadata, dict) else None
        self.name = type(self).__name__ if name is None else name
        self.metadata = {"name": self.name, "description": ""} if metadata is None else metadata

    def perform(self, **kwargs):
        raise NotImplementedError(f"{type(self).__name__} has no perform(self, **kwargs)")

    def execute(self, **kwargs):
        return self.perform(**kwargs)

    def system_context(self):
        """What an agent may add to a model's instructions: nothing by default."""
        return None

    def get_signal(self, key, default=None):
        return default

    def slush_out(self, **signals):
        return signals

    def to_tool(self):
        return {"type": "function", "function": self.metadata}
