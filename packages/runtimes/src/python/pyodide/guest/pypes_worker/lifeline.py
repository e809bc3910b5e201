# Pyodide has no process of its own to end: whoever started workerd ends it.


def attach():
    pass
