# The worker: what runs agents in a process of their own, on behalf of the Pypes host.
