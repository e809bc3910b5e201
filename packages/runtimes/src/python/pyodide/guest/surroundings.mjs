// What Pyodide expects of a browser and workerd does not have; has to be there before Pyodide's own code is read.
globalThis.setImmediate ??= (callback) => setTimeout(callback, 0);
globalThis.addEventListener = () => {};
globalThis.location ??= { href: 'http://pyodide.invalid/', toString: () => 'http://pyodide.invalid/' };
